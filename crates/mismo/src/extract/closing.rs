//! Closing figures, credits, fees and housing expenses.

use lintel_domain::application::closing::{
    ClosingFigures, Fee, HousingExpense, LenderCredit, PurchaseCredit,
};
use lintel_engine::money::Cents;

use super::loan::urla_detail;
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::{Part, ULAD};

/// Reads the estimated sums.
pub(super) fn figures(deal: Part<'_>, loan: Part<'_>) -> ClosingFigures {
    let urla = urla_detail(loan);
    let total = loan.at("DOCUMENT_SPECIFIC_DATA_SETS/DOCUMENT_SPECIFIC_DATA_SET/URLA/URLA_TOTAL");
    let extension = total.extension(ULAD, "URLA_TOTAL_EXTENSION");
    let payoffs = deal.at("LIABILITIES/LIABILITY_SUMMARY");
    let (lender_credits_cents, lender_credits) = lender_credits(loan);
    ClosingFigures {
        closing_costs_cents: urla.amount("EstimatedClosingCostsAmount"),
        prepaid_items_cents: urla.amount("PrepaidItemsEstimatedAmount"),
        improvements_cents: urla.amount("AlterationsImprovementsAndRepairsAmount"),
        refinance_improvements_cents: urla.amount("RefinanceImprovementCostsAmount"),
        refinance_improvements_status: urla.text("RefinanceImprovementsType"),
        seller_credits_cents: extension.amount("URLATotalSellerCreditsAmount"),
        other_credits_cents: extension.amount("URLATotalOtherCreditsAmount"),
        total_credits_cents: extension.amount("URLATotalCreditsAmount"),
        total_mortgage_loans_cents: extension.amount("URLATotalMortgageLoansAmount"),
        lender_credits_cents,
        lender_credits,
        due_from_borrower_cents: total.amount("URLATotalDueFromBorrowerAtClosingAmount"),
        cash_from_borrower_cents: loan
            .at("CLOSING_INFORMATION/CLOSING_INFORMATION_DETAIL")
            .amount("CashFromBorrowerAtClosingAmount"),
        subject_payoffs_cents: payoffs.amount("TotalSubjectPropertyPayoffsAndPaymentsAmount"),
        other_payoffs_cents: payoffs.amount("TotalNonSubjectPropertyDebtsToBePaidOffAmount"),
        originator_signed_date: urla.date("ApplicationSignedByLoanOriginatorDate"),
    }
}

/// The lender's credits and their sum; other adjustments are carried over.
fn lender_credits(loan: Part<'_>) -> (Option<Cents>, Vec<LenderCredit>) {
    let path = "CLOSING_INFORMATION/CLOSING_ADJUSTMENT_ITEMS/CLOSING_ADJUSTMENT_ITEM";
    let mut sum: Option<Cents> = None;
    let mut credits = Vec::new();
    for item in loan.every(path) {
        let detail = item.at("CLOSING_ADJUSTMENT_ITEM_DETAIL");
        if detail.peek("ClosingAdjustmentItemType").as_deref() != Some("LenderCredit") {
            continue;
        }
        let Some(amount) = detail.amount("ClosingAdjustmentItemAmount") else {
            continue;
        };
        match sum.unwrap_or(Cents::new(0)).checked_add(amount) {
            Some(total) => {
                let _ = detail.text("ClosingAdjustmentItemType");
                item.place(credits.len());
                credits.push(LenderCredit {
                    amount_cents: Some(amount),
                });
                sum = Some(total);
            }
            None => {
                let message = "The lender's credits add up to more than can be stored.";
                item.report(Code::BadAmount, Severity::Warning, message);
            }
        }
    }
    (sum, credits)
}

/// Reads the credits toward the money due.
pub(super) fn purchase_credits(loan: Part<'_>) -> Vec<PurchaseCredit> {
    let mut credits = Vec::new();
    for part in loan.every("PURCHASE_CREDITS/PURCHASE_CREDIT") {
        let (kind, description) =
            part.described_word("PurchaseCreditType", "PurchaseCreditTypeOtherDescription");
        let credit = PurchaseCredit {
            kind,
            description,
            source: part.text("PurchaseCreditSourceType"),
            amount_cents: part.amount("PurchaseCreditAmount"),
        };
        if credit != PurchaseCredit::default() {
            part.anchor(Anchor::PurchaseCredit(credits.len()));
            credits.push(credit);
        }
    }
    credits
}

/// Reads the fees a sender has worked out.
pub(super) fn fees(loan: Part<'_>) -> Vec<Fee> {
    let mut fees = Vec::new();
    for part in loan.every("FEE_INFORMATION/FEES/FEE") {
        let detail = part.at("FEE_DETAIL");
        let fee = Fee {
            kind: detail.text("FeeType"),
            description: detail.text("FeeTypeOtherDescription"),
            estimated_cents: detail.amount("FeeEstimatedTotalAmount"),
            actual_cents: detail.amount("FeeActualTotalAmount"),
            share_pct_e9: detail.percent("FeeTotalPercent"),
            section: detail.text("IntegratedDisclosureSectionType"),
            paid_to: detail.text("FeePaidToType"),
        };
        if fee != Fee::default() {
            part.anchor(Anchor::Fee(fees.len()));
            fees.push(fee);
        }
    }
    fees
}

/// Reads the housing expenses of the loan, or of one borrower.
pub(super) fn housing_expenses(
    part: Part<'_>,
    borrower: Option<usize>,
    found: &mut Vec<HousingExpense>,
) {
    for part in part.every("HOUSING_EXPENSES/HOUSING_EXPENSE") {
        let (kind, description) =
            part.described_word("HousingExpenseType", "HousingExpenseTypeOtherDescription");
        let expense = HousingExpense {
            kind,
            description,
            time: part.word("HousingExpenseTimingType"),
            monthly_cents: part.amount("HousingExpensePaymentAmount"),
            borrower,
        };
        if expense.kind.is_some() || expense.monthly_cents.is_some() {
            part.anchor(Anchor::HousingExpense(found.len()));
            found.push(expense);
        }
    }
}
