-- Communications: jobs, messages and their deliveries, who must not be written to, tasks, alerts, events
-- of customer systems, rate watches.

-- Work done after the commit that asked for it. Payloads hold ids and figures, nothing personal. A job
-- somebody works on is hidden until run_at_us; attempts tells one holder from the next.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT REFERENCES organisation (id),
    queue TEXT NOT NULL,
    kind TEXT NOT NULL,
    unique_key TEXT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at_us INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    worker TEXT,
    created_at_us INTEGER NOT NULL,
    finished_at_us INTEGER,
    error TEXT
) STRICT;
CREATE INDEX job_due ON job (queue, run_at_us, id) WHERE state = 'open';
-- While one is open, no second of its kind with the same key.
CREATE UNIQUE INDEX job_unique ON job (kind, unique_key) WHERE state = 'open';
CREATE INDEX job_over ON job (state, finished_at_us, id) WHERE state <> 'open';

-- What happens by the clock; whoever moves next_at_us on has fired it.
CREATE TABLE job_schedule (
    name TEXT NOT NULL PRIMARY KEY,
    cron TEXT NOT NULL,
    next_at_us INTEGER NOT NULL,
    last_at_us INTEGER,
    updated_at_us INTEGER NOT NULL
) STRICT;

-- A mail or a text message as it was written, its words sealed. org_id is in whose name it goes out.
-- Archived ones were sent by another system and are kept only.
CREATE TABLE message (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    loan_id TEXT,
    lead_id TEXT,
    content_sealed BLOB NOT NULL,
    crm_id TEXT,
    crm_code TEXT,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    archived_at_us INTEGER,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX message_of ON message (org_id, created_at_us, id);
CREATE INDEX message_loan ON message (lender_org_id, loan_id, created_at_us, id)
    WHERE loan_id IS NOT NULL;

-- One address a message goes to: each is handed over, tried again and given up by itself.
CREATE TABLE delivery (
    org_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    id TEXT NOT NULL UNIQUE,
    part TEXT NOT NULL,
    address TEXT NOT NULL,
    address_folded TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    answer TEXT,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, message_id, position),
    FOREIGN KEY (org_id, message_id) REFERENCES message (org_id, id)
) STRICT;
CREATE INDEX delivery_state ON delivery (org_id, state, created_at_us, message_id);
CREATE INDEX delivery_address ON delivery (org_id, address_folded, created_at_us, message_id);

-- Addresses nothing is sent to any more.
CREATE TABLE suppression (
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    channel TEXT NOT NULL,
    address_folded TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (lender_org_id, channel, address_folded)
) STRICT;

