-- Organisations in full, people, roles, licences, branches, vendors' grants; sessions, one-time links,
-- mail, pictures, borrowers' accounts, signing links.

-- What the lender a broker belongs to calls it.
ALTER TABLE organisation ADD COLUMN partner_uid TEXT;
CREATE UNIQUE INDEX organisation_partner_uid ON organisation (parent_id, partner_uid);

CREATE TABLE organisation_profile (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    legal_name TEXT,
    street TEXT,
    unit TEXT,
    city TEXT,
    state TEXT,
    postal_code TEXT,
    county TEXT,
    country TEXT,
    website TEXT,
    phone TEXT,
    phone_extension TEXT,
    email TEXT,
    originator_type TEXT,
    legal_form TEXT,
    about TEXT,
    about_short TEXT,
    tax_id_sealed BYTEA,
    officer_compensation_pct_e9 BIGINT,
    pricing_tier TEXT,
    offers_conventional BOOLEAN,
    offers_fha BOOLEAN,
    offers_va BOOLEAN,
    logo TEXT,
    favicon TEXT,
    brand_color TEXT,
    accent_color TEXT,
    updated_at_us BIGINT NOT NULL
);

CREATE TABLE organisation_license (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (org_id, state)
);

-- A broker's set-up: who started it, the step it has come to, whether it is done; and keyed hashes of
-- what its lender sent last: sent again, it does not undo what was changed here meanwhile.
CREATE TABLE organisation_setup (
    org_id TEXT NOT NULL PRIMARY KEY REFERENCES organisation (id),
    started_by TEXT NOT NULL,
    started_at_us BIGINT NOT NULL,
    step TEXT NOT NULL,
    completed_at_us BIGINT,
    company_sent_hash BYTEA,
    people_sent_hash BYTEA
);

-- People. lender_org_id is the lender of the family: mail addresses and partners' ids of people are
-- unique among a lender and its brokers.
ALTER TABLE staff ADD COLUMN lender_org_id TEXT NOT NULL DEFAULT '';
UPDATE staff SET lender_org_id = COALESCE(
    (SELECT parent_id FROM organisation WHERE organisation.id = staff.org_id), org_id);
ALTER TABLE staff ADD COLUMN partner_uid TEXT;
-- Since when: of several families that use an id, the first has the links that name it alone.
ALTER TABLE staff ADD COLUMN preferred_name TEXT;
ALTER TABLE staff ADD COLUMN middle_name TEXT;
ALTER TABLE staff ADD COLUMN phone TEXT;
ALTER TABLE staff ADD COLUMN phone_extension TEXT;
ALTER TABLE staff ADD COLUMN timezone TEXT;
ALTER TABLE staff ADD COLUMN headshot TEXT;
ALTER TABLE staff ADD COLUMN wants_mail BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE staff ADD COLUMN is_assignable BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE staff ADD COLUMN assigned_at_us BIGINT;
ALTER TABLE staff ADD COLUMN password_phc TEXT;
ALTER TABLE staff ADD COLUMN password_at_us BIGINT;
ALTER TABLE staff ADD COLUMN totp_sealed BYTEA;
ALTER TABLE staff ADD COLUMN totp_step BIGINT;
ALTER TABLE staff ADD COLUMN updated_at_us BIGINT NOT NULL DEFAULT 0;
-- Names and address in small letters: databases do not agree which letters are the same.
ALTER TABLE staff ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
UPDATE staff SET search_text =
    LOWER(first_name || ' ' || last_name || '  ' || last_name || ' ' || email);
DROP INDEX staff_email;
CREATE UNIQUE INDEX staff_family_email ON staff (lender_org_id, email_folded);
CREATE UNIQUE INDEX staff_partner_uid ON staff (lender_org_id, partner_uid);
CREATE INDEX staff_email ON staff (org_id, email_folded);
-- A sign-up link names an officer and no organisation.
CREATE INDEX staff_uid ON staff (partner_uid);
-- Signing in starts with an address and no organisation.
CREATE INDEX staff_sign_in ON staff (email_folded);

CREATE TABLE staff_role (
    org_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (org_id, staff_id, role),
    FOREIGN KEY (org_id, staff_id) REFERENCES staff (org_id, id)
);
CREATE INDEX staff_role_of ON staff_role (org_id, role, staff_id);
-- Until now only loan officers were known.
INSERT INTO staff_role (org_id, staff_id, role) SELECT org_id, id, 'loan_officer' FROM staff;

CREATE TABLE staff_license (
    org_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    state TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (org_id, staff_id, state),
    FOREIGN KEY (org_id, staff_id) REFERENCES staff (org_id, id)
);

