//! Assets, owned properties, liabilities and expenses, with their owners from the arcs.

use std::collections::HashMap;

use lintel_domain::application::holding::{Asset, Expense, Liability, OwnedProperty};

use super::names::address;
use super::parties::Parties;
use crate::arcs::{Arc, Arcs};
use crate::carried::Anchor;
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
        part.anchor(Anchor::Liability(holdings.liabilities.len()));
        let owners = parties.owners(arcs.from(Arc::LiabilityOwner, part));
        holdings.liabilities.push(liability(part, owners));
    }
    for part in deal.every("ASSETS/ASSET") {
        let owners = parties.owners(arcs.from(Arc::AssetOwner, part));
        // By the child, not by the type: official cases give such assets no type at all.
        if part.at("OWNED_PROPERTY").exists() {
            let labels = arcs.from(Arc::PropertyDebt, part);
            let mut liabilities: Vec<usize> = labels
                .filter_map(|label| debt_at.get(label))
                .copied()
                .collect();
            liabilities.sort_unstable();
            liabilities.dedup();
            part.anchor(Anchor::OwnedProperty(holdings.owned_properties.len()));
            let owned = owned_property(part);
            holdings.owned_properties.push(OwnedProperty {
                liabilities,
                owners,
                ..owned
            });
        } else {
            part.anchor(Anchor::Asset(holdings.assets.len()));
            holdings.assets.push(asset(part, owners));
        }
    }
    for part in deal.every("EXPENSES/EXPENSE") {
        part.anchor(Anchor::Expense(holdings.expenses.len()));
        let (kind, description) = part.described_word("ExpenseType", "ExpenseTypeOtherDescription");
        holdings.expenses.push(Expense {
            kind,
            description,
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
    let (kind, description) = detail.described_word("AssetType", "AssetTypeOtherDescription");
    Asset {
        kind,
        description,
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
    // Other systems repeat type and value outside. What matters is inside; the rest is carried over.
    let inner_value = property.unsigned_amount("PropertyEstimatedValueAmount");
    let outer_value = match inner_value {
        Some(_) => None,
        None => part
            .at("ASSET_DETAIL")
            .amount("AssetCashOrMarketValueAmount"),
    };
    OwnedProperty {
        address: address(owned.at("PROPERTY/ADDRESS")),
        is_subject: detail.flag("OwnedPropertySubjectIndicator"),
        disposition: detail.word("OwnedPropertyDispositionStatusType"),
        value_cents: inner_value.or(outer_value),
        is_value_listed: outer_value.is_some(),
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
    let (kind, description) =
        detail.described_word("LiabilityType", "LiabilityTypeOtherDescription");
    Liability {
        kind,
        description,
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
