//! Every member of every endpoint that takes an id, called with another tenant's.

use serde_json::{Value, json};

use super::family::{Caller, Family, person, search, signup};

/// One member that takes an id.
pub struct Case {
    pub path: &'static str,
    /// Which member, for the message.
    pub member: &'static str,
    /// Somebody else's id, as the other tenant has it.
    pub foreign: fn(&Family) -> String,
    /// An id of the same shape that nobody has.
    pub unknown: &'static str,
    /// The payload with an id in that place; everything else is the caller's own.
    pub data: fn(&Family, &str) -> Value,
    /// Who calls.
    pub caller: fn(&Family) -> &Caller,
}

/// Endpoints of the Lender API without a case, and why.
pub const WITHOUT_IDS: &[(&str, &str)] = &[
    (
        "/access-token/destroy",
        "its only id is the token: a case of its own",
    ),
    (
        "/create-loan",
        "a loan number is the caller's own word: a case of its own",
    ),
    ("/get-apr-closing-costs", "names nobody"),
    ("/validate-mismo", "names nobody"),
    (
        "/custom-ppe/get-catalogue",
        "names versions by number, each tenant has its own count",
    ),
    ("/custom-ppe/update-catalogue", "names nobody"),
    (
        "/broker-setup-url",
        "words of the caller's own: a case of its own",
    ),
];

pub const UNKNOWN: &str = "ZZZZ0000";
pub const UNKNOWN_WORD: &str = "zzzz-nobody";
const UNKNOWN_MAIL: &str = "nobody@zzzz.example.com";

fn lender(family: &Family) -> &Caller {
    &family.caller
}

fn vendor(family: &Family) -> &Caller {
    &family.vendor_caller
}

fn own(family: &Family) -> String {
    family.lender.public_id.to_string()
}

pub const fn case(
    path: &'static str,
    member: &'static str,
    foreign: fn(&Family) -> String,
    unknown: &'static str,
    data: fn(&Family, &str) -> Value,
) -> Case {
    Case {
        path,
        member,
        foreign,
        unknown,
        data,
        caller: lender,
    }
}

/// A payload of one list of loans, with a filter.
fn loans(members: Value) -> Value {
    let mut data = json!({ "isActive": "true" });
    if let (Some(all), Value::Object(more)) = (data.as_object_mut(), members) {
        all.extend(more);
    }
    data
}

fn priced(part: &str, member: &str, id: &str) -> Value {
    let mut data = signup();
    data[part][member] = json!(id);
    data
}

fn status(list: &str, member: &str, id: &str) -> Value {
    json!({ list: [{ member: id, "status": "Deactivate" }] })
}

fn headshot(lender: &str, user: &str) -> Value {
    // One pixel, so that only the ids are wrong.
    let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
    json!({
        "company": { "lenderID": lender },
        "users": [{ "userUID": user, "headshot": { "imageFormat": "png", "base64": picture } }],
    })
}

fn added(lender: &str, member: &str, branches: Value) -> Value {
    let mut user = person("isolation", "new", "Admin");
    if !member.is_empty() {
        user[member] = branches;
    }
    json!({ "company": { "lenderID": lender }, "users": [user] })
}

fn sign_on(lender: &str, user: &str) -> Value {
    json!({ "company": { "lenderID": lender }, "user": { "userID": user } })
}

fn rates(lender: &str, product: &str) -> Value {
    let rows = json!([{ "rate": "6.000", "point": "99.256", "lockPeriod": "30" }]);
    json!({
        "company": { "lenderID": lender },
        "products": [{ "publicID": product, "ratesAndPoints": rows }],
    })
}

const LIST: &str = "/api/lender/get-list-loans";
const PRICING: &str = "/api/lender/set-signup-product-pricing";
const STATUS: &str = "/api/lender/set-account-status";
const HEADSHOT: &str = "/api/lender/update-headshot";
const ADD: &str = "/api/lender/add-users";
const SIGN_ON: &str = "/api/lender/get-single-sign-on-url";

