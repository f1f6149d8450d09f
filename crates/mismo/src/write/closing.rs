//! Closing figures, credits, fees and housing expenses.

use lintel_domain::application::closing::{
    ClosingFigures, Fee, HousingExpense, LenderCredit, PurchaseCredit,
};
use lintel_engine::money::Cents;

use super::draft::{Draft, Id};
use super::loan::urla;
use crate::carried::Anchor;
use crate::finding::Code;
use crate::tree::ULAD;

/// Writes the estimated sums: those of the loan into its `LOAN`, those of debts beside them.
pub(super) fn figures<'a>(draft: &mut Draft<'a>, deal: Id, loan: Id, figures: &'a ClosingFigures) {
    let ClosingFigures {
        closing_costs_cents,
        prepaid_items_cents,
        improvements_cents,
        refinance_improvements_cents,
        refinance_improvements_status,
        seller_credits_cents,
        other_credits_cents,
        total_credits_cents,
        total_mortgage_loans_cents,
        lender_credits_cents,
        lender_credits,
        due_from_borrower_cents,
        cash_from_borrower_cents,
        subject_payoffs_cents,
        other_payoffs_cents,
        originator_signed_date,
    } = figures;
    let part = urla(draft, loan, "URLA_DETAIL");
    let name = "ApplicationSignedByLoanOriginatorDate";
    draft.date(part, name, *originator_signed_date);
    let status = refinance_improvements_status.as_ref();
    draft.text(part, "RefinanceImprovementsType", status);
    let amounts = [
        (
            "AlterationsImprovementsAndRepairsAmount",
            improvements_cents,
        ),
        ("EstimatedClosingCostsAmount", closing_costs_cents),
        ("PrepaidItemsEstimatedAmount", prepaid_items_cents),
        (
            "RefinanceImprovementCostsAmount",
            refinance_improvements_cents,
        ),
    ];
    draft.amounts(part, amounts);
    let total = urla(draft, loan, "URLA_TOTAL");
    let name = "URLATotalDueFromBorrowerAtClosingAmount";
    draft.amount(total, name, *due_from_borrower_cents);
    let part = draft.extension(total, ULAD, "URLA_TOTAL_EXTENSION");
    let amounts = [
        ("URLATotalCreditsAmount", total_credits_cents),
        ("URLATotalMortgageLoansAmount", total_mortgage_loans_cents),
        ("URLATotalOtherCreditsAmount", other_credits_cents),
        ("URLATotalSellerCreditsAmount", seller_credits_cents),
    ];
    draft.amounts(part, amounts);
    if let (Some(sum), true) = (lender_credits_cents, lender_credits.is_empty()) {
        lender_credit(draft, loan, Some(*sum));
    }
    for LenderCredit { amount_cents } in lender_credits {
        lender_credit(draft, loan, *amount_cents);
    }
    let part = draft.at(loan, "CLOSING_INFORMATION/CLOSING_INFORMATION_DETAIL");
    let name = "CashFromBorrowerAtClosingAmount";
    draft.amount(part, name, *cash_from_borrower_cents);
    let part = draft.at(deal, "LIABILITIES/LIABILITY_SUMMARY");
    let amounts = [
        (
            "TotalNonSubjectPropertyDebtsToBePaidOffAmount",
            other_payoffs_cents,
        ),
        (
            "TotalSubjectPropertyPayoffsAndPaymentsAmount",
            subject_payoffs_cents,
        ),
    ];
    draft.amounts(part, amounts);
}

fn lender_credit(draft: &mut Draft<'_>, loan: Id, amount: Option<Cents>) {
    let items = draft.at(loan, "CLOSING_INFORMATION/CLOSING_ADJUSTMENT_ITEMS");
    let item = draft.add(items, "CLOSING_ADJUSTMENT_ITEM");
    let detail = draft.at(item, "CLOSING_ADJUSTMENT_ITEM_DETAIL");
    draft.amount(detail, "ClosingAdjustmentItemAmount", amount);
    draft.fixed(detail, "ClosingAdjustmentItemType", "LenderCredit");
}

/// Writes the credits toward the money due.
pub(super) fn purchase_credits<'a>(draft: &mut Draft<'a>, loan: Id, credits: &'a [PurchaseCredit]) {
    let list = draft.at(loan, "PURCHASE_CREDITS");
    for (index, credit) in credits.iter().enumerate() {
        let PurchaseCredit {
            kind,
            description,
            source,
            amount_cents,
        } = credit;
        let part = draft.add(list, "PURCHASE_CREDIT");
        draft.anchor(part, Anchor::PurchaseCredit(index));
        draft.amount(part, "PurchaseCreditAmount", *amount_cents);
        draft.text(part, "PurchaseCreditSourceType", source.as_ref());
        draft.described(
            part,
            "PurchaseCreditType",
            kind.as_ref(),
            description.as_ref(),
        );
    }
}

/// Writes the fees a sender has worked out.
pub(super) fn fees<'a>(draft: &mut Draft<'a>, loan: Id, fees: &'a [Fee]) {
    let list = draft.at(loan, "FEE_INFORMATION/FEES");
    for (index, fee) in fees.iter().enumerate() {
        let Fee {
            kind,
            description,
            estimated_cents,
            actual_cents,
            share_pct_e9,
            section,
            paid_to,
        } = fee;
        let part = draft.add(list, "FEE");
        draft.anchor(part, Anchor::Fee(index));
        let detail = draft.at(part, "FEE_DETAIL");
        draft.amount(detail, "FeeActualTotalAmount", *actual_cents);
        draft.amount(detail, "FeeEstimatedTotalAmount", *estimated_cents);
        draft.text(detail, "FeePaidToType", paid_to.as_ref());
        draft.percent(detail, "FeeTotalPercent", *share_pct_e9);
        draft.text(detail, "FeeType", kind.as_ref());
        draft.text(detail, "FeeTypeOtherDescription", description.as_ref());
        draft.text(detail, "IntegratedDisclosureSectionType", section.as_ref());
    }
}

/// Writes the housing expenses, of the loan or below the borrower they belong to.
pub(super) fn housing_expenses<'a>(
    draft: &mut Draft<'a>,
    loan: Id,
    expenses: &'a [HousingExpense],
) {
    for (index, expense) in expenses.iter().enumerate() {
        let HousingExpense {
            kind,
            description,
            time,
            monthly_cents,
            borrower,
        } = expense;
        let owner = match borrower {
            None => Some(loan),
            Some(borrower) => draft.anchored(Anchor::BorrowerRole(*borrower)),
        };
        let Some(owner) = owner else {
            let message = "A housing expense belongs to a borrower the application does not have.";
            draft.report(loan, Code::ArcDangling, message, &[]);
            continue;
        };
        let owner = match borrower {
            None => owner,
            Some(_) => draft.at(owner, "BORROWER"),
        };
        let list = draft.at(owner, "HOUSING_EXPENSES");
        let part = draft.add(list, "HOUSING_EXPENSE");
        draft.anchor(part, Anchor::HousingExpense(index));
        draft.amount(part, "HousingExpensePaymentAmount", *monthly_cents);
        draft.word(part, "HousingExpenseTimingType", time.as_ref());
        draft.described(
            part,
            "HousingExpenseType",
            kind.as_ref(),
            description.as_ref(),
        );
    }
}
