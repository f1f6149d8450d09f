//! Every member that names a loan, a condition or a document.

use serde_json::{Value, json};

use super::api::{Case, UNKNOWN, case};
use super::family::Family;

/// A paper that is as short as one can be.
const PAPER: &str = "JVBERi0xLjQKMSAwIG9iago8PCA+PgplbmRvYmoKdHJhaWxlcgo8PCA+PgolJUVPRgo=";

/// A payload with a loan and a paper.
pub fn upload(loan: &str, filing: Value) -> Value {
    let mut paper = json!({ "fileName": "W2", "fileFormat": "pdf", "fileContent": PAPER });
    if let (Some(all), Value::Object(more)) = (paper.as_object_mut(), filing) {
        all.extend(more);
    }
    json!({ "loanPublicID": loan, "documents": [paper] })
}

/// How a paper of a loan is filed.
pub fn as_misc() -> Value {
    json!({ "documentType": "LoanDoc", "loanDocType": "misc" })
}

/// How a paper of a condition is filed.
pub fn for_condition(id: &str) -> Value {
    json!({ "documentType": "LoanConditionDocument", "conditionID": id })
}

fn loan(family: &Family) -> String {
    family.loan.clone()
}

fn condition(family: &Family) -> String {
    family.condition.clone()
}

fn document(family: &Family) -> String {
    family.document.clone()
}

/// The cases.
pub const LOAN_CASES: &[Case] = &[
    case(
        "/api/lender/get-loan",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| json!({ "loanPublicID": id }),
    ),
    case(
        "/api/lender/export-loan",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| json!({ "loanPublicID": id }),
    ),
    case(
        "/api/lender/update-loan-status",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| json!({ "loanPublicID": id, "loanStatusMain": "Withdrawn" }),
    ),
    case(
        "/api/lender/create-condition",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| json!({ "loanPublicID": id, "title": "A pay slip", "type": "prior to docs" }),
    ),
    case(
        "/api/lender/update-condition",
        "conditionID",
        condition,
        UNKNOWN,
        |_, id| json!({ "conditionID": id, "status": "waived" }),
    ),
    case(
        "/api/lender/upload-documents",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| upload(id, as_misc()),
    ),
    case(
        "/api/lender/upload-documents",
        "documents.conditionID",
        condition,
        UNKNOWN,
        |family, id| upload(&family.loan, for_condition(id)),
    ),
    case(
        "/api/lender/download-documents",
        "docID",
        document,
        UNKNOWN,
        |_, id| json!({ "docID": id }),
    ),
    case(
        "/api/lender/download-documents",
        "loanPublicID",
        loan,
        UNKNOWN,
        |_, id| json!({ "loanPublicID": id, "docTypes": ["misc"] }),
    ),
    case(
        "/api/lender/download-documents",
        "loanPublicID beside docID",
        loan,
        UNKNOWN,
        |family, id| json!({ "docID": family.document, "loanPublicID": id }),
    ),
    case(
        "/api/lender/download-condition-documents",
        "loanConditionPublicID",
        condition,
        UNKNOWN,
        |_, id| json!({ "loanConditionPublicID": id }),
    ),
    case(
        "/api/lender/import-loan",
        "loanOfficerEmail",
        |family| family.admin_email.clone(),
        "nobody@zzzz.example.com",
        |_, id| json!({ "loanLOSID": "X-1", "loanOfficerEmail": id }),
    ),
];
