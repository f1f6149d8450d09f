//! The domain's application to a MISMO 3.4 document, in the shape of Fannie Mae's underwriting
//! request with the uniform application's fields.
//!
//! Three steps: the application becomes a tree, what a source document said beyond it is put back
//! ([`Carried`]), and then children are sorted, labels and arcs made and text written. The tree has
//! no positions and no labels of its own before the end, so parts are written in any order.
//!
//! The functions below take the application's structs apart field by field: a new field does not
//! compile until it is written.

mod arm;
mod borrower;
mod carry;
mod closing;
mod declarations;
mod demographics;
mod draft;
mod employment;
mod holdings;
mod loan;
mod names;
mod party;
mod party_order;
mod points;
mod property;
mod related;
mod relationships;
mod serial;
mod xml_text;

use std::borrow::Cow;

use lintel_domain::application::Application;
use lintel_domain::application::property::SubjectProperty;

use crate::carried::{Anchor, Carried};
use crate::finding::Finding;
use carry::XSI;
use draft::{Draft, Id};

/// The reference model a document of ours follows: 3.4, build 324.
const REFERENCE_MODEL: &str = "3.4.032420160128";

/// Where a receiver may find the agencies' schema of such documents; nobody here looks there.
const SCHEMA_LOCATION: &str =
    "http://www.mismo.org/residential/2009/schemas DU_Wrapper_3.4.0_B324.xsd";

/// What a document says about itself, which is not the application's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteFacts<'a> {
    /// When it was made, in UTC: `2026-11-21T15:00:00Z`.
    pub created: &'a str,
    /// Our name among the systems the application came through.
    pub system_name: &'a str,
    /// Our registered number, if any.
    pub system_vendor_id: Option<&'a str>,
    /// Our version.
    pub system_version: Option<&'a str>,
}

/// A document.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// The document, in UTF-8 without a byte order mark. Personal data.
    pub xml: String,
    /// Warnings about what could not be written as it is, without lines.
    pub findings: Vec<Finding>,
}

/// Sizes, not values: a document must not reach a log.
impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written")
            .field("bytes", &self.xml.len())
            .field("findings", &self.findings)
            .finish()
    }
}

/// Writes an application as a document, with what its source document said beyond it. Reading the
/// document gives the same application, but for our own system among those it came through; the
/// same arguments give the same bytes.
#[must_use]
pub fn write(application: &Application, carried: &Carried, facts: &WriteFacts<'_>) -> Written {
    let mut draft = Draft::new("MESSAGE");
    let deal = frame(&mut draft, facts);
    fill(&mut draft, deal, (application, carried), facts);
    let has_property = application.property != SubjectProperty::default()
        || carried
            .leaves
            .iter()
            .any(|leaf| leaf.anchor == Anchor::SubjectProperty);
    if let Some(subject) = draft.anchored(Anchor::SubjectProperty) {
        draft.get_mut(subject).is_kept = has_property;
    }
    draft.prune();
    carry::merge(&mut draft, carried);
    let relationships = draft.at(deal, "RELATIONSHIPS");
    relationships::sort(&mut draft);
    relationships::write(&mut draft, relationships);
    draft.prune();
    Written {
        xml: serial::text(&draft),
        findings: draft.into_findings(),
    }
}

/// The message around a deal; answers the deal.
fn frame<'a>(draft: &mut Draft<'a>, facts: &WriteFacts<'a>) -> Id {
    let root = draft.root();
    draft.anchor(root, Anchor::Message);
    draft.attribute(root, "MISMOReferenceModelIdentifier", REFERENCE_MODEL);
    draft.attribute_in(root, XSI, "schemaLocation", Cow::Borrowed(SCHEMA_LOCATION));
    let version = draft.at(root, "ABOUT_VERSIONS/ABOUT_VERSION");
    draft.fixed(version, "CreatedDatetime", facts.created);
    let deal = draft.at(root, "DEAL_SETS/DEAL_SET/DEALS/DEAL");
    draft.anchor(deal, Anchor::Deal);
    deal
}

/// Writes everything the application says. Parties come first, because the rest refers to them.
fn fill<'a>(
    draft: &mut Draft<'a>,
    deal: Id,
    (application, carried): (&'a Application, &Carried),
    facts: &WriteFacts<'a>,
) {
    let Application {
        loan,
        property,
        borrowers,
        joint_credit_pairs: _,
        assets,
        owned_properties,
        liabilities,
        expenses,
        related_loans,
        housing_expenses,
        originator: _,
        origination_company: _,
        other_parties,
        purchase_credits,
        fees,
        closing: figures,
        verifications,
    } = application;
    party::places(draft, deal, application);
    for (index, borrower) in borrowers.iter().enumerate() {
        if let Some(party) = draft.anchored(Anchor::Borrower(index)) {
            borrower::write(draft, party, index, borrower);
        }
    }
    party::originators(draft, application);
    party::others(draft, deal, other_parties);
    borrower::relate(draft, application);
    let loans = draft.at(deal, "LOANS");
    let subject = draft.item(loans, "LOAN");
    draft.attribute(subject, "LoanRoleType", "SubjectLoan");
    draft.label(subject, "LOAN");
    draft.anchor(subject, Anchor::SubjectLoan);
    loan::terms(draft, subject, loan, facts);
    closing::figures(draft, deal, subject, figures);
    closing::purchase_credits(draft, subject, purchase_credits);
    closing::fees(draft, subject, fees);
    closing::housing_expenses(draft, subject, housing_expenses);
    related::loans(draft, deal, related_loans, other_parties);
    related::verifications(draft, subject, verifications, carried);
    let collateral = draft.at(deal, "COLLATERALS/COLLATERAL/SUBJECT_PROPERTY");
    draft.anchor(collateral, Anchor::SubjectProperty);
    property::subject(draft, collateral, property);
    holdings::liabilities(draft, deal, liabilities);
    holdings::assets(draft, deal, assets);
    holdings::owned_properties(draft, deal, owned_properties, assets.len());
    holdings::expenses(draft, deal, expenses);
}
