//! The list of every statement, for the test that prepares each of them on both databases.

use crate::{
    borrower, catalogue, condition, credential, document, esign, event, image, lead, loan, los,
    organisation, product, profile, ratecard, rules, search, setup, sheet, slug, token, vendor,
};
use crate::{branch, link, message, messaging, session, sign_in, staff, throttle};

/// Organisations, credentials, tokens, vendors, events, products and loans.
const FIXED: &[(&str, &str)] = &[
    ("organisation.insert", organisation::INSERT),
    ("organisation.by_public_id", organisation::BY_PUBLIC_ID),
    ("organisation.by_id", organisation::BY_ID),
    ("organisation.insert_broker", organisation::INSERT_BROKER),
    ("organisation.by_partner_uid", organisation::BY_PARTNER_UID),
    ("organisation.partner_uid", organisation::PARTNER_UID),
    ("organisation.brokers", organisation::BROKERS),
    ("organisation.lock", organisation::LOCK),
    ("organisation.set_active", organisation::SET_ACTIVE),
    ("profile.load", profile::LOAD),
    ("profile.set_name", profile::SET_NAME),
    ("profile.put", profile::PUT),
    ("profile.licenses", profile::LICENSES),
    ("profile.drop_licenses", profile::DROP_LICENSES),
    ("profile.insert_license", profile::INSERT_LICENSE),
    ("setup.load", setup::LOAD),
    ("setup.insert", setup::INSERT),
    ("setup.sent", setup::SENT),
    ("setup.set_sent", setup::SET_SENT),
    ("setup.set_step", setup::SET_STEP),
    ("setup.complete", setup::COMPLETE),
    ("organisation.list", organisation::LIST),
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
    ("token.end_of_org", token::END_OF_ORG),
    ("token.end_of_vendor", token::END_OF_VENDOR),
    (
        "token.end_of_vendor_at_brokers",
        token::END_OF_VENDOR_AT_BROKERS,
    ),
    ("vendor.insert", vendor::INSERT),
    ("vendor.lock", vendor::LOCK),
    ("vendor.by_pair", vendor::BY_PAIR),
    ("vendor.update", vendor::UPDATE),
    ("vendor.withdraw", vendor::WITHDRAW),
    ("esign.lock_loan", esign::LOCK_LOAN),
    ("esign.loan", esign::LOAN),
    ("esign.by_los_id", esign::BY_LOS_ID),
    ("esign.borrowers", esign::BORROWERS),
    ("esign.links", esign::LINKS),
    ("esign.put", esign::PUT),
    ("image.insert", image::INSERT),
    ("image.by_hash", image::BY_HASH),
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
    ("loan.lock_one", loan::read::LOCK),
    ("loan.touch_one", loan::read::TOUCH),
    ("loan.history", loan::read::HISTORY),
    ("loan.history_of_kind", loan::read::VIEWS),
    ("loan.set_status", loan::status::SET),
    ("loan.keep_position", loan::status::KEEP),
    ("loan.wordings", loan::status::WORDINGS),
    ("loan.put_wording", loan::status::PUT_WORDING),
    ("loan.remove_wording", loan::status::REMOVE_WORDING),
    ("loan.invite", loan::invitation::INSERT),
    ("loan.invited", loan::invitation::EMAILS),
    ("condition.insert", condition::INSERT),
    ("condition.of_loan", condition::OF_LOAN),
    ("condition.by_public_id", condition::BY_PUBLIC_ID),
    ("condition.by_id", condition::BY_ID),
    ("condition.by_key", condition::BY_KEY),
    ("condition.loan_of", condition::LOAN_OF),
    ("condition.count", condition::COUNT),
    ("condition.update", condition::UPDATE),
    ("condition.papers", condition::PAPERS),
    ("condition.has_paper", condition::HAS_PAPER),
];

