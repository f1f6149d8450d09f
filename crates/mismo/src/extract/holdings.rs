//! Assets, owned properties, liabilities and expenses, with their owners from the arcs.

use std::collections::HashMap;

use lintel_domain::application::holding::{Asset, Expense, Liability, OwnedProperty};

use super::names::address;
use super::parties::Parties;
use crate::arcs::{Arc, Arcs};
use crate::tree::{Part, ULAD};

/// What the borrowers have and owe.
#[derive(Default)]
pub(super) struct Holdings {
    pub(super) assets: Vec<Asset>,
    pub(super) owned_properties: Vec<OwnedProperty>,
    pub(super) liabilities: Vec<Liability>,
    pub(super) expenses: Vec<Expense>,
}

/// Reads the holdings of a deal.
pub(super) fn read<'t>(deal: Part<'t>, arcs: &Arcs<'t>, parties: &Parties<'t>) -> Holdings {
    let mut holdings = Holdings::default();
    let mut debt_at: HashMap<&'t str, usize> = HashMap::new();
    for part in deal.every("LIABILITIES/LIABILITY") {
        if let Some(label) = part.link("label") {
            debt_at.entry(label).or_insert(holdings.liabilities.len());
        }
        let owners = parties.owners(arcs.from(Arc::LiabilityOwner, part));
        holdings.liabilities.push(liability(part, owners));
    }
    for part in deal.every("ASSETS/ASSET") {
        let owners = parties.owners(arcs.from(Arc::AssetOwner, part));
        // By the child, not by the type: official cases give such assets no type at all.
        if part.at("OWNED_PROPERTY").exists() {
            let labels = arcs.from(Arc::PropertyDebt, part).iter();
            let mut liabilities: Vec<usize> = labels
                .filter_map(|label| debt_at.get(label))
                .copied()
                .collect();
            liabilities.sort_unstable();
            liabilities.dedup();
            let owned = owned_property(part);
            holdings.owned_properties.push(OwnedProperty {
                liabilities,
                owners,
                ..owned
            });
        } else {
            holdings.assets.push(asset(part, owners));
        }
    }
    for part in deal.every("EXPENSES/EXPENSE") {
        holdings.expenses.push(Expense {
            kind: part.word("ExpenseType"),
            description: part.text("ExpenseTypeOtherDescription"),
            monthly_payment_cents: part.amount("ExpenseMonthlyPaymentAmount"),
            remaining_months: part.count("ExpenseRemainingTermMonthsCount"),
            owners: parties.owners(arcs.from(Arc::ExpenseOwner, part)),
        });
    }
    holdings
}

fn asset(part: Part<'_>, owners: Vec<usize>) -> Asset {
    let detail = part.at("ASSET_DETAIL");
    let extension = detail.extension(ULAD, "ASSET_DETAIL_EXTENSION");
    Asset {
        kind: detail.word("AssetType"),
        description: detail.text("AssetTypeOtherDescription"),
        value_cents: detail.amount("AssetCashOrMarketValueAmount"),
        account: detail.secret("AssetAccountIdentifier"),
        holder: part.at("ASSET_HOLDER/NAME").text("FullName"),
        funds_source: detail.text("FundsSourceType"),
        is_in_listed_account: extension.flag("IncludedInAssetAccountIndicator"),
        owners,
    }
}

fn owned_property(part: Part<'_>) -> OwnedProperty {
    let owned = part.at("OWNED_PROPERTY");
    let detail = owned.at("OWNED_PROPERTY_DETAIL");
    let property = owned.at("PROPERTY/PROPERTY_DETAIL");
    let own_detail = part.at("ASSET_DETAIL");
    // Other systems repeat type and value outside; what matters is inside.
    let _ = own_detail.text("AssetType");
    let outer_value = own_detail.amount("AssetCashOrMarketValueAmount");
    OwnedProperty {
        address: address(owned.at("PROPERTY/ADDRESS")),
        is_subject: detail.flag("OwnedPropertySubjectIndicator"),
        disposition: detail.word("OwnedPropertyDispositionStatusType"),
        value_cents: property
            .unsigned_amount("PropertyEstimatedValueAmount")
            .or(outer_value),
        lien_balance_cents: detail.amount("OwnedPropertyLienUPBAmount"),
        maintenance_cents: detail.amount("OwnedPropertyMaintenanceExpenseAmount"),
        gross_rent_cents: detail.amount("OwnedPropertyRentalIncomeGrossAmount"),
        net_rent_cents: detail.amount("OwnedPropertyRentalIncomeNetAmount"),
        current_usage: property.word("PropertyCurrentUsageType"),
        intended_usage: property.word("PropertyUsageType"),
        ..OwnedProperty::default()
    }
}

fn liability(part: Part<'_>, owners: Vec<usize>) -> Liability {
    let detail = part.at("LIABILITY_DETAIL");
    Liability {
        kind: detail.word("LiabilityType"),
        description: detail.text("LiabilityTypeOtherDescription"),
        account: detail.secret("LiabilityAccountIdentifier"),
        holder: part.at("LIABILITY_HOLDER/NAME").text("FullName"),
        monthly_payment_cents: detail.amount("LiabilityMonthlyPaymentAmount"),
        balance_cents: detail.unsigned_amount("LiabilityUnpaidBalanceAmount"),
        credit_limit_cents: detail.amount("HELOCMaximumBalanceAmount"),
        remaining_months: detail.count("LiabilityRemainingTermMonthsCount"),
        is_paid_off: detail.flag("LiabilityPayoffStatusIndicator"),
        is_excluded: detail.flag("LiabilityExclusionIndicator"),
        includes_escrow: detail.flag("LiabilityPaymentIncludesTaxesInsuranceIndicator"),
        mortgage_program: detail.word("MortgageType"),
        owners,
    }
}
