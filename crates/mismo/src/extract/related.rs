//! Other loans of the transaction.

use lintel_domain::application::terms::{RelatedLoan, VerificationReport};

use super::parties::Parties;
use crate::arcs::{Arc, Arcs};
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::{DU, Part};

/// Reads the loans that are not the subject loan.
pub(super) fn loans<'t>(
    deal: Part<'t>,
    arcs: &Arcs<'t>,
    parties: &Parties<'t>,
) -> Vec<RelatedLoan> {
    let mut loans = Vec::new();
    for loan in deal.every("LOANS/LOAN") {
        let is_historical = match loan.attribute("LoanRoleType") {
            Some("SubjectLoan") => continue,
            Some("RelatedLoan") => false,
            Some("HistoricalLoan") => true,
            Some(_) | None => {
                let message = "The loan does not say its role (SubjectLoan, RelatedLoan or \
                               HistoricalLoan); it was left out.";
                loan.report(Code::EnumUnknown, Severity::Warning, message);
                continue;
            }
        };
        let terms = loan.at("TERMS_OF_LOAN");
        let note_amount = terms.amount("NoteAmount");
        let base_amount = note_amount.map_or_else(|| terms.amount("BaseLoanAmount"), |_| None);
        let payee_party = parties.other(arcs.from(Arc::LoanPayee, loan));
        loan.anchor(Anchor::RelatedLoan(loans.len()));
        loans.push(RelatedLoan {
            is_historical,
            amount_cents: note_amount.or(base_amount),
            is_base_amount: base_amount.is_some(),
            lien: terms.word("LienPriorityType"),
            payment_cents: loan
                .at("PAYMENT/PAYMENT_RULE")
                .amount("InitialPrincipalAndInterestPaymentAmount"),
            is_heloc: loan.at("LOAN_DETAIL").flag("HELOCIndicator"),
            heloc_balance_cents: loan
                .at("HELOC/HELOC_OCCURRENCES/HELOC_OCCURRENCE")
                .amount("HELOCBalanceAmount"),
            heloc_limit_cents: loan
                .at("HELOC/HELOC_RULE")
                .amount("HELOCMaximumBalanceAmount"),
            funds_sources: loan.texts("ORIGINATION_FUNDS/ORIGINATION_FUND", "FundsSourceType"),
            payee: payee_party.and_then(|party| parties.company(party)),
            payee_party,
        });
    }
    loans
}

/// Reads the verification reports of an underwriting request. They stay carried over besides: an
/// export repeats them as they came.
pub(super) fn verifications<'t>(
    loan: Part<'t>,
    arcs: &Arcs<'t>,
    parties: &Parties<'t>,
) -> Vec<VerificationReport> {
    let extension = loan.extension(DU, "LOAN_EXTENSION");
    let reports = extension.every("UNDERWRITING_VERIFICATIONS/UNDERWRITING_VERIFICATION");
    let reports = reports.map(|part| {
        let read = |name| {
            let text = part.text(name);
            part.keep(name);
            text
        };
        VerificationReport {
            id: read("VerificationReportIdentifier"),
            supplier: read("VerificationReportSupplierType"),
            kind: read("VerificationReportType"),
            borrowers: parties.owners(arcs.from(Arc::VerificationBorrower, part)),
        }
    });
    reports.collect()
}
