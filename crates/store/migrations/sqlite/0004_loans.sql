-- Loans in full: how lenders word statuses, conditions, documents, systems loans are fetched from.

-- What a lender and its borrowers read instead of the system's own words of a status.
CREATE TABLE loan_status_wording (
    org_id TEXT NOT NULL REFERENCES organisation (id),
    stage TEXT NOT NULL,
    step TEXT NOT NULL,
    lender_main TEXT NOT NULL,
    lender_sub TEXT NOT NULL,
    borrower_main TEXT NOT NULL,
    borrower_sub TEXT NOT NULL,
    updated_at_us INTEGER NOT NULL,
    PRIMARY KEY (org_id, stage, step)
) STRICT;

-- The status an archived loan goes back to when it is taken out again.
ALTER TABLE loan ADD COLUMN shelved_main_status TEXT;
ALTER TABLE loan ADD COLUMN shelved_sub_status TEXT;
-- The last open step of a loan that ended: it is opened again no further than that.
ALTER TABLE loan ADD COLUMN reached_step TEXT;

-- What has to be there before a loan may go on. caller_key is the sender's own name of it, org_id the
-- organisation that put it there.
CREATE TABLE loan_condition (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    public_id TEXT NOT NULL UNIQUE,
    caller_key TEXT,
    phase TEXT NOT NULL,
    responsible TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    auto_satisfy INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at_us INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    status_at_us INTEGER NOT NULL,
    status_by TEXT NOT NULL,
    PRIMARY KEY (lender_org_id, loan_id, id),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
) STRICT;
CREATE UNIQUE INDEX loan_condition_caller ON loan_condition (lender_org_id, loan_id, caller_key);

-- Who was invited to follow a loan. A borrower who is not here sees nothing of it.
CREATE TABLE loan_invitation (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    invited_at_us INTEGER NOT NULL,
    PRIMARY KEY (lender_org_id, loan_id, account_id),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id),
    FOREIGN KEY (lender_org_id, account_id) REFERENCES borrower_account (lender_org_id, id)
) STRICT;
CREATE INDEX loan_invitation_account ON loan_invitation (lender_org_id, account_id, loan_id);

-- A loan's papers. The bytes lie in the blob store, sealed with a key of their own that is sealed
-- here. kind is one of the public list, or NULL for a paper of a condition; org_id is who filed it.
CREATE TABLE loan_document (
    lender_org_id TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    id TEXT NOT NULL,
    org_id TEXT NOT NULL REFERENCES organisation (id),
    public_id TEXT NOT NULL UNIQUE,
    kind TEXT,
    condition_id TEXT,
    file_name TEXT NOT NULL,
    file_name_folded TEXT NOT NULL,
    version INTEGER NOT NULL,
    is_current INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    sha256_hash BLOB NOT NULL,
    crc32 INTEGER NOT NULL,
    blob_name TEXT NOT NULL,
    key_sealed BLOB NOT NULL,
    uploaded_at_us INTEGER NOT NULL,
    uploaded_by TEXT NOT NULL,
    keep_until TEXT NOT NULL,
    removed_at_us INTEGER,
    removed_by TEXT,
    PRIMARY KEY (lender_org_id, loan_id, id),
    FOREIGN KEY (lender_org_id, loan_id) REFERENCES loan (lender_org_id, id)
) STRICT;
CREATE INDEX loan_document_removed ON loan_document (keep_until, id) WHERE removed_at_us IS NOT NULL;

-- Bytes that are on their way into the blob store and belong to no document, and to nobody, yet. What
-- is here for long was left behind by a process that died.
CREATE TABLE blob_upload (
    id TEXT NOT NULL PRIMARY KEY,
    blob_name TEXT NOT NULL UNIQUE,
    started_at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX blob_upload_started ON blob_upload (started_at_us, id);

-- Where a lender's loans are fetched from; the settings hold its credentials.
CREATE TABLE los_connector (
    org_id TEXT PRIMARY KEY REFERENCES organisation (id),
    kind TEXT NOT NULL,
    settings_sealed BLOB NOT NULL,
    created_at_us INTEGER NOT NULL,
    updated_at_us INTEGER NOT NULL
) STRICT;
