//! The list of every statement, for the test that prepares each of them on both databases.

use crate::{credential, event, fee, loan, organisation, product, token};

/// Every statement this crate can send, with a name for the test's report.
#[must_use]
pub fn all() -> Vec<(&'static str, String)> {
    let fixed = [
        ("organisation.insert", organisation::INSERT),
        ("organisation.by_public_id", organisation::BY_PUBLIC_ID),
        ("organisation.list", organisation::LIST),
        ("staff.insert", organisation::INSERT_STAFF),
        ("staff.by_public_id", organisation::STAFF_BY_PUBLIC_ID),
        ("staff.by_los_id", organisation::STAFF_BY_LOS_ID),
        ("staff.by_nmls", organisation::STAFF_BY_NMLS),
        ("staff.by_email", organisation::STAFF_BY_EMAIL),
        ("credential.insert", credential::INSERT),
        ("credential.secret", credential::SECRET),
        ("credential.list", credential::LIST),
        ("credential.by_api_id", credential::BY_API_ID),
        ("credential.key_ids", credential::KEY_IDS),
        ("credential.revoke", credential::REVOKE),
        ("token.current", token::CURRENT),
        ("token.by_hash", token::BY_HASH),
        ("token.insert", token::INSERT),
        ("token.extend", token::EXTEND),
        ("token.retire", token::RETIRE),
        ("token.destroy", token::DESTROY),
        ("token.forget", token::FORGET),
        ("event.advance", event::ADVANCE),
        ("event.start", event::START),
        ("event.set_hash", event::SET_HASH),
        ("event.insert", event::INSERT),
        ("event.page", event::PAGE),
        ("event.head", event::HEAD),
        ("outbox.insert", event::OUTBOX_INSERT),
        ("outbox.open", event::OUTBOX_OPEN),
        ("product.insert", product::INSERT),
        ("product.list", product::LIST),
        ("fee.insert", fee::INSERT),
        ("fee.list", fee::LIST),
        ("loan.existing", loan::write::EXISTING),
        ("loan.lock", loan::write::LOCK),
        ("loan.insert", loan::write::INSERT),
        ("loan.replace", loan::write::REPLACE),
        ("loan.application", loan::write::PUT_APPLICATION),
        ("loan.read_application", loan::write::READ_APPLICATION),
        ("loan.source", loan::write::INSERT_SOURCE),
        ("loan.read_source", loan::write::READ_SOURCE),
        ("loan.drop_borrowers", loan::write::DROP_BORROWERS),
        ("loan.borrower", loan::write::INSERT_BORROWER),
        ("loan.touch", loan::write::TOUCH),
    ];
    let mut list: Vec<(&'static str, String)> = fixed
        .into_iter()
        .map(|(name, sql)| (name, sql.to_owned()))
        .collect();
    list.push(("event.of_subjects", event::of_subjects_sql()));
    list.push(("loan.borrowers", loan::list::borrowers_sql()));
    list
}