CREATE TABLE branch (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    street TEXT,
    unit TEXT,
    city TEXT,
    state TEXT,
    postal_code TEXT,
    phone TEXT,
    nmls TEXT,
    active BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE staff_branch (
    org_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    branch_id TEXT NOT NULL,
    is_primary BOOLEAN NOT NULL,
    is_assignable BOOLEAN NOT NULL,
    PRIMARY KEY (org_id, staff_id, branch_id),
    FOREIGN KEY (org_id, staff_id) REFERENCES staff (org_id, id),
    FOREIGN KEY (org_id, branch_id) REFERENCES branch (org_id, id)
);
CREATE INDEX staff_branch_of ON staff_branch (org_id, branch_id, staff_id);

-- What a lender lets a vendor do. Withdrawn grants stay as history.
CREATE TABLE vendor_grant (
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    vendor_org_id TEXT NOT NULL REFERENCES organisation (id),
    sees_loans BOOLEAN NOT NULL,
    sees_brokers BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    withdrawn_at_us BIGINT,
    PRIMARY KEY (lender_org_id, vendor_org_id)
);
CREATE INDEX vendor_grant_of ON vendor_grant (vendor_org_id, lender_org_id);

-- A vendor's token is for one lender; everybody else's for themselves, which is the empty text.
ALTER TABLE access_token ADD COLUMN for_org_id TEXT NOT NULL DEFAULT '';
DROP INDEX access_token_current;
CREATE UNIQUE INDEX access_token_current ON access_token (api_id, for_org_id) WHERE is_current;
CREATE INDEX access_token_org ON access_token (org_id);

-- Signed-in browsers. subject says which kind of person: staff, setup (staff within the set-up), borrower.
CREATE TABLE web_session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL,
    way TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    seen_at_us BIGINT NOT NULL,
    expires_at_us BIGINT NOT NULL,
    address TEXT NOT NULL,
    browser TEXT NOT NULL
);
CREATE INDEX web_session_of ON web_session (org_id, subject, person_id);
CREATE INDEX web_session_expiry ON web_session (expires_at_us);

-- Links that work once: sign-on, set-up, password, welcome.
CREATE TABLE one_time_link (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    person_id TEXT NOT NULL,
    created_at_us BIGINT NOT NULL,
    expires_at_us BIGINT NOT NULL,
    used_at_us BIGINT
);
CREATE INDEX one_time_link_of ON one_time_link (org_id, person_id, purpose);
CREATE INDEX one_time_link_expiry ON one_time_link (expires_at_us);

-- Failed attempts by a keyed hash of what was tried: an account, an address.
CREATE TABLE sign_in_failure (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    first_at_us BIGINT NOT NULL,
    last_at_us BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_at_us);

-- Mail that is to go out, sealed whole: it holds names and links.
CREATE TABLE mail (
    id TEXT NOT NULL PRIMARY KEY,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    kind TEXT NOT NULL,
    message_sealed BYTEA NOT NULL,
    created_at_us BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    locked_until_us BIGINT,
    sent_at_us BIGINT,
    failed_at_us BIGINT
);
CREATE INDEX mail_open ON mail (created_at_us, id) WHERE sent_at_us IS NULL;
CREATE INDEX mail_of ON mail (org_id, created_at_us, id);

-- Pictures by the hash of their bytes; the bytes are in the blob store.
CREATE TABLE image (
    hash TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    created_at_us BIGINT NOT NULL
);

CREATE TABLE borrower_account (
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    public_id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    password_phc TEXT,
    password_at_us BIGINT,
    active BOOLEAN NOT NULL,
    created_at_us BIGINT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (lender_org_id, id)
);
CREATE UNIQUE INDEX borrower_account_email ON borrower_account (lender_org_id, email_folded);
CREATE INDEX borrower_account_sign_in ON borrower_account (email_folded);

-- Whether somebody wants mail that is not about their own request.
CREATE TABLE mail_choice (
    lender_org_id TEXT NOT NULL REFERENCES organisation (id),
    email_folded TEXT NOT NULL,
    wants_mail BOOLEAN NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (lender_org_id, email_folded)
);

-- What a lead said on the sign-up page beside the borrower and the loan, and its account.
ALTER TABLE lead ADD COLUMN signup_sealed BYTEA;
ALTER TABLE lead ADD COLUMN account_id TEXT;
ALTER TABLE lead ADD COLUMN signed_up_at_us BIGINT;
-- Names one sending of the page's form: sent twice, it is one lead.
ALTER TABLE lead ADD COLUMN submission TEXT;
CREATE UNIQUE INDEX lead_submission ON lead (org_id, submission);
-- Whether staff see it in their list before it signs up.
ALTER TABLE lead ADD COLUMN is_listed BOOLEAN NOT NULL DEFAULT TRUE;
CREATE INDEX lead_of_account ON lead (org_id, account_id);
CREATE INDEX lead_by_date ON lead (org_id, created_at_us, id);

-- Links under which people sign a loan's papers at the document vendor.
CREATE TABLE signing_link (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    signer TEXT NOT NULL,
    vendor TEXT NOT NULL,
    url_sealed BYTEA NOT NULL,
    expires_at_us BIGINT,
    status TEXT NOT NULL,
    updated_at_us BIGINT NOT NULL,
    PRIMARY KEY (lender_org_id, loan_id, signer),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
);
