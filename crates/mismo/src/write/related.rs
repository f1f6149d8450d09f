//! Other loans of the transaction.

use lintel_domain::application::party::OtherParty;
use lintel_domain::application::terms::{RelatedLoan, VerificationReport};

use super::draft::{Draft, Id};
use super::party::{self, Sought};
use crate::carried::{Anchor, Carried};
use crate::tree::DU;

/// The element of a verification report.
pub(super) const VERIFICATION: &str = "UNDERWRITING_VERIFICATION";

/// Writes the loans that are not the subject loan.
pub(super) fn loans<'a>(
    draft: &mut Draft<'a>,
    deal: Id,
    loans: &'a [RelatedLoan],
    others: &[OtherParty],
) {
    let list = draft.at(deal, "LOANS");
    for (index, loan) in loans.iter().enumerate() {
        let RelatedLoan {
            is_historical,
            amount_cents,
            is_base_amount,
            lien,
            payment_cents,
            is_heloc,
            heloc_balance_cents,
            heloc_limit_cents,
            funds_sources,
            payee,
            payee_party,
        } = loan;
        let part = draft.item(list, "LOAN");
        let role = match is_historical {
            true => "HistoricalLoan",
            false => "RelatedLoan",
        };
        draft.attribute(part, "LoanRoleType", role);
        draft.label(part, "LOAN");
        draft.anchor(part, Anchor::RelatedLoan(index));
        let terms = draft.at(part, "TERMS_OF_LOAN");
        let amount = match is_base_amount {
            true => "BaseLoanAmount",
            false => "NoteAmount",
        };
        draft.amount(terms, amount, *amount_cents);
        draft.word(terms, "LienPriorityType", lien.as_ref());
        let rule = draft.at(part, "PAYMENT/PAYMENT_RULE");
        draft.amount(
            rule,
            "InitialPrincipalAndInterestPaymentAmount",
            *payment_cents,
        );
        let detail = draft.at(part, "LOAN_DETAIL");
        draft.flag(detail, "HELOCIndicator", *is_heloc);
        let heloc = draft.at(part, "HELOC");
        let occurrence = draft.at(heloc, "HELOC_OCCURRENCES/HELOC_OCCURRENCE");
        draft.amount(occurrence, "HELOCBalanceAmount", *heloc_balance_cents);
        let rule = draft.at(heloc, "HELOC_RULE");
        draft.amount(rule, "HELOCMaximumBalanceAmount", *heloc_limit_cents);
        let funds = draft.at(part, "ORIGINATION_FUNDS");
        for source in funds_sources {
            let fund = draft.add(funds, "ORIGINATION_FUND");
            draft.text(fund, "FundsSourceType", Some(source));
        }
        let payee = Sought {
            role: "NotePayTo",
            index: *payee_party,
            company: payee.as_deref(),
            identifier: None,
        };
        if let Some(role) = party::find(draft, part, others, &payee) {
            draft.link("LOAN_IsAssociatedWith_ROLE", part, role);
        }
    }
}

/// Writes the verification reports of an underwriting request into the subject loan, unless its
/// source document is at hand: then they come with what it says beyond the application.
pub(super) fn verifications<'a>(
    draft: &mut Draft<'a>,
    loan: Id,
    reports: &'a [VerificationReport],
    carried: &Carried,
) {
    let mut steps = carried.leaves.iter().flat_map(|leaf| &leaf.steps);
    if reports.is_empty() || steps.any(|step| step.name == VERIFICATION) {
        return;
    }
    let extension = draft.extension(loan, DU, "LOAN_EXTENSION");
    let list = draft.at(extension, "UNDERWRITING_VERIFICATIONS");
    for (index, report) in reports.iter().enumerate() {
        let VerificationReport {
            id,
            supplier,
            kind,
            borrowers,
        } = report;
        let part = draft.add(list, VERIFICATION);
        draft.attribute(part, "SequenceNumber", index.saturating_add(1).to_string());
        draft.text(part, "VerificationReportIdentifier", id.as_ref());
        draft.text(part, "VerificationReportSupplierType", supplier.as_ref());
        draft.text(part, "VerificationReportType", kind.as_ref());
        for borrower in borrowers {
            let role = Anchor::BorrowerRole(*borrower);
            draft.link_to(
                "UNDERWRITING_VERIFICATION_IsAssociatedWith_ROLE",
                part,
                role,
            );
        }
    }
}
