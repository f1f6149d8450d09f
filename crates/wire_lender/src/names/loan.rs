//! Spelling of statuses, conditions and documents of a loan.

use lintel_domain::refusal::{ConditionField, DocumentPart, LoanStatusField};

/// The parameter a part of a status is called.
pub const fn status(field: LoanStatusField) -> &'static str {
    match field {
        LoanStatusField::Main => "loanStatusMain",
        LoanStatusField::Sub => "loanStatusSub",
        LoanStatusField::LenderMain => "lenderMainStatus",
        LoanStatusField::LenderSub => "lenderSubStatus",
        LoanStatusField::BorrowerMain => "borrowerMainStatus",
        LoanStatusField::BorrowerSub => "borrowerSubStatus",
        LoanStatusField::ClosingDate => "closingDate",
        LoanStatusField::CrmId => "crmID",
    }
}

/// The parameter a part of a condition is called.
pub const fn condition(field: ConditionField) -> &'static str {
    match field {
        ConditionField::Title => "title",
        ConditionField::Description => "description",
        ConditionField::Phase => "type",
        ConditionField::Responsible => "responsible",
        ConditionField::Status => "status",
        ConditionField::CallerKey => "conditionUID",
        ConditionField::Count => "loanPublicID",
    }
}

/// The parameter a part of a document is called.
pub const fn document(part: DocumentPart) -> &'static str {
    match part {
        DocumentPart::FileName => "fileName",
        DocumentPart::Format => "fileFormat",
        DocumentPart::Content => "fileContent",
        DocumentPart::Class => "documentType",
        DocumentPart::Kind => "loanDocType",
        DocumentPart::Condition => "conditionID",
        DocumentPart::AutoSatisfy => "autoSatisfyCondition",
    }
}
