//! A loan's papers: what they can be, what they are called, which one follows which, and how long
//! they are kept.

mod name;

pub use name::{FILE_NAME_MAX_CHARS, FileName, download_name};

use crate::entry::Entry;
use crate::id::{PublicId, RowId};
pub use crate::refusal::DocumentPart;
use crate::refusal::Rule;
use crate::words::words;

/// Most papers that are filed in one step.
pub const DOCUMENTS_AT_ONCE: usize = 100;
/// Most papers of a loan, every version counted, removed ones not.
pub const DOCUMENTS_PER_LOAN: usize = 2000;
/// Most papers of a loan, removed ones too as long as they have to be kept.
pub const DOCUMENTS_EVER_PER_LOAN: usize = 10_000;

words! {
    /// What a paper of a loan is. The spelling is the public list's.
    LoanDocType {
        /// A request for more from the applicant.
        AdditionalInfoRequest = "additional info request",
        /// The lender's approval.
        ApprovalLetter = "approval letter",
        /// Findings of an automated underwriting system.
        Aus = "aus",
        /// The closing package.
        Closing = "closing",
        /// Closing Disclosures.
        ClosingDisclosures = "closing disclosures",
        /// Consent to get Closing Disclosures electronically.
        ClosingDisclosuresConsent = "closing disclosures electronic consent",
        /// How Closing Disclosures were signed electronically.
        ClosingDisclosuresEvidence = "closing disclosures electronic evidence summary",
        /// Consent to get the closing package electronically.
        ClosingConsent = "closing electronic consent",
        /// How the closing package was signed electronically.
        ClosingEvidence = "closing electronic evidence summary",
        /// Something a condition asked for.
        Condition = "condition",
        /// Consent to get papers of conditions electronically.
        ConditionConsent = "condition electronic consent",
        /// How papers of conditions were signed electronically.
        ConditionEvidence = "condition electronic evidence summary",
        /// A credit report.
        Credit = "credit",
        /// The lender's refusal.
        DeclineLetter = "decline letter",
        /// A sheet of fees.
        FeeWorksheet = "fee worksheet",
        /// The first disclosures.
        InitialDisclosures = "initial disclosures",
        /// The check of the first disclosures.
        InitialDisclosuresAudit = "initial disclosures audit",
        /// Consent to get the first disclosures electronically.
        InitialDisclosuresConsent = "initial disclosures electronic consent",
        /// How the first disclosures were signed electronically.
        InitialDisclosuresEvidence = "initial disclosures electronic evidence summary",
        /// First disclosures that went out on paper.
        InitialDisclosuresMailed = "initial disclosures mailed",
        /// Anything else.
        Misc = "misc",
        /// A certificate of payment.
        PaymentCertificate = "payment certificate",
        /// Consent to get the certificate of payment electronically.
        PaymentCertificateConsent = "payment certificate electronic consent",
        /// How the certificate of payment was signed electronically.
        PaymentCertificateEvidence = "payment certificate electronic evidence summary",
        /// A preapproval.
        Preapproval = "preapproval",
        /// A prequalification.
        Prequalification = "prequalification",
        /// A prequalification without automated underwriting.
        PrequalificationWithoutAus = "prequalification (no aus)",
        /// A prequalification with automated underwriting.
        PrequalificationWithAus = "prequalification (yes aus)",
        /// What was asked for before the loan's papers were drawn up.
        PriorToDocs = "prior to docs",
        /// What was asked for before the last of the money.
        PriorToFinalFunding = "prior to final funding",
        /// What was asked for before the money.
        PriorToFunding = "prior to funding",
        /// Disclosures given again.
        Redisclosures = "redisclosures",
        /// Consent to get disclosures again electronically.
        RedisclosuresConsent = "redisclosures electronic consent",
        /// How disclosures given again were signed electronically.
        RedisclosuresEvidence = "redisclosures electronic evidence summary",
        /// What a broker submitted.
        TpoSubmitted = "tpo submitted",
        /// Proof of assets.
        VerificationOfAssets = "verification of assets",
        /// The confirmation that an application was taken back.
        WithdrawalLetter = "withdrawal letter",
    }
}

