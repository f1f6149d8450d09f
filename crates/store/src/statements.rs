//! The list of every statement, for the test that prepares each of them on both databases.

use crate::{
    catalogue, credential, event, lead, loan, organisation, product, ratecard, rules, search,
    sheet, slug, token,
};

/// Every statement this crate can send, with a name for the test's report.
#[must_use]
pub fn all() -> Vec<(&'static str, String)> {
    let fixed = [
        ("organisation.insert", organisation::INSERT),
        ("organisation.by_public_id", organisation::BY_PUBLIC_ID),
        ("organisation.by_id", organisation::BY_ID),
        ("organisation.list", organisation::LIST),
        ("staff.insert", organisation::INSERT_STAFF),
        ("staff.by_public_id", organisation::STAFF_BY_PUBLIC_ID),
        ("staff.of", organisation::STAFF_OF),
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
        ("product.by_code", product::BY_CODE),
        ("product.by_public_id", product::BY_PUBLIC_ID),
        ("rules.insert", rules::INSERT),
        ("rules.list", rules::LIST),
        ("rules.any", rules::ANY),
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
        .chain(pricing())
        .map(|(name, sql)| (name, sql.to_owned()))
        .collect();
    list.push(("event.of_subjects", event::of_subjects_sql()));
    list.push(("loan.borrowers", loan::list::borrowers_sql()));
    list.push(("catalogue.heads", catalogue::heads_sql()));
    let [one, many] = &*search::INSERTS;
    list.push(("search.insert", one.clone()));
    list.push(("search.insert_many", many.clone()));
    list
}

fn pricing() -> [(&'static str, &'static str); 43] {
    [
        ("slug.of_org", slug::OF_ORG),
        ("slug.insert", slug::INSERT),
        ("slug.organisation", slug::ORGANISATION),
        ("catalogue.advance", catalogue::ADVANCE),
        ("catalogue.start", catalogue::START),
        ("catalogue.head", catalogue::HEAD),
        ("catalogue.insert", catalogue::INSERT),
        ("catalogue.insert_part", catalogue::INSERT_PART),
        ("catalogue.in_force", catalogue::IN_FORCE),
        ("catalogue.by_version", catalogue::BY_VERSION),
        ("catalogue.list", catalogue::LIST),
        ("catalogue.parts", catalogue::PARTS),
        ("catalogue.due", catalogue::DUE),
        ("sheet.insert", sheet::INSERT),
        ("sheet.in_force", sheet::IN_FORCE),
        ("sheet.versions_in_force", sheet::VERSIONS_IN_FORCE),
        ("sheet.in_force_of", sheet::IN_FORCE_OF),
        ("sheet.by_version", sheet::BY_VERSION),
        ("sheet.history", sheet::HISTORY),
        ("search.by_id", search::BY_ID),
        ("search.anywhere", search::ANYWHERE),
        ("search.sweep", search::SWEEP),
        ("lead.insert", lead::INSERT),
        ("lead.lock", lead::LOCK),
        ("lead.by_uid", lead::BY_UID),
        ("lead.by_id", lead::BY_ID),
        ("lead.update", lead::UPDATE),
        ("lead.insert_link", lead::INSERT_LINK),
        ("lead.link", lead::LINK),
        ("ratecard.insert", ratecard::INSERT),
        ("ratecard.by_id", ratecard::BY_ID),
        ("ratecard.list", ratecard::LIST),
        ("ratecard.open", ratecard::OPEN),
        ("ratecard.insert_shard", ratecard::INSERT_SHARD),
        ("ratecard.claim", ratecard::CLAIM),
        ("ratecard.heartbeat", ratecard::HEARTBEAT),
        ("ratecard.finish", ratecard::FINISH),
        ("ratecard.fail", ratecard::FAIL),
        ("ratecard.expire", ratecard::EXPIRE),
        ("ratecard.progress", ratecard::PROGRESS),
        ("ratecard.shards", ratecard::SHARDS),
        ("ratecard.outputs", ratecard::OUTPUTS),
        ("ratecard.close", ratecard::CLOSE),
    ]
}