/// The Lender API's.
pub const LENDER_CASES: &[Case] = &[
    case(
        "/api/lender/connect-vendor",
        "vendor",
        own,
        UNKNOWN,
        |_, id| json!({ "vendor": id, "allowLoanLevelAccess": true }),
    ),
    case(
        PRICING,
        "borrower.bsmLeadUID",
        |f| f.lead.clone(),
        UNKNOWN,
        |_, id| priced("borrower", "bsmLeadUID", id),
    ),
    case(PRICING, "company.lenderID", own, UNKNOWN, |_, id| {
        priced("company", "lenderID", id)
    }),
    case(
        PRICING,
        "company.lenderID of a broker",
        |f| f.broker.clone(),
        UNKNOWN,
        |_, id| priced("company", "lenderID", id),
    ),
    case(
        PRICING,
        "loan.loanOfficerUID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| priced("loan", "loanOfficerUID", id),
    ),
    case(
        PRICING,
        "loan.loanOfficerUID, as userUID",
        |f| f.admin_uid.clone(),
        UNKNOWN_WORD,
        |_, id| priced("loan", "loanOfficerUID", id),
    ),
    case(HEADSHOT, "company.lenderID", own, UNKNOWN, |f, id| {
        headshot(id, &f.admin_uid)
    }),
    case(
        HEADSHOT,
        "users.userUID",
        |f| f.admin_uid.clone(),
        UNKNOWN_WORD,
        |f, id| headshot(f.lender.public_id.as_str(), id),
    ),
    case(
        HEADSHOT,
        "users.userUID, as userID",
        |f| f.admin.clone(),
        UNKNOWN,
        |f, id| headshot(f.lender.public_id.as_str(), id),
    ),
    case(
        STATUS,
        "companies.lenderID",
        |f| f.broker.clone(),
        UNKNOWN,
        |_, id| status("companies", "lenderID", id),
    ),
    case(
        STATUS,
        "companies.lenderID of a lender",
        own,
        UNKNOWN,
        |_, id| status("companies", "lenderID", id),
    ),
    case(
        STATUS,
        "users.userUID",
        |f| f.admin_uid.clone(),
        UNKNOWN_WORD,
        |_, id| status("users", "userUID", id),
    ),
    case(
        STATUS,
        "users.userUID, as userID",
        |f| f.broker_user.clone(),
        UNKNOWN,
        |_, id| status("users", "userUID", id),
    ),
    case(ADD, "company.lenderID", own, UNKNOWN, |_, id| {
        added(id, "", Value::Null)
    }),
    case(
        ADD,
        "company.lenderID of a broker",
        |f| f.broker.clone(),
        UNKNOWN,
        |_, id| added(id, "", Value::Null),
    ),
    case(
        ADD,
        "users.primaryBranchID",
        |f| f.branch.clone(),
        UNKNOWN,
        |f, id| added(f.lender.public_id.as_str(), "primaryBranchID", json!(id)),
    ),
    case(
        ADD,
        "users.secondaryBranchIDs",
        |f| f.branch.clone(),
        UNKNOWN,
        |f, id| {
            added(
                f.lender.public_id.as_str(),
                "secondaryBranchIDs",
                json!([id]),
            )
        },
    ),
    case(
        "/api/lender/update/user",
        "userID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| json!({ "userID": id, "user": { "prefEmailNotifications": 0 } }),
    ),
    case(
        "/api/lender/update/user",
        "email",
        |f| f.admin_email.clone(),
        UNKNOWN_MAIL,
        |_, id| json!({ "email": id, "user": { "prefEmailNotifications": 0 } }),
    ),
    case(SIGN_ON, "company.lenderID", own, UNKNOWN, |f, id| {
        sign_on(id, &f.admin)
    }),
    case(
        SIGN_ON,
        "user.userID",
        |f| f.admin.clone(),
        UNKNOWN,
        |f, id| sign_on(f.lender.public_id.as_str(), id),
    ),
    case(
        "/api/lender/get-internal-users",
        "branchID",
        |f| f.branch.clone(),
        UNKNOWN,
        |_, id| json!({ "subRole": "Loan Officer", "branchID": id }),
    ),
    case(
        LIST,
        "userID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| loans(json!({ "userID": id })),
    ),
    case(
        LIST,
        "userEmail",
        |f| f.admin_email.clone(),
        UNKNOWN_MAIL,
        |_, id| loans(json!({ "userEmail": id })),
    ),
    case(LIST, "filter.wholesaleLenderUID", own, UNKNOWN, |_, id| {
        loans(json!({ "filter": { "wholesaleLenderUID": id } }))
    }),
    case(
        LIST,
        "filter.loanOfficer.loanOfficerUID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| loans(json!({ "filter": { "loanOfficer": { "loanOfficerUID": id } } })),
    ),
    case(
        "/api/lender/custom-ppe/update-rates-points",
        "lenderID",
        own,
        UNKNOWN,
        |f, id| rates(id, &f.product),
    ),
    case(
        "/api/lender/custom-ppe/update-rates-points",
        "products.publicID",
        |f| f.product.clone(),
        UNKNOWN,
        |f, id| rates(f.lender.public_id.as_str(), id),
    ),
    case(
        "/api/lender/custom-ppe/quote-replay",
        "searchID",
        |f| f.search.clone(),
        "ZZZ000",
        |_, id| json!({ "searchID": id }),
    ),
    case(
        "/api/lender/get-ppe-anonymous",
        "lenderID",
        own,
        UNKNOWN,
        |_, id| {
            let mut data = search();
            data["lenderID"] = json!(id);
            data
        },
    ),
];

