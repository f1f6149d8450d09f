-- The first shape: organisations, people, credentials, tokens, catalogue, loans, events, outbox.
-- The same tables and columns exist for both databases; a test compares them.

CREATE TABLE organisation (
    id TEXT NOT NULL PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    parent_id TEXT REFERENCES organisation (id),
    nmls TEXT,
    active BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL
);
CREATE INDEX organisation_parent ON organisation (parent_id);

CREATE TABLE staff (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    nmls TEXT,
    los_id TEXT,
    active BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX staff_email ON staff (org_id, email_folded);
CREATE INDEX staff_nmls ON staff (org_id, nmls);

CREATE TABLE credential (
    api_id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    key_hash BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    revoked_at_us BIGINT
);
CREATE INDEX credential_org ON credential (org_id, api_id);

CREATE TABLE access_token (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    api_id TEXT NOT NULL REFERENCES credential (api_id),
    nonce BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    is_current BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    expires_at_us BIGINT NOT NULL
);
-- At most one living token per credential: two processes that ask at once get the same one.
CREATE UNIQUE INDEX access_token_current ON access_token (api_id) WHERE is_current;

CREATE TABLE product (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    program TEXT NOT NULL,
    term_months BIGINT NOT NULL,
    amortization_months BIGINT NOT NULL,
    interest_only_months BIGINT NOT NULL,
    lender_paid_mi BOOLEAN NOT NULL,
    arm_index TEXT,
    arm_index_value_pct_e9 BIGINT,
    arm_margin_pct_e9 BIGINT,
    arm_first_adjustment_months BIGINT,
    arm_first_cap_pct_e9 BIGINT,
    arm_adjustment_months BIGINT,
    arm_periodic_cap_pct_e9 BIGINT,
    arm_lifetime_cap_pct_e9 BIGINT,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX product_code ON product (org_id, code);

CREATE TABLE fee_template (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    mismo_type TEXT NOT NULL,
    mismo_type_other TEXT,
    le_section TEXT NOT NULL,
    basis TEXT NOT NULL,
    amount_cents BIGINT,
    percent_pct_e9 BIGINT,
    interest_days BIGINT,
    finance_charge TEXT NOT NULL,
    program TEXT,
    purpose TEXT,
    state TEXT,
    min_loan_cents BIGINT,
    max_loan_cents BIGINT,
    effective_from TEXT NOT NULL,
    effective_to TEXT,
    created_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);
CREATE INDEX fee_template_position ON fee_template (org_id, position);

-- A loan lives under the lender (for a broker's loan, the wholesale lender), so that the lender's
-- pipeline is one range of one index. org_id is who originated it.
CREATE TABLE loan (
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    public_id TEXT NOT NULL UNIQUE,
    los_loan_id TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    modified_at_us BIGINT NOT NULL,
    status_at_us BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    imported_revision BIGINT NOT NULL,
    active BOOLEAN NOT NULL,
    lifecycle TEXT NOT NULL,
    system_main_status TEXT NOT NULL,
    system_sub_status TEXT NOT NULL,
    lender_main_status TEXT NOT NULL,
    lender_sub_status TEXT NOT NULL,
    borrower_main_status TEXT NOT NULL,
    borrower_sub_status TEXT NOT NULL,
    closing_at_us BIGINT,
    purpose TEXT NOT NULL,
    program TEXT NOT NULL,
    occupancy TEXT,
    property_type TEXT,
    home_price_cents BIGINT,
    loan_amount_cents BIGINT NOT NULL,
    monthly_income_cents BIGINT NOT NULL,
    liabilities_cents BIGINT NOT NULL,
    street TEXT,
    unit TEXT,
    city TEXT,
    state TEXT,
    postal_code TEXT,
    officer_id TEXT,
    officer_first_name TEXT,
    officer_last_name TEXT,
    officer_email TEXT,
    officer_email_folded TEXT,
    PRIMARY KEY (lender_org_id, id)
);
CREATE UNIQUE INDEX loan_los ON loan (org_id, los_loan_id);
-- modified_at_us at the end: a walk in order of arrival can pass over unchanged loans without
-- reading them.
CREATE INDEX loan_by_date ON loan (lender_org_id, active, created_at_us, id, modified_at_us);
CREATE INDEX loan_by_state ON loan (lender_org_id, active, state, created_at_us, id, modified_at_us);
CREATE INDEX loan_by_officer ON loan
    (lender_org_id, active, officer_id, created_at_us, id, modified_at_us);
CREATE INDEX loan_by_officer_email ON loan (lender_org_id, officer_email_folded);
CREATE INDEX loan_by_change ON loan
    (lender_org_id, active, modified_at_us, created_at_us, id);
CREATE INDEX loan_by_end ON loan (lender_org_id, lifecycle, status_at_us) WHERE NOT active;
CREATE INDEX loan_originated_by_date ON loan (org_id, active, created_at_us, id);

-- The application in full, sealed: personal data at rest is readable only with the key ring.
CREATE TABLE loan_application (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    application_sealed BYTEA NOT NULL,
    PRIMARY KEY (lender_org_id, loan_id),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
);

-- Every document a loan was made or replaced from, sealed, with what was found in it.
CREATE TABLE loan_source (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    received_at_us BIGINT NOT NULL,
    document_hash BYTEA NOT NULL,
    document_sealed BYTEA NOT NULL,
    findings TEXT NOT NULL,
    invite_borrowers BOOLEAN NOT NULL,
    PRIMARY KEY (lender_org_id, loan_id, revision),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
);

CREATE TABLE borrower (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    first_name TEXT NOT NULL,
    middle_name TEXT,
    last_name TEXT NOT NULL,
    suffix TEXT,
    email TEXT,
    email_folded TEXT,
    phone TEXT,
    sso_id TEXT,
    is_primary BOOLEAN NOT NULL,
    tax_id_sealed BYTEA,
    birth_date_sealed BYTEA,
    PRIMARY KEY (lender_org_id, loan_id, position),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
);
CREATE INDEX borrower_email ON borrower (lender_org_id, email_folded);

-- Append-only, hash-chained per organisation.
CREATE TABLE event (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    seq BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (org_id, seq)
);
CREATE INDEX event_subject ON event (org_id, subject, kind);

CREATE TABLE event_head (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL
);

-- Events other systems must hear of, until they have been told.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    event_seq BIGINT NOT NULL,
    topic TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_until_us BIGINT,
    done_at_us BIGINT
);
CREATE INDEX outbox_open ON outbox (created_at_us) WHERE done_at_us IS NULL;
