//! The parties of a deal by role, and who the labels at the ends of arcs are.

use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use lintel_domain::application::JointCreditPair;
use lintel_domain::application::borrower::Borrower;
use lintel_domain::application::party::{OriginationCompany, Originator, OtherParty};

use super::employment::Employers;
use super::names::{address, company_name, contacts, licenses, person_name};
use super::{borrower, employment};
use crate::arcs::{Arc, Arcs};
use crate::carried::Anchor;
use crate::finding::{Code, Severity};
use crate::tree::Part;

/// Other roles read of one party. Each repeats the names of the party, so that without a bound a
/// document would grow by the square of its size.
const MAX_OTHER_ROLES: usize = 16;

/// Bytes of names and identifiers of other parties repeated where arcs lead to them, in all.
const MAX_REPEATED_BYTES: usize = 4 * 1024 * 1024;

/// One role of one party.
#[derive(Clone, Copy)]
struct Role<'t> {
    party: Part<'t>,
    role: Part<'t>,
}

/// A role that is neither a borrower's nor an originator's.
struct Other<'t> {
    /// The word for the role.
    name: String,
    found: Role<'t>,
    /// The borrower the party also is.
    borrower: Option<usize>,
    /// Name and first identifier, read when an arc first leads here.
    company: OnceCell<Option<String>>,
    identifier: OnceCell<Option<String>>,
}

/// The parties of a deal.
pub(super) struct Parties<'t> {
    borrowers: Vec<Role<'t>>,
    originators: Vec<Role<'t>>,
    companies: Vec<Role<'t>>,
    others: Vec<Other<'t>>,
    /// Labels of borrowers' roles, and of their parties.
    borrower_at: HashMap<&'t str, usize>,
    /// Labels of other roles and their parties: places in `others`.
    other_at: HashMap<&'t str, usize>,
    /// How many parties there are in all.
    count: usize,
    /// What is left of [`MAX_REPEATED_BYTES`].
    repeated_left: Cell<usize>,
}

impl<'t> Parties<'t> {
    /// Finds the parties; none with the role of a borrower is an error.
    pub(super) fn find(deal: Part<'t>) -> Self {
        let mut parties = Self {
            borrowers: Vec::new(),
            originators: Vec::new(),
            companies: Vec::new(),
            others: Vec::new(),
            borrower_at: HashMap::new(),
            other_at: HashMap::new(),
            count: 0,
            repeated_left: Cell::new(MAX_REPEATED_BYTES),
        };
        for party in deal.every("PARTIES/PARTY") {
            parties.count = parties.count.saturating_add(1);
            parties.add(party);
        }
        if parties.borrowers.is_empty() {
            let message = "No PARTIES/PARTY has a ROLES/ROLE whose ROLE_DETAIL/PartyRoleType is \
                           Borrower.";
            let place = deal.at("PARTIES");
            let place = if place.exists() { place } else { deal };
            place.report(Code::BorrowerMissing, Severity::Error, message);
        }
        parties
    }

    fn add(&mut self, party: Part<'t>) {
        let mut borrower = None;
        let mut others = Vec::new();
        if !party.seek("ROLES/ROLE").exists() {
            let message = "The party has no role; it was left out.";
            party.report(Code::RequiredMissing, Severity::Note, message);
        }
        for role in party.every("ROLES/ROLE") {
            let found = Role { party, role };
            match role_name(role).as_deref() {
                None => {}
                Some("Borrower") if borrower.is_some() => {
                    let message = "The party is a borrower twice; the first role was kept.";
                    role.report(Code::Conflict, Severity::Warning, message);
                    role.unread("ROLE_DETAIL/PartyRoleType");
                }
                Some("Borrower") => {
                    let index = self.borrowers.len();
                    borrower = Some(index);
                    role.anchor(Anchor::BorrowerRole(index));
                    party.anchor(Anchor::Borrower(index));
                    self.borrowers.push(found);
                    for label in [role.link("label"), party.link("label")]
                        .into_iter()
                        .flatten()
                    {
                        self.borrower_at.entry(label).or_insert(index);
                    }
                }
                Some("LoanOriginator") => self.originators.push(found),
                Some("LoanOriginationCompany") => self.companies.push(found),
                Some(_) if others.len() >= MAX_OTHER_ROLES => {
                    let message = "The party has more roles than are read; this one was left out.";
                    role.report(Code::TooLarge, Severity::Warning, message);
                    role.unread("ROLE_DETAIL/PartyRoleType");
                }
                Some(name) => others.push((name.to_owned(), found)),
            }
        }
        self.anchor_originators(party);
        for (name, role) in others {
            let place = self.others.len();
            role.role.anchor(Anchor::OtherRole(place));
            party.anchor(Anchor::OtherParty(place));
            for label in [role.role.link("label"), party.link("label")]
                .into_iter()
                .flatten()
            {
                self.other_at.entry(label).or_insert(place);
            }
            self.others.push(Other {
                name,
                found: role,
                borrower,
                company: OnceCell::new(),
                identifier: OnceCell::new(),
            });
        }
    }