-- What the catcher of a demo or a test took instead of a server, sealed.
CREATE TABLE caught_message (
    id TEXT NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    head_sealed BLOB NOT NULL,
    content_sealed BLOB NOT NULL,
    caught_at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX caught_message_at ON caught_message (caught_at_us, id);

-- How an organisation writes to people.
CREATE TABLE messaging_settings (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    sender_name TEXT,
    sender_email TEXT,
    reply_to TEXT,
    sender_domains TEXT NOT NULL,
    timezone TEXT NOT NULL,
    watch_allowed INTEGER NOT NULL,
    watch_minute INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT;

-- Mail that still waits moves over; its address lies sealed in it, and the postman reads it there.
-- What was sent or given up is history of a version without an outbox and is kept as such.
-- The last five characters of the public ids count, so that no two are alike.
INSERT INTO message (org_id, id, public_id, lender_org_id, channel, kind, loan_id, lead_id,
    content_sealed, crm_id, crm_code, created_at_us, created_by, archived_at_us)
SELECT m.org_id, m.id,
    SUBSTR(a.letters, 1 + ABS(RANDOM() % 36), 1)
    || SUBSTR(a.letters, 1 + ABS(RANDOM() % 36), 1)
    || SUBSTR(a.letters, 1 + ABS(RANDOM() % 36), 1)
    || SUBSTR(a.letters, 1 + m.place / 1679616 % 36, 1)
    || SUBSTR(a.letters, 1 + m.place / 46656 % 36, 1)
    || SUBSTR(a.letters, 1 + m.place / 1296 % 36, 1)
    || SUBSTR(a.letters, 1 + m.place / 36 % 36, 1)
    || SUBSTR(a.letters, 1 + m.place % 36, 1),
    COALESCE(o.parent_id, m.org_id), 'mail', m.kind, NULL, NULL,
    m.message_sealed, NULL, NULL, m.created_at_us, 'system', NULL
FROM (SELECT mail.*, ROW_NUMBER() OVER (ORDER BY id) AS place FROM mail) m
JOIN organisation o ON o.id = m.org_id
CROSS JOIN (SELECT 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789' AS letters) a;
INSERT INTO delivery (org_id, message_id, position, id, part, address, address_folded, state,
    attempts, answer, created_at_us, updated_at_us)
SELECT m.org_id, m.id, 0, m.id, 'to', '', '',
    CASE WHEN m.sent_at_us IS NOT NULL THEN 'sent' WHEN m.failed_at_us IS NOT NULL THEN 'failed'
    ELSE 'waiting' END, m.attempts, NULL, m.created_at_us,
    COALESCE(m.sent_at_us, m.failed_at_us, m.created_at_us)
FROM mail m;
INSERT INTO job (id, org_id, queue, kind, unique_key, payload, state, run_at_us, attempts, worker,
    created_at_us, finished_at_us, error)
SELECT m.id, m.org_id, 'mail', 'mail.send', m.id, '{"delivery":"' || m.id || '"}', 'open',
    COALESCE(m.locked_until_us, m.created_at_us), 0, NULL, m.created_at_us, NULL, NULL
FROM mail m WHERE m.sent_at_us IS NULL AND m.failed_at_us IS NULL;
DROP TABLE mail;

-- What the customer systems of a loan's lender and of its broker call it, each by itself: nobody's word
-- reaches into the other's system. A lead has it already.
CREATE TABLE loan_crm (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    crm_id TEXT NOT NULL,
    named_at_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, lender_org_id, loan_id),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
) STRICT;
CREATE INDEX loan_crm_id ON loan_crm (org_id, crm_id, named_at_us, loan_id);
CREATE INDEX lead_crm ON lead (org_id, crm_lead_id);

-- Events of a customer system that were carried out: the same one again is answered, not done again.
CREATE TABLE crm_event (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    crm_event_id TEXT NOT NULL,
    action_count INTEGER NOT NULL,
    received_at_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, crm_event_id)
) STRICT;

-- Something somebody is to do. assignee_id is a member of staff; without one it is the organisation's.
CREATE TABLE task (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    lender_org_id TEXT NOT NULL,
    loan_id TEXT,
    lead_org_id TEXT,
    lead_id TEXT,
    assignee_org_id TEXT,
    assignee_id TEXT,
    requested_by TEXT,
    crm_task_id TEXT,
    code TEXT,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    done_at_us INTEGER,
    done_by TEXT,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX task_state ON task (org_id, state, created_at_us, id);
CREATE INDEX task_assignee ON task (assignee_id, state, created_at_us, id);
CREATE INDEX task_loan ON task (lender_org_id, loan_id, created_at_us, id) WHERE loan_id IS NOT NULL;

-- Something people on a loan, or one of them, should know. message is the HTML as it came; it is cleaned
-- before anybody sees it.
CREATE TABLE alert (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    lender_org_id TEXT NOT NULL,
    loan_id TEXT,
    lead_org_id TEXT,
    lead_id TEXT,
    staff_id TEXT,
    crm_alert_id TEXT,
    code TEXT,
    message TEXT NOT NULL,
    severity TEXT NOT NULL,
    for_everybody INTEGER NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;
-- Everybody looks at the latest of a family first.
CREATE INDEX alert_of ON alert (lender_org_id, created_at_us, id);
CREATE INDEX alert_loan ON alert (lender_org_id, loan_id, created_at_us, id)
    WHERE loan_id IS NOT NULL;

CREATE TABLE alert_role (
    org_id TEXT NOT NULL,
    alert_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (org_id, alert_id, role),
    FOREIGN KEY (org_id, alert_id) REFERENCES alert (org_id, id)
) STRICT;

-- Who put an alert away.
CREATE TABLE alert_seen (
    staff_id TEXT NOT NULL,
    alert_id TEXT NOT NULL,
    seen_at_us INTEGER NOT NULL,
    PRIMARY KEY (staff_id, alert_id)
) STRICT;

-- Invitations to apply that went out lately: the same call again, after an answer that got lost, sends
-- nothing.
CREATE TABLE application_mail (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    request_hash BLOB NOT NULL,
    sent_at_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, request_hash)
) STRICT;
CREATE INDEX application_mail_at ON application_mail (sent_at_us);

-- Consumers who want to hear of rates. search is what was asked; products names what is watched, with the
-- rates waited for, and known what was told last of each; next_at_us is when it is looked at again, NULL
-- once it ended. prices tells the state of the lender's prices it was looked at with; version counts the
-- changes of the row. Its token is derived from its id with the key token_key.
CREATE TABLE rate_watch (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    token_hash BLOB NOT NULL UNIQUE,
    token_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    frequency TEXT NOT NULL,
    duration TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    phone TEXT,
    search TEXT NOT NULL,
    products TEXT NOT NULL,
    known TEXT NOT NULL,
    timezone TEXT NOT NULL,
    minute_of_day INTEGER NOT NULL,
    anchor_day TEXT NOT NULL,
    state TEXT NOT NULL,
    next_at_us INTEGER,
    expires_at_us INTEGER,
    prices INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL,
    ended_at_us INTEGER,
    PRIMARY KEY (org_id, id)
) STRICT;
CREATE INDEX rate_watch_due ON rate_watch (next_at_us, org_id, id) WHERE next_at_us IS NOT NULL;
CREATE INDEX rate_watch_of ON rate_watch (org_id, state, created_at_us, id);
CREATE INDEX rate_watch_email ON rate_watch (lender_org_id, email_folded, state);
-- Those that wait for a rate, by the prices they were looked at with last.
CREATE INDEX rate_watch_behind ON rate_watch (lender_org_id, prices, id)
    WHERE kind = 'rate_target' AND next_at_us IS NOT NULL;