/// Every statement this crate can send, with a name for the test's report.
#[must_use]
pub fn all() -> Vec<(&'static str, String)> {
    let mut list: Vec<(&'static str, String)> = FIXED
        .iter()
        .copied()
        .chain(pricing())
        .chain(signing_in())
        .map(|(name, sql)| (name, sql.to_owned()))
        .collect();
    list.extend(crate::job::statements());
    list.extend(los::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::watch::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::idempotency::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::watch::statements());
    list.extend(loan::crm::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(lead::invite::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::crm::STATEMENTS.map(|(name, sql)| (name, sql.to_owned())));
    let partners = crate::network::STATEMENTS.into_iter();
    let partners = partners.chain(crate::intermediary::STATEMENTS);
    let partners = partners.chain(crate::partner_session::STATEMENTS);
    list.extend(partners.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::process::statements());
    list.extend(crate::proposal::statements());
    list.extend(crate::simulation::statements());
    let kept = crate::number_series::STATEMENTS.into_iter();
    let kept = kept.chain(crate::status_change::STATEMENTS);
    let kept = kept.chain(crate::partner_message::STATEMENTS);
    list.extend(kept.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(crate::task::statements());
    list.extend(crate::callback::statements());
    list.extend(crate::alert::statements());
    let writing = messaging::STATEMENTS.into_iter();
    let writing = writing.chain(crate::suppression::STATEMENTS);
    list.extend(writing.map(|(name, sql)| (name, sql.to_owned())));
    let lists = crate::parish::STATEMENTS.into_iter();
    let lists = lists.chain(crate::index_average::STATEMENTS);
    let lists = lists.chain(crate::offer::STATEMENTS.iter().copied());
    list.extend(lists.map(|(name, sql)| (name, sql.to_owned())));
    list.extend(message::statements());
    list.extend(staff::statements());
    list.extend(branch::statements());
    list.extend(document::statements());
    list.push(("event.of_subjects", event::of_subjects_sql()));
    list.push(("vendor.list", vendor::list_sql()));
    list.push(("vendor.reach", vendor::reach_sql()));
    list.push(("vendor.reached_by_id", vendor::reached_by_id_sql()));
    list.push((
        "vendor.reached_by_public_id",
        vendor::reached_by_public_id_sql(),
    ));
    list.push(("loan.borrowers", loan::list::borrowers_sql()));
    let of_account = loan::invitation::of_account_sql();
    list.push(("loan.invited_account", of_account));
    list.push(("loan.lent_by_public_id", loan::read::by_public_id_sql(true)));
    list.push(("loan.by_public_id", loan::read::by_public_id_sql(false)));
    list.push(("catalogue.heads", catalogue::heads_sql()));
    list.extend(sign_ups().map(|(name, sql)| (name, sql.to_owned())));
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

fn sign_ups() -> [(&'static str, &'static str); 21] {
    [
        ("lead.by_submission", lead::BY_SUBMISSION),
        ("lead.list", lead::LIST),
        ("lead.count", lead::COUNT),
        ("lead.of_account", lead::OF_ACCOUNT),
        ("lead.officer_by_public_id", lead::OFFICER_BY_PUBLIC_ID),
        ("lead.officer_by_uid", lead::OFFICER_BY_UID),
        ("borrower.insert", borrower::INSERT),
        ("borrower.by_email", borrower::BY_EMAIL),
        ("borrower.by_id", borrower::BY_ID),
        ("borrower.by_public_id", borrower::BY_PUBLIC_ID),
        ("borrower.known_account", borrower::KNOWN_ACCOUNT),
        ("borrower.known_borrower", borrower::KNOWN_BORROWER),
        ("borrower.known_subscriber", borrower::KNOWN_SUBSCRIBER),
        ("borrower.known_invited", borrower::KNOWN_INVITED),
        ("borrower.sign_in", borrower::SIGN_IN),
        ("borrower.is_alive", borrower::IS_ALIVE),
        ("borrower.lock", borrower::LOCK),
        ("borrower.set_password", borrower::SET_PASSWORD),
        ("borrower.choice", borrower::CHOICE),
        ("borrower.first_choice", borrower::FIRST_CHOICE),
        ("borrower.new_choice", borrower::NEW_CHOICE),
    ]
}

fn signing_in() -> [(&'static str, &'static str); 33] {
    [
        ("session.insert", session::INSERT),
        ("session.trim", session::TRIM),
        ("session.look", session::LOOK),
        ("session.touch", session::TOUCH),
        ("session.list", session::LIST),
        ("session.end", session::END),
        ("session.end_one", session::END_ONE),
        ("session.end_others", session::END_OTHERS),
        ("session.end_of_org", session::END_OF_ORG),
        ("session.sweep", session::SWEEP),
        ("link.insert", link::INSERT),
        ("link.drop_older", link::DROP_OLDER),
        ("link.look", link::LOOK),
        ("link.use", link::USE),
        ("link.end_of_person", link::END_OF_PERSON),
        ("link.end_of_org", link::END_OF_ORG),
        ("link.sweep", link::SWEEP),
        ("link.is_org_active", link::IS_ORG_ACTIVE),
        ("throttle.read", throttle::READ),
        ("throttle.start", throttle::START),
        ("throttle.lock", throttle::LOCK),
        ("throttle.set", throttle::SET),
        ("throttle.clear", throttle::CLEAR),
        ("throttle.give_back", throttle::GIVE_BACK),
        ("throttle.sweep", throttle::SWEEP),
        ("sign_in.by_email", sign_in::BY_EMAIL),
        ("sign_in.by_id", sign_in::BY_ID),
        ("sign_in.lock", sign_in::LOCK),
        ("sign_in.set_password", sign_in::SET_PASSWORD),
        ("sign_in.set_totp", sign_in::SET_TOTP),
        ("sign_in.replace_totp", sign_in::REPLACE_TOTP),
        ("sign_in.clear_totp", sign_in::CLEAR_TOTP),
        ("sign_in.take_step", sign_in::TAKE_STEP),
    ]
}
