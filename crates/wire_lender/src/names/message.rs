//! Parameters of invitations to apply and of rate watches.

use lintel_domain::refusal::{ApplicationField, WatchField};

/// The parameter of a part of an invitation to apply.
pub fn application(part: ApplicationField) -> String {
    match part {
        ApplicationField::Borrowers => "borrowers".to_owned(),
        ApplicationField::Email { borrower } => format!("borrowers[{borrower}].email"),
    }
}

/// The parameter of a part of a rate watch.
pub fn watch(part: WatchField) -> String {
    match part {
        WatchField::Email | WatchField::Count => "email".to_owned(),
        WatchField::ProductNames => "productNames".to_owned(),
        WatchField::ProductName { place } => format!("productNames[{place}]"),
        WatchField::Targets => "rateTargets".to_owned(),
        WatchField::TargetProduct { place } => format!("rateTargets[{place}].productName"),
        WatchField::TargetRate { place } => format!("rateTargets[{place}].desiredRate"),
    }
}
