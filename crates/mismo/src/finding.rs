//! Findings: what is wrong, or worth knowing, about a document.

use std::borrow::Cow;
use std::fmt;

/// Declares the closed list of codes with their spelling on the wire.
macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $text:literal,)+) => {
        /// What kind of finding it is. Codes are for programs; the message is for people.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant,)+
        }

        impl Code {
            /// Every code, in declaration order.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)+];

            /// The code as senders see it; stable.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Code::$variant => $text,)+
                }
            }
        }
    };
}

codes! {
    /// The bytes are no XML document.
    NotXml = "not_xml",
    /// XML, but not well-formed.
    XmlMalformed = "xml_malformed",
    /// A document type declaration, which could define entities or fetch files.
    DoctypeForbidden = "doctype_forbidden",
    /// Beyond a limit on size or number.
    TooLarge = "too_large",
    /// Elements nested beyond the limit.
    TooDeep = "too_deep",
    /// A Fannie Mae 3.2 flat file.
    Fannie32File = "fannie_32_file",
    /// A MISMO 2.x document.
    Mismo2x = "mismo_2x",
    /// MISMO 3, but not the 3.4 reference model.
    MismoWrongModel = "mismo_wrong_model",
    /// Something else than a loan application.
    WrongDocumentKind = "wrong_document_kind",
    /// Elements have the right names and no namespace.
    NamespaceMissing = "namespace_missing",
    /// Elements have the right names in another namespace.
    NamespaceUnknown = "namespace_unknown",
    /// A prefix is used and not declared.
    PrefixUndeclared = "prefix_undeclared",
    /// No deal in the message.
    DealMissing = "deal_missing",
    /// Several deals in one message.
    DealMultiple = "deal_multiple",
    /// No loan has the role of the subject loan.
    SubjectLoanMissing = "subject_loan_missing",
    /// Several loans have it.
    SubjectLoanMultiple = "subject_loan_multiple",
    /// No party has the role of a borrower.
    BorrowerMissing = "borrower_missing",
    /// A value is absent that is needed, or wanted.
    RequiredMissing = "required_missing",
    /// A word outside the standard's list.
    EnumUnknown = "enum_unknown",
    /// Not an amount.
    BadAmount = "bad_amount",
    /// Not a percentage, or one that cannot be meant.
    BadPercent = "bad_percent",
    /// Not a date.
    BadDate = "bad_date",
    /// Neither true nor false.
    BadIndicator = "bad_indicator",
    /// Not a whole number. Ours: the suggested list has no code for counts.
    BadCount = "bad_count",
    /// Not a personal tax identifier.
    BadTaxId = "bad_tax_id",
    /// Two statements contradict each other.
    Conflict = "conflict",
    /// An end of an arc names nothing, or the wrong kind of thing.
    ArcDangling = "arc_dangling",
    /// An arc of a kind we do not know.
    ArcUnknown = "arc_unknown",
    /// Two elements have the same label.
    LabelDuplicate = "label_duplicate",
    /// Embedded files were not read.
    EmbeddedIgnored = "embedded_ignored",
    /// Extension content was not read.
    ExtensionIgnored = "extension_ignored",
    /// Elements are not in the schema's order.
    OrderNonstandard = "order_nonstandard",
    /// The document was wrapped or encoded, and was unwrapped. Ours.
    TransportDecoded = "transport_decoded",
    /// A template's placeholder stands where a value should be. Ours.
    PlaceholderIgnored = "placeholder_ignored",
    /// More than underwriting systems accept. Ours.
    AgencyLimit = "agency_limit",
    /// More was not interpreted than is kept for an export. Ours.
    CarriedCut = "carried_cut",
    /// There were more findings than are reported. Ours.
    FindingsDropped = "findings_dropped",
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Something was left out or assumed.
    Warning,
    /// The document makes no loan.
    Error,
}

impl Severity {
    /// The severity as senders see it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One finding. Nothing in it repeats a value of the document, only names of elements, positions,
/// counts and the standard's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Where, such as `DEAL/PARTIES/PARTY[2]/INDIVIDUAL`; empty when it is about the whole.
    pub path: String,
    /// Line of the (unwrapped) document, counted from 1.
    pub line: Option<u32>,
    /// For people, one sentence or two.
    pub message: Cow<'static, str>,
    /// The words allowed there, when a list is meant.
    pub allowed: Vec<&'static str>,
}

impl Finding {
    /// A finding about the document as a whole.
    #[must_use]
    pub fn whole(code: Code, severity: Severity, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self {
            code,
            severity,
            path: String::new(),
            line: None,
            message,
            allowed: Vec::new(),
        }
    }

    /// The same finding at a line.
    #[must_use]
    pub fn at_line(self, line: u32) -> Self {
        Self {
            line: Some(line),
            ..self
        }
    }
}

/// Collects findings up to a cap, errors apart from the rest so that these never crowd them out.
#[derive(Debug)]
pub(crate) struct Log {
    cap: usize,
    errors: Vec<Finding>,
    others: Vec<Finding>,
    dropped: usize,
}

impl Log {
    pub(crate) const fn new(cap: usize) -> Self {
        Self {
            cap,
            errors: Vec::new(),
            others: Vec::new(),
            dropped: 0,
        }
    }

    /// Whether a finding of this severity would be kept; asked before its path is worked out.
    pub(crate) const fn has_room(&self, severity: Severity) -> bool {
        match severity {
            Severity::Error => self.errors.len() < self.cap || self.errors.is_empty(),
            Severity::Warning | Severity::Note => self.others.len() < self.cap,
        }
    }

    pub(crate) fn push(&mut self, finding: Finding) {
        if !self.has_room(finding.severity) {
            self.dropped = self.dropped.saturating_add(1);
        } else if finding.severity == Severity::Error {
            self.errors.push(finding);
        } else {
            self.others.push(finding);
        }
    }

    pub(crate) fn drop_one(&mut self) {
        self.dropped = self.dropped.saturating_add(1);
    }

    pub(crate) const fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Errors first, then warnings, then notes, each in the order found; at most the cap, plus one
    /// note that says how many are missing. A cap of zero still keeps the first error.
    pub(crate) fn finish(self) -> Vec<Finding> {
        let mut all = self.errors;
        let (warnings, notes): (Vec<_>, Vec<_>) = self
            .others
            .into_iter()
            .partition(|finding| finding.severity == Severity::Warning);
        all.extend(warnings);
        all.extend(notes);
        let kept = self.cap.max(1).min(all.len());
        let dropped = self.dropped.saturating_add(all.len().saturating_sub(kept));
        all.truncate(kept);
        if dropped > 0 {
            let message = format!("{dropped} more findings are not listed.");
            all.push(Finding::whole(
                Code::FindingsDropped,
                Severity::Note,
                message,
            ));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_never_crowded_out() {
        let mut log = Log::new(2);
        for _ in 0..5 {
            log.push(Finding::whole(Code::BadDate, Severity::Warning, "w"));
        }
        log.push(Finding::whole(Code::DealMissing, Severity::Error, "e"));
        let all = log.finish();
        assert_eq!(all[0].code, Code::DealMissing);
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].code, Code::FindingsDropped);
        assert!(all[2].message.starts_with("4 more"));
    }

    #[test]
    fn codes_are_snake_case_and_distinct() {
        let mut seen: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert!(seen.iter().all(|c| {
            c.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        }));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), Code::ALL.len());
    }
}
