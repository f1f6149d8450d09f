//! Other loans of the transaction.

use lintel_domain::application::terms::RelatedLoan;

use super::parties::Parties;
use crate::arcs::{Arc, Arcs};
use crate::finding::{Code, Severity};
use crate::tree::Part;

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
        let payees = arcs.from(Arc::LoanPayee, loan);
        loans.push(RelatedLoan {
            is_historical,
            amount_cents: note_amount.or_else(|| terms.amount("BaseLoanAmount")),
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
            payee: payees.iter().find_map(|label| parties.company_at(label)),
        });
    }
    loans
}
