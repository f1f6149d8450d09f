//! Assets, owned properties, liabilities and expenses, with the arcs to their owners.

use lintel_domain::application::holding::{Asset, Expense, Liability, OwnedProperty};

use super::draft::{Draft, Id};
use super::names;
use crate::carried::Anchor;
use crate::tree::ULAD;

fn owners(draft: &mut Draft<'_>, arcrole: &'static str, part: Id, owners: &[usize]) {
    for owner in owners {
        draft.link_to(arcrole, part, Anchor::BorrowerRole(*owner));
    }
}

/// Writes the assets that are no real estate.
pub(super) fn assets<'a>(draft: &mut Draft<'a>, deal: Id, assets: &'a [Asset]) {
    let list = draft.at(deal, "ASSETS");
    for (index, asset) in assets.iter().enumerate() {
        let Asset {
            kind,
            description,
            value_cents,
            account,
            holder,
            funds_source,
            is_in_listed_account,
            owners: asset_owners,
        } = asset;
        let part = draft.item(list, "ASSET");
        draft.number(part, "ASSET", index);
        draft.anchor(part, Anchor::Asset(index));
        let detail = draft.at(part, "ASSET_DETAIL");
        draft.text(
            detail,
            "AssetAccountIdentifier",
            account.as_ref().map(|a| a.expose()),
        );
        draft.amount(detail, "AssetCashOrMarketValueAmount", *value_cents);
        draft.described(detail, "AssetType", kind.as_ref(), description.as_ref());
        draft.text(detail, "FundsSourceType", funds_source.as_ref());
        let extension = draft.extension(detail, ULAD, "ASSET_DETAIL_EXTENSION");
        draft.flag(
            extension,
            "IncludedInAssetAccountIndicator",
            *is_in_listed_account,
        );
        let name = draft.at(part, "ASSET_HOLDER/NAME");
        draft.text(name, "FullName", holder.as_ref());
        owners(draft, "ASSET_IsAssociatedWith_ROLE", part, asset_owners);
    }
}

/// Writes real estate owned after the other assets, whose number is given; debts must be there.
pub(super) fn owned_properties<'a>(
    draft: &mut Draft<'a>,
    deal: Id,
    properties: &'a [OwnedProperty],
    assets: usize,
) {
    let list = draft.at(deal, "ASSETS");
    for (index, property) in properties.iter().enumerate() {
        let OwnedProperty {
            address,
            is_subject,
            disposition,
            value_cents,
            is_value_listed,
            lien_balance_cents,
            maintenance_cents,
            gross_rent_cents,
            net_rent_cents,
            current_usage,
            intended_usage,
            liabilities,
            owners: property_owners,
        } = property;
        let part = draft.item(list, "ASSET");
        draft.number(part, "ASSET", assets.saturating_add(index));
        draft.anchor(part, Anchor::OwnedProperty(index));
        let owned = draft.at(part, "OWNED_PROPERTY");
        // What makes the asset a property; it must be there even if nothing else is known.
        draft.get_mut(owned).is_kept = true;
        let detail = draft.at(owned, "OWNED_PROPERTY_DETAIL");
        draft.word(
            detail,
            "OwnedPropertyDispositionStatusType",
            disposition.as_ref(),
        );
        draft.amount(detail, "OwnedPropertyLienUPBAmount", *lien_balance_cents);
        draft.amount(
            detail,
            "OwnedPropertyMaintenanceExpenseAmount",
            *maintenance_cents,
        );
        draft.amount(
            detail,
            "OwnedPropertyRentalIncomeGrossAmount",
            *gross_rent_cents,
        );
        draft.amount(
            detail,
            "OwnedPropertyRentalIncomeNetAmount",
            *net_rent_cents,
        );
        draft.flag(detail, "OwnedPropertySubjectIndicator", *is_subject);
        let place = draft.at(owned, "PROPERTY/ADDRESS");
        names::address(draft, place, address);
        let detail = draft.at(owned, "PROPERTY/PROPERTY_DETAIL");
        draft.word(detail, "PropertyCurrentUsageType", current_usage.as_ref());
        draft.word(detail, "PropertyUsageType", intended_usage.as_ref());
        if *is_value_listed {
            let outer = draft.at(part, "ASSET_DETAIL");
            draft.amount(outer, "AssetCashOrMarketValueAmount", *value_cents);
        } else {
            draft.amount(detail, "PropertyEstimatedValueAmount", *value_cents);
        }
        owners(draft, "ASSET_IsAssociatedWith_ROLE", part, property_owners);
        for debt in liabilities {
            draft.link_to(
                "ASSET_IsAssociatedWith_LIABILITY",
                part,
                Anchor::Liability(*debt),
            );
        }
    }
}

/// Writes the debts.
pub(super) fn liabilities<'a>(draft: &mut Draft<'a>, deal: Id, liabilities: &'a [Liability]) {
    let list = draft.at(deal, "LIABILITIES");
    for (index, liability) in liabilities.iter().enumerate() {
        let Liability {
            kind,
            description,
            account,
            holder,
            monthly_payment_cents,
            balance_cents,
            credit_limit_cents,
            remaining_months,
            is_paid_off,
            is_excluded,
            includes_escrow,
            mortgage_program,
            owners: debtors,
        } = liability;
        let part = draft.item(list, "LIABILITY");
        draft.number(part, "LIABILITY", index);
        draft.anchor(part, Anchor::Liability(index));
        let detail = draft.at(part, "LIABILITY_DETAIL");
        draft.amount(detail, "HELOCMaximumBalanceAmount", *credit_limit_cents);
        draft.text(
            detail,
            "LiabilityAccountIdentifier",
            account.as_ref().map(|a| a.expose()),
        );
        draft.flag(detail, "LiabilityExclusionIndicator", *is_excluded);
        draft.amount(
            detail,
            "LiabilityMonthlyPaymentAmount",
            *monthly_payment_cents,
        );
        draft.flag(
            detail,
            "LiabilityPaymentIncludesTaxesInsuranceIndicator",
            *includes_escrow,
        );
        draft.flag(detail, "LiabilityPayoffStatusIndicator", *is_paid_off);
        draft.count(
            detail,
            "LiabilityRemainingTermMonthsCount",
            *remaining_months,
        );
        draft.described(detail, "LiabilityType", kind.as_ref(), description.as_ref());
        draft.amount(detail, "LiabilityUnpaidBalanceAmount", *balance_cents);
        draft.word(detail, "MortgageType", mortgage_program.as_ref());
        let name = draft.at(part, "LIABILITY_HOLDER/NAME");
        draft.text(name, "FullName", holder.as_ref());
        owners(draft, "LIABILITY_IsAssociatedWith_ROLE", part, debtors);
    }
}

/// Writes the obligations that are no debts.
pub(super) fn expenses<'a>(draft: &mut Draft<'a>, deal: Id, expenses: &'a [Expense]) {
    let list = draft.at(deal, "EXPENSES");
    for (index, expense) in expenses.iter().enumerate() {
        let Expense {
            kind,
            description,
            monthly_payment_cents,
            remaining_months,
            owners: payers,
        } = expense;
        let part = draft.item(list, "EXPENSE");
        draft.number(part, "EXPENSE", index);
        draft.anchor(part, Anchor::Expense(index));
        draft.amount(part, "ExpenseMonthlyPaymentAmount", *monthly_payment_cents);
        draft.count(part, "ExpenseRemainingTermMonthsCount", *remaining_months);
        draft.described(part, "ExpenseType", kind.as_ref(), description.as_ref());
        owners(draft, "EXPENSE_IsAssociatedWith_ROLE", part, payers);
    }
}
