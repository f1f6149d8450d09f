//! How a loan, a borrower and a view look in a list, member by member in the documented order.

use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::{BorrowerLine, LoanLine, LoanView};
use lintel_engine::money::Cents;

use crate::names;
use crate::quirks::plain_dollars;
use crate::tree::{Name, Node};

/// Members `withBorrower` can ask for, in the order they are shown.
pub const BORROWER_FIELDS: &[&str] = &[
    "firstName",
    "middleName",
    "lastName",
    "email",
    "ssoID",
    "isPrimary",
];

/// Members `loanViews` can ask for, in the order they are shown.
pub const VIEW_FIELDS: &[&str] = &["name", "userID", "time"];

/// One loan.
pub fn line(loan: &LoanLine) -> Node {
    let text = |value: &Option<String>| Node::from(value.as_ref());
    Node::object([
        ("date", Node::Int(loan.created_at.seconds())),
        ("ID", Node::from(loan.public_id.as_str())),
        ("statusDate", Node::Int(loan.status_at.seconds())),
        ("systemMainStatus", Node::from(&loan.system_status.main)),
        ("systemSubStatus", Node::from(&loan.system_status.sub)),
        ("lenderMainStatus", Node::from(&loan.lender_status.main)),
        ("lenderSubStatus", Node::from(&loan.lender_status.sub)),
        ("borrowerMainStatus", Node::from(&loan.borrower_status.main)),
        ("borrowerSubStatus", Node::from(&loan.borrower_status.sub)),
        (
            "closingDate",
            Node::from(loan.closing_at.map(Instant::seconds)),
        ),
        ("loanPurpose", Node::from(names::purpose(loan.purpose))),
        ("productProgram", Node::from(names::program(loan.program))),
        (
            "occupancyType",
            Node::from(loan.occupancy.map(names::occupancy)),
        ),
        (
            "propertyType",
            Node::from(loan.property_type.map(names::property_type)),
        ),
        ("homePrice", Node::from(loan.home_price.map(plain_dollars))),
        ("loanAmount", Node::from(plain_dollars(loan.loan_amount))),
        ("totalBorrowersMonthlyIncome", money(loan.monthly_income)),
        ("totalBorrowersLiabilities", money(loan.liabilities)),
        ("subjectPropertyStreet", text(&loan.property.street)),
        ("subjectPropertyStreet2", text(&loan.property.unit)),
        ("subjectPropertyCity", text(&loan.property.city)),
        ("subjectPropertyState", text(&loan.property.state)),
        ("subjectPropertyZipcode", text(&loan.property.postal_code)),
        ("loanOfficerFirstName", text(&loan.officer.first_name)),
        ("loanOfficerLastName", text(&loan.officer.last_name)),
        ("loanOfficerEmail", text(&loan.officer.email)),
        (
            "loanOfficerUID",
            Node::from(loan.officer.public_id.as_ref().map(PublicId::as_str)),
        ),
    ])
}

fn money(amount: Cents) -> Node {
    Node::from(amount.to_string())
}

/// One borrower, with the members asked for.
pub fn borrower(borrower: &BorrowerLine, wanted: &[String]) -> Node {
    let text = |value: &Option<String>| Node::from(value.as_ref());
    let members = [
        ("firstName", Node::from(&borrower.first_name)),
        ("middleName", text(&borrower.middle_name)),
        ("lastName", Node::from(&borrower.last_name)),
        ("email", text(&borrower.email)),
        ("ssoID", text(&borrower.sso_id)),
        ("isPrimary", Node::Bool(borrower.is_primary)),
    ];
    only(members, wanted)
}

/// One view, with the members asked for.
pub fn view(view: &LoanView, wanted: &[String]) -> Node {
    let members = [
        ("name", Node::from(&view.name)),
        ("userID", Node::from(view.user_id.as_str())),
        ("time", Node::Int(view.at.seconds())),
    ];
    only(members, wanted)
}

fn only<const N: usize>(members: [(&'static str, Node); N], wanted: &[String]) -> Node {
    let kept = members
        .into_iter()
        .filter(|(name, _)| wanted.iter().any(|w| w == name));
    Node::Object(
        kept.map(|(name, node)| (Name::Borrowed(name), node))
            .collect(),
    )
}