words! {
    /// Papers that are kept equally long. The rule book says how long.
    RetentionClass {
        /// Closing Disclosures and the closing package they belong to.
        Closing = "closing",
        /// Disclosures before closing.
        Disclosure = "disclosure",
        /// What the decision rests on: proof of income, assets, credit, and all conditions.
        Evidence = "evidence",
        /// Letters about the application and its decision.
        Application = "application",
        /// Papers nobody said the kind of.
        Other = "other",
    }
}

impl LoanDocType {
    /// Reads a word as a sender writes it: case and outer spaces ignored.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }

    /// With which others it is kept. A consent and a summary of evidence are kept as long as what
    /// they are about.
    #[must_use]
    pub const fn retention(self) -> RetentionClass {
        match self {
            Self::Closing
            | Self::ClosingConsent
            | Self::ClosingEvidence
            | Self::ClosingDisclosures
            | Self::ClosingDisclosuresConsent
            | Self::ClosingDisclosuresEvidence => RetentionClass::Closing,
            Self::FeeWorksheet
            | Self::InitialDisclosures
            | Self::InitialDisclosuresAudit
            | Self::InitialDisclosuresConsent
            | Self::InitialDisclosuresEvidence
            | Self::InitialDisclosuresMailed
            | Self::Redisclosures
            | Self::RedisclosuresConsent
            | Self::RedisclosuresEvidence => RetentionClass::Disclosure,
            Self::Aus
            | Self::Condition
            | Self::ConditionConsent
            | Self::ConditionEvidence
            | Self::Credit
            | Self::PaymentCertificate
            | Self::PaymentCertificateConsent
            | Self::PaymentCertificateEvidence
            | Self::PriorToDocs
            | Self::PriorToFinalFunding
            | Self::PriorToFunding
            | Self::TpoSubmitted
            | Self::VerificationOfAssets => RetentionClass::Evidence,
            Self::AdditionalInfoRequest
            | Self::ApprovalLetter
            | Self::DeclineLetter
            | Self::Preapproval
            | Self::Prequalification
            | Self::PrequalificationWithoutAus
            | Self::PrequalificationWithAus
            | Self::WithdrawalLetter => RetentionClass::Application,
            Self::Misc => RetentionClass::Other,
        }
    }
}

/// With which others a paper of this kind is kept; papers of conditions have no kind.
#[must_use]
pub const fn retention_of(kind: Option<LoanDocType>) -> RetentionClass {
    match kind {
        Some(kind) => kind.retention(),
        None => RetentionClass::Evidence,
    }
}

/// Whether a paper belongs to the loan or to one of its conditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentClass {
    /// To the loan.
    Loan,
    /// To a condition.
    Condition,
}

/// Where a paper is filed, as rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filing {
    /// With the loan, as a paper of this kind.
    Loan(LoanDocType),
    /// With a condition.
    Condition(RowId),
}

/// Where a paper is filed, as callers see it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FiledUnder {
    /// With the loan, as a paper of this kind.
    Loan(LoanDocType),
    /// With a condition.
    Condition(PublicId),
}

/// Where a paper is to be filed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilingDraft {
    /// With the loan, as a paper of this kind.
    Loan(LoanDocType),
    /// With a condition.
    Condition {
        /// Which.
        id: PublicId,
        /// Whether the paper is all the condition asks for.
        auto_satisfy: bool,
    },
}

/// What looking at a paper's bytes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// A PDF that can be filed.
    Good,
    /// Longer than a paper may be.
    TooLarge,
    /// No bytes at all.
    Empty,
    /// No PDF.
    NotPdf,
    /// The scanner found malware in it.
    Infected,
}

impl Verdict {
    /// What is wrong with the paper; none when nothing is.
    #[must_use]
    pub const fn rule(self) -> Option<Rule> {
        match self {
            Self::Good => None,
            Self::Empty => Some(Rule::Missing),
            Self::TooLarge | Self::NotPdf | Self::Infected => Some(Rule::Malformed),
        }
    }
}

