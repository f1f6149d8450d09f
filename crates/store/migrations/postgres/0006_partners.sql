-- The Portuguese market: networks of intermediaries and their sessions, the bank's offer and index
-- values, simulations, processes, proposals, messages, callbacks, and answers that are given again.

-- A network of credit intermediaries: one pair of credentials.
CREATE TABLE network (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    secret_hash BYTEA NOT NULL,
    secret_key TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);

-- nif is sealed; nif_hash finds it. number is the integer partners may sign in with. The ids are those
-- of the taxonomies. registration (Banco de Portugal), address and phone are empty where not known.
CREATE TABLE intermediary (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL UNIQUE,
    network_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    nif BYTEA NOT NULL,
    nif_hash BYTEA NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    registration TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    type_id BIGINT NOT NULL,
    sub_type_id BIGINT,
    classification_id BIGINT,
    status_id BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    api_access BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX intermediary_number ON intermediary (org_id, number);
CREATE UNIQUE INDEX intermediary_nif ON intermediary (org_id, network_id, nif_hash);

CREATE TABLE intermediary_user (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    username TEXT NOT NULL,
    username_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    api_access BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX intermediary_user_name ON intermediary_user (org_id, intermediary_id, username_folded);

-- A session ends when it was not used for a while, at ends_at_us whatever happens, and when its
-- network has another secret than the one it began with: secret_hash is that of the network then.
CREATE TABLE partner_session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    network_id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    secret_hash BYTEA NOT NULL,
    created_at_us BIGINT NOT NULL,
    used_at_us BIGINT NOT NULL,
    ends_at_us BIGINT NOT NULL
);
CREATE INDEX partner_session_user ON partner_session (org_id, user_id, used_at_us);
CREATE INDEX partner_session_used ON partner_session (used_at_us);

-- A version of what the bank offers: products, schemes, spreads, charges, tariffs, branches.
CREATE TABLE bank_offer (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    effective_from TEXT NOT NULL,
    digest BYTEA NOT NULL,
    document TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX bank_offer_from ON bank_offer (org_id, effective_from, created_at_us);

-- Month averages of an index, as the bank prices with them. month is its first day.
CREATE TABLE index_average (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    tenor TEXT NOT NULL,
    month TEXT NOT NULL,
    average_pct_e9 BIGINT NOT NULL,
    source TEXT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, tenor, month)
);

-- The official list of parishes, once it was loaded. Those that are gone stay readable.
CREATE TABLE parish (
    code TEXT NOT NULL PRIMARY KEY,
    county_code TEXT NOT NULL,
    name TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    updated_at_us BIGINT NOT NULL
);
CREATE INDEX parish_county ON parish (county_code, code);

-- The last number given out of a series.
CREATE TABLE number_series (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    name TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (org_id, name)
);

-- input is what was asked, sealed; answer what was worked out, without anything personal. id orders by
-- time.
CREATE TABLE simulation (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_at_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    expires_at_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    branch_id BIGINT,
    branch_folded TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    amount_cents BIGINT NOT NULL,
    term_months BIGINT NOT NULL,
    input BYTEA NOT NULL,
    answer TEXT NOT NULL,
    fine_at_us BIGINT,
    process_id TEXT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX simulation_of ON simulation (org_id, intermediary_id, id);
CREATE INDEX simulation_status_at ON simulation (org_id, intermediary_id, status, status_at_us);
CREATE UNIQUE INDEX simulation_number ON simulation (org_id, number);
CREATE INDEX simulation_expiry ON simulation (expires_at_us, org_id, id) WHERE status = 'simulated';

CREATE TABLE simulation_borrower (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    simulation_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name_folded TEXT NOT NULL,
    nif_hash BYTEA,
    PRIMARY KEY (org_id, simulation_id, position)
);
CREATE INDEX simulation_borrower_nif ON simulation_borrower (org_id, nif_hash);

-- terms and answer as in a simulation, of which it is a copy to begin with; valid_until_us is the end of the
-- days the answer stands for.
CREATE TABLE process (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    simulation_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_at_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    last_action_at_us BIGINT NOT NULL,
    valid_until_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    branch_id BIGINT,
    branch_folded TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    terms TEXT NOT NULL,
    answer TEXT NOT NULL,
    fine_at_us BIGINT,
    submitted_at_us BIGINT,
    analyst_id TEXT,
    cancel_reason_id BIGINT,
    decline_reason TEXT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX process_of ON process (org_id, intermediary_id, id);
CREATE INDEX process_queue ON process (org_id, status, submitted_at_us, id);
CREATE UNIQUE INDEX process_number ON process (org_id, number);
CREATE UNIQUE INDEX process_simulation ON process (org_id, simulation_id);

-- facts are sealed. name_folded is not, here and above: lists are searched by a part of a name (ADR 17).
CREATE TABLE process_borrower (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    is_key BOOLEAN NOT NULL,
    name_folded TEXT NOT NULL,
    nif_hash BYTEA,
    facts BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX process_borrower_of ON process_borrower (org_id, process_id, position);
CREATE INDEX process_borrower_nif ON process_borrower (org_id, nif_hash);

CREATE TABLE process_property (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    facts BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX process_property_of ON process_property (org_id, process_id);

-- The bytes lie in the blob store under handle, encrypted with the key sealed beside it. about is sealed:
-- title, file name, observations.
CREATE TABLE process_document (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    borrower_id TEXT,
    request_id TEXT,
    type_id BIGINT NOT NULL,
    about BYTEA NOT NULL,
    content_type TEXT NOT NULL,
    byte_len BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    handle TEXT NOT NULL,
    content_key BYTEA NOT NULL,
    revision BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    removed_at_us BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX process_document_of ON process_document (org_id, process_id, id);

-- What the bank asked for: a paper of a type, or something else in words.
CREATE TABLE information_request (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    borrower_id TEXT,
    document_type_id BIGINT,
    content BYTEA NOT NULL,
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at_us BIGINT NOT NULL,
    closed_at_us BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX information_request_of ON information_request (org_id, process_id, id);

-- Every change of a status of simulations, processes and proposals, counted for each of them.
CREATE TABLE status_change (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    subject_id TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    status_from TEXT,
    status_to TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    reason TEXT,
    at_us BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (org_id, subject_id, position)
);

-- Messages between an intermediary and the bank about a simulation or process; content is sealed.
CREATE TABLE partner_message (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    from_bank BOOLEAN NOT NULL,
    author_id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    content BYTEA NOT NULL,
    created_at_us BIGINT NOT NULL,
    read_at_us BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX partner_message_of ON partner_message (org_id, subject_id, id);

-- A decision of a process: prepared by one person and, where two are needed, confirmed by another.
CREATE TABLE process_decision (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    outcome TEXT NOT NULL,
    state TEXT NOT NULL,
    terms TEXT NOT NULL,
    prepared_by TEXT NOT NULL,
    prepared_at_us BIGINT NOT NULL,
    closed_by TEXT,
    closed_at_us BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX process_decision_of ON process_decision (org_id, process_id, id);

CREATE TABLE proposal (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    process_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    status TEXT NOT NULL,
    status_at_us BIGINT NOT NULL,
    issued_at_us BIGINT NOT NULL,
    valid_until_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    conditions TEXT NOT NULL,
    terms TEXT NOT NULL,
    answer TEXT NOT NULL,
    cancel_reason_id BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX proposal_of ON proposal (org_id, intermediary_id, id);
CREATE INDEX proposal_process ON proposal (org_id, process_id, id);
CREATE UNIQUE INDEX proposal_number ON proposal (org_id, number);
CREATE INDEX proposal_expiry ON proposal (valid_until_us, org_id, id) WHERE status = 'issued';

-- Papers the bank made for a process or proposal, as they were given out.
CREATE TABLE credit_paper (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    byte_len BIGINT NOT NULL,
    content_hash BYTEA NOT NULL,
    handle TEXT NOT NULL,
    content_key BYTEA NOT NULL,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX credit_paper_of ON credit_paper (org_id, subject_id, kind, id);

-- How a bank decides: whether a second person has to, how long offers stand.
CREATE TABLE bank_settings (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    settings TEXT NOT NULL,
    updated_at_us BIGINT NOT NULL
);

-- Where an intermediary is told of a kind of event. url and secret are sealed; failing_since_us is the first
-- of the failures that were not followed by a success; off_reason says why it is not active; updated_at_us
-- tells one change from the next.
CREATE TABLE callback (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    intermediary_id TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    url BYTEA NOT NULL,
    secret BYTEA NOT NULL,
    active BOOLEAN NOT NULL,
    off_reason TEXT,
    failing_since_us BIGINT,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, intermediary_id, type)
);

-- The last position given out among the events of a subject: its row is held by whoever adds or closes one.
CREATE TABLE callback_queue (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    subject_id TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (org_id, subject_id)
);

-- An event for a partner. id is its webhook-id. Those of one subject are delivered in the order of
-- position; only the first that waits has a job. payload is sealed, and so is body, which is made of it
-- before the first attempt and sent again as it is. attempts counts all, tries those of this round.
CREATE TABLE callback_event (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    intermediary_id TEXT NOT NULL,
    type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    body BYTEA,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    next_at_us BIGINT,
    closed_at_us BIGINT,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX callback_event_order ON callback_event (org_id, subject_id, position);
CREATE INDEX callback_event_waiting ON callback_event (org_id, subject_id, position) WHERE state = 'waiting';
CREATE INDEX callback_event_of ON callback_event (org_id, intermediary_id, type, id);
CREATE INDEX callback_event_pending ON callback_event (org_id, intermediary_id, type) WHERE state IN ('waiting', 'replaying');
CREATE INDEX callback_event_open ON callback_event (state, created_at_us) WHERE state IN ('waiting', 'replaying', 'dead');
CREATE INDEX callback_event_closed ON callback_event (closed_at_us) WHERE closed_at_us IS NOT NULL;

CREATE TABLE callback_attempt (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    event_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    status BIGINT,
    millis BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (org_id, event_id, number)
);

-- Answers to requests with an idempotency key. While status is NULL the request is being answered.
CREATE TABLE idempotency (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    principal_id TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    request_hash BYTEA NOT NULL,
    status BIGINT,
    answer BYTEA,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, principal_id, key_hash)
);
CREATE INDEX idempotency_at ON idempotency (created_at_us);