    /// Names the elements of the loan officer and the company when this party is theirs. A second
    /// one is not read, so that it is carried over whole.
    fn anchor_originators(&self, party: Part<'t>) {
        for (found, role_anchor, party_anchor) in [
            (
                &self.originators,
                Anchor::OriginatorRole,
                Anchor::Originator,
            ),
            (
                &self.companies,
                Anchor::OriginationCompanyRole,
                Anchor::OriginationCompany,
            ),
        ] {
            for (index, found) in found.iter().enumerate().rev() {
                if found.party.node != party.node {
                    break;
                }
                if index == 0 {
                    found.role.anchor(role_anchor);
                    party.anchor(party_anchor);
                } else {
                    found.role.unread("ROLE_DETAIL/PartyRoleType");
                }
            }
        }
    }

    /// Whether the first of some roles is one of a party.
    fn is_first(roles: &[Role<'t>], party: Part<'t>) -> bool {
        let first = roles.first();
        first.is_some_and(|found| found.party.node == party.node)
    }

    /// How many parties there are in all.
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    /// The roles of the borrowers, in the order of their indexes.
    pub(super) fn borrower_roles(&self) -> impl Iterator<Item = Part<'t>> {
        self.borrowers.iter().map(|found| found.role)
    }

    /// The parties of the borrowers, in the order of their indexes.
    pub(super) fn borrower_parties(&self) -> impl Iterator<Item = Part<'t>> {
        self.borrowers.iter().map(|found| found.party)
    }

    /// Reads the borrowers.
    pub(super) fn borrowers(&self, arcs: &Arcs<'t>) -> Vec<Borrower> {
        let bodies: Vec<Part<'t>> = self
            .borrower_roles()
            .map(|role| role.at("BORROWER"))
            .collect();
        let employers = Employers::index(&bodies);
        let borrowers = self
            .borrowers
            .iter()
            .enumerate()
            .map(|(index, found)| Borrower {
                incomes: employment::incomes(found.role.at("BORROWER"), index, arcs, &employers),
                counseling: borrower::counseling(found.role.at("BORROWER"), index, arcs, self),
                ..borrower::read(found.party, found.role, index)
            });
        borrowers.collect()
    }

    /// The borrowers that arcs lead to, ascending, each once.
    pub(super) fn owners<'a>(&self, labels: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let mut owners: Vec<usize> = labels
            .filter_map(|label| self.borrower_at.get(label))
            .copied()
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// Pairs of borrowers with a joint credit report.
    pub(super) fn joint_credit_pairs(&self, arcs: &Arcs<'t>) -> Vec<JointCreditPair> {
        let ends = arcs.pairs(Arc::JointCredit).filter_map(|(from, to)| {
            Some((*self.borrower_at.get(from)?, *self.borrower_at.get(to)?))
        });
        let mut pairs: Vec<JointCreditPair> = ends
            .filter(|(a, b)| a != b)
            .map(|(a, b)| JointCreditPair {
                first: a.min(b),
                second: a.max(b),
            })
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// The other party that arcs lead to: of several the one that comes first, whatever the order
    /// of the arcs.
    pub(super) fn other<'a>(&self, labels: impl Iterator<Item = &'a str>) -> Option<usize> {
        let found = labels.filter_map(|label| self.other_at.get(label));
        found.copied().min()
    }

    /// The name of another party.
    pub(super) fn company(&self, party: usize) -> Option<String> {
        let other = self.others.get(party)?;
        let party = other.found.party;
        let name = other.company.get_or_init(|| {
            company_name(party).or_else(|| party.at("INDIVIDUAL/NAME").text("FullName"))
        });
        self.repeated(other, name)
    }

    /// The first identifier of another party's role.
    pub(super) fn identifier(&self, party: usize) -> Option<String> {
        let other = self.others.get(party)?;
        let read = || identifiers(other.found.role).into_iter().next();
        self.repeated(other, other.identifier.get_or_init(read))
    }

    /// A text of another party once more, as long as there is room.
    fn repeated(&self, other: &Other<'t>, text: &Option<String>) -> Option<String> {
        let text = text.as_ref()?;
        let Some(left) = self.repeated_left.get().checked_sub(text.len()) else {
            let message = "Too many relationships lead to this party; its name or identifier was \
                           not repeated for all.";
            let party = other.found.party;
            party.report(Code::TooLarge, Severity::Warning, message);
            return None;
        };
        self.repeated_left.set(left);
        Some(text.clone())
    }

    /// The loan officer and the company; of several the first, and a warning.
    pub(super) fn originators(&self) -> (Option<Originator>, Option<OriginationCompany>) {
        for extra in self
            .originators
            .iter()
            .skip(1)
            .chain(self.companies.iter().skip(1))
        {
            let message = "Another party has the same role; only the first was read.";
            extra
                .role
                .report(Code::Conflict, Severity::Warning, message);
        }
        let originator = self.originators.first().map(|found| {
            let individual = found.party.at("INDIVIDUAL");
            let (emails, phones) = contacts(individual);
            let name = person_name(individual.at("NAME"));
            Originator {
                name,
                emails,
                phones,
                licenses: licenses(found.role),
            }
        });
        let company = self.companies.first().map(|found| OriginationCompany {
            name: company_name(found.party),
            address: found
                .party
                .every("ADDRESSES/ADDRESS")
                .next()
                .map(address)
                .filter(|address| !address.is_empty()),
            licenses: licenses(found.role),
            is_originator: Self::is_first(&self.originators, found.party),
        });
        (originator, company)
    }

    /// Everybody else, once per role.
    pub(super) fn others(&self) -> Vec<OtherParty> {
        let mut previous: Option<(Part<'t>, usize)> = None;
        let others = self.others.iter().enumerate().map(|(index, other)| {
            let found = &other.found;
            let owner = found.role.at("PROPERTY_OWNER");
            // The roles of one party follow each other.
            let same_as = previous.filter(|(party, _)| party.node == found.party.node);
            if same_as.is_none() {
                previous = Some((found.party, index));
            }
            OtherParty {
                same_as: same_as.map(|(_, first)| first),
                is_originator: Self::is_first(&self.originators, found.party),
                is_origination_company: Self::is_first(&self.companies, found.party),
                role: other.name.clone(),
                person: person_name(found.party.at("INDIVIDUAL/NAME")),
                company: company_name(found.party),
                borrower: other.borrower,
                identifiers: identifiers(found.role),
                ownership_status: owner.text("PropertyOwnerStatusType"),
                vesting: owner.text("RelationshipVestingType"),
            }
        });
        others.collect()
    }
}

fn identifiers(role: Part<'_>) -> Vec<String> {
    role.texts(
        "PARTY_ROLE_IDENTIFIERS/PARTY_ROLE_IDENTIFIER",
        "PartyRoleIdentifier",
    )
}

/// What a role is. One that has the body of a borrower is one, even if it does not say so; a type
/// outside its place is only pointed out, because other receivers would not find it either.
fn role_name(role: Part<'_>) -> Option<String> {
    if let Some(name) = role.at("ROLE_DETAIL").text("PartyRoleType") {
        return Some(name);
    }
    if role.at("BORROWER").exists() {
        let message = "ROLE_DETAIL/PartyRoleType is absent; the role was read as Borrower.";
        role.report(Code::RequiredMissing, Severity::Warning, message);
        return Some("Borrower".to_owned());
    }
    let message = match role.at("PartyRoleType").exists() {
        true => "PartyRoleType stands directly in ROLE; its place is ROLE/ROLE_DETAIL.",
        false => "The role does not say what it is (ROLE_DETAIL/PartyRoleType).",
    };
    role.report(Code::RequiredMissing, Severity::Warning, message);
    None
}