/// What somebody says about a paper that is to be filed; its bytes come beside it.
#[derive(Debug, Clone, Default)]
pub struct PaperDraft {
    /// What the file is called.
    pub file_name: Entry<String>,
    /// Whether the file is said to be a PDF. It need not be said: the bytes do.
    pub is_pdf: Entry<bool>,
    /// Whether it belongs to the loan or to a condition.
    pub class: Entry<DocumentClass>,
    /// Which paper of the loan it is.
    pub kind: Entry<LoanDocType>,
    /// Which condition it is for.
    pub condition: Entry<PublicId>,
    /// Whether it is all the condition asks for.
    pub auto_satisfy: Entry<bool>,
}

/// What is known of a paper once nothing is wrong with what was said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPaper {
    /// What the file is called.
    pub name: FileName,
    /// Where it is to be filed.
    pub filing: FilingDraft,
}

impl PaperDraft {
    /// A draft nothing of which had to be translated.
    #[must_use]
    pub fn new(file_name: String, filing: FilingDraft) -> Self {
        let draft = Self {
            file_name: Entry::Given(file_name),
            ..Self::default()
        };
        match filing {
            FilingDraft::Loan(kind) => Self {
                class: Entry::Given(DocumentClass::Loan),
                kind: Entry::Given(kind),
                ..draft
            },
            FilingDraft::Condition { id, auto_satisfy } => Self {
                class: Entry::Given(DocumentClass::Condition),
                condition: Entry::Given(id),
                auto_satisfy: Entry::Given(auto_satisfy),
                ..draft
            },
        }
    }

    /// Looks at everything; `content` is what is wrong with the bytes, so that all mistakes come in
    /// the order of the parts.
    ///
    /// # Errors
    /// Every mistake.
    pub fn check(self, content: Option<Rule>) -> Result<CheckedPaper, Vec<(DocumentPart, Rule)>> {
        let mut mistakes = Vec::new();
        let name = match self.file_name {
            Entry::Given(text) if text.trim().is_empty() => Err(Rule::Missing),
            Entry::Given(text) => FileName::read(&text).ok_or(Rule::Malformed),
            Entry::Absent => Err(Rule::Missing),
            Entry::Unreadable => Err(Rule::Malformed),
        };
        let name = kept(DocumentPart::FileName, name, &mut mistakes);
        if matches!(self.is_pdf, Entry::Unreadable | Entry::Given(false)) {
            mistakes.push((DocumentPart::Format, Rule::Malformed));
        }
        if let Some(rule) = content {
            mistakes.push((DocumentPart::Content, rule));
        }
        let class = kept(DocumentPart::Class, needed(self.class), &mut mistakes);
        let filing = match class {
            Some(DocumentClass::Loan) => {
                kept(DocumentPart::Kind, needed(self.kind), &mut mistakes).map(FilingDraft::Loan)
            }
            Some(DocumentClass::Condition) => {
                let id = kept(
                    DocumentPart::Condition,
                    needed(self.condition),
                    &mut mistakes,
                );
                if self.auto_satisfy == Entry::Unreadable {
                    mistakes.push((DocumentPart::AutoSatisfy, Rule::Malformed));
                }
                let auto_satisfy = self.auto_satisfy.given().unwrap_or(false);
                id.map(|id| FilingDraft::Condition { id, auto_satisfy })
            }
            None => None,
        };
        match (name, filing) {
            (Some(name), Some(filing)) if mistakes.is_empty() => Ok(CheckedPaper { name, filing }),
            _ => Err(mistakes),
        }
    }
}

fn needed<T>(entry: Entry<T>) -> Result<T, Rule> {
    match entry {
        Entry::Given(value) => Ok(value),
        Entry::Absent => Err(Rule::Missing),
        Entry::Unreadable => Err(Rule::Malformed),
    }
}

fn kept<T>(
    part: DocumentPart,
    read: Result<T, Rule>,
    mistakes: &mut Vec<(DocumentPart, Rule)>,
) -> Option<T> {
    read.map_err(|rule| mistakes.push((part, rule))).ok()
}

#[cfg(test)]
mod tests;
