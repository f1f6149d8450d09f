-- Pricing: catalogues and rate sheets in versions, searches, leads, rate card jobs.
-- Fee templates and the terms of products move into the catalogue's document; a product row only
-- says which public id a code has. Until now only the demo wrote them, and it loads itself again.

DROP TABLE fee_template;

ALTER TABLE product DROP COLUMN name;
ALTER TABLE product DROP COLUMN program;
ALTER TABLE product DROP COLUMN term_months;
ALTER TABLE product DROP COLUMN amortization_months;
ALTER TABLE product DROP COLUMN interest_only_months;
ALTER TABLE product DROP COLUMN lender_paid_mi;
ALTER TABLE product DROP COLUMN arm_index;
ALTER TABLE product DROP COLUMN arm_index_value_pct_e9;
ALTER TABLE product DROP COLUMN arm_margin_pct_e9;
ALTER TABLE product DROP COLUMN arm_first_adjustment_months;
ALTER TABLE product DROP COLUMN arm_first_cap_pct_e9;
ALTER TABLE product DROP COLUMN arm_adjustment_months;
ALTER TABLE product DROP COLUMN arm_periodic_cap_pct_e9;
ALTER TABLE product DROP COLUMN arm_lifetime_cap_pct_e9;

-- The word an organisation's public links have for it; never changed once it was given out.
CREATE TABLE organisation_slug (
    slug TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL UNIQUE REFERENCES organisation (id)
);

-- Counts the changes of an organisation's prices; every change takes the next number as its version.
CREATE TABLE pricing_head (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    generation BIGINT NOT NULL,
    changed_at_us BIGINT NOT NULL
);

-- Versions are written once and never changed: an old quote is made again from them.
CREATE TABLE catalogue_version (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    version BIGINT NOT NULL,
    effective_at_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (org_id, version)
);
CREATE INDEX catalogue_in_force ON catalogue_version (org_id, effective_at_us, version);

CREATE TABLE catalogue_part (
    org_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    part TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org_id, version, part),
    FOREIGN KEY (org_id, version) REFERENCES catalogue_version (org_id, version)
);

CREATE TABLE rate_sheet (
    org_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    effective_at_us BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL,
    actor TEXT NOT NULL,
    source TEXT NOT NULL,
    index_pct_e9 BIGINT,
    margin_pct_e9 BIGINT,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (org_id, product_id, version),
    FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id)
);
CREATE INDEX rate_sheet_in_force ON rate_sheet (org_id, product_id, effective_at_us, version);
CREATE INDEX rate_sheet_due ON rate_sheet (org_id, effective_at_us, version);

-- What was asked and what it was answered from, so that the answer can be made again.
CREATE TABLE quote_search (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    search_id TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    expires_at_us BIGINT NOT NULL,
    pricing_org_id TEXT NOT NULL REFERENCES organisation (id),
    generation BIGINT NOT NULL,
    priced_at_us BIGINT NOT NULL,
    rules_digest TEXT NOT NULL,
    program_version TEXT NOT NULL,
    inputs TEXT NOT NULL,
    result_digest TEXT NOT NULL,
    PRIMARY KEY (org_id, search_id)
);
CREATE INDEX quote_search_expiry ON quote_search (expires_at_us);

CREATE TABLE lead (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    uid TEXT NOT NULL UNIQUE,
    borrower_sealed BYTEA NOT NULL,
    loan_sealed BYTEA NOT NULL,
    officer_id TEXT,
    crm_lead_id TEXT,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);

-- A link to the sign-up page with the loan it was made for; the lead's own loan may move on.
CREATE TABLE signup_link (
    code TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL,
    lead_id TEXT NOT NULL,
    loan_sealed BYTEA NOT NULL,
    created_at_us BIGINT NOT NULL,
    FOREIGN KEY (org_id, lead_id) REFERENCES lead (org_id, id)
);

CREATE TABLE ratecard_job (
    id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    spec TEXT NOT NULL,
    generation BIGINT NOT NULL,
    priced_at_us BIGINT NOT NULL,
    state TEXT NOT NULL,
    shards BIGINT NOT NULL,
    attempts_max BIGINT NOT NULL,
    actor TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    finished_at_us BIGINT
);
CREATE INDEX ratecard_job_of ON ratecard_job (org_id, created_at_us, id);

-- A shard is worked on by whoever holds its lease; attempts tells one holder from the next.
CREATE TABLE ratecard_shard (
    job_id TEXT NOT NULL REFERENCES ratecard_job (id),
    shard BIGINT NOT NULL,
    state TEXT NOT NULL,
    worker TEXT,
    lease_until_us BIGINT NOT NULL,
    heartbeat_at_us BIGINT,
    attempts BIGINT NOT NULL,
    output TEXT,
    row_count BIGINT,
    digest TEXT,
    error TEXT,
    PRIMARY KEY (job_id, shard)
);
CREATE INDEX ratecard_shard_open ON ratecard_shard (job_id, state, lease_until_us, shard);

-- The rule books searches were priced with, by the digest of all their tables: what makes an old
-- search's figures again after a table was replaced.
CREATE TABLE rule_book_text (
    digest TEXT NOT NULL,
    file TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (digest, file)
);