const fn vendors(
    path: &'static str,
    member: &'static str,
    foreign: fn(&Family) -> String,
    unknown: &'static str,
    data: fn(&Family, &str) -> Value,
) -> Case {
    Case {
        caller: vendor,
        ..case(path, member, foreign, unknown, data)
    }
}

/// The partner family's, called by a vendor of the caller's own lender.
pub const PARTNER_CASES: &[Case] = &[
    vendors(
        "/api/partner/lender/users",
        "lenderID",
        own,
        UNKNOWN,
        |_, id| json!({ "lenderID": id, "filter": "loanofficer" }),
    ),
    vendors(
        "/api/partner/loan/get-list-loans",
        "lenderID",
        own,
        UNKNOWN,
        |_, id| loans(json!({ "lenderID": id })),
    ),
    vendors(
        "/api/partner/loan/get-list-loans",
        "userID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| loans(json!({ "userID": id })),
    ),
    vendors(
        "/api/partner/create-lead",
        "lenderID",
        own,
        UNKNOWN,
        |_, id| {
            let mut data = signup();
            data["lenderID"] = json!(id);
            data
        },
    ),
    vendors(
        "/api/partner/create-lead",
        "loan.loanOfficerUID",
        |f| f.admin.clone(),
        UNKNOWN,
        |_, id| priced("loan", "loanOfficerUID", id),
    ),
    vendors(
        "/api/loan/set-esign-url",
        "lenderID",
        own,
        UNKNOWN,
        |f, id| esign(id, &f.loan),
    ),
    vendors(
        "/api/loan/set-esign-url",
        "loanID",
        |f| f.loan.clone(),
        UNKNOWN,
        |f, id| esign(f.lender.public_id.as_str(), id),
    ),
];

fn esign(lender: &str, loan: &str) -> Value {
    json!({
        "lenderID": lender, "loanID": loan, "docVendor": "Docutech",
        "loanOfficer": {
            "esignURL": "https://sign.example.com/1", "esignURLExpirationDate": "1893456000",
            "status": "ESignReady",
        },
    })
}
