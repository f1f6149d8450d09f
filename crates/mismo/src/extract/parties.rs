//! The parties of a deal by role, and who the labels at the ends of arcs are.

use std::collections::HashMap;

use lintel_domain::application::JointCreditPair;
use lintel_domain::application::borrower::Borrower;
use lintel_domain::application::party::{OriginationCompany, Originator, OtherParty};

use super::employment::Employers;
use super::names::{address, company_name, contacts, licenses, person_name};
use super::{borrower, employment};
use crate::arcs::{Arc, Arcs};
use crate::finding::{Code, Severity};
use crate::tree::Part;

/// One role of one party.
#[derive(Clone, Copy)]
struct Role<'t> {
    party: Part<'t>,
    role: Part<'t>,
}

/// The parties of a deal.
pub(super) struct Parties<'t> {
    borrowers: Vec<Role<'t>>,
    originators: Vec<Role<'t>>,
    companies: Vec<Role<'t>>,
    /// The word for the role, the role, and the borrower the party also is.
    others: Vec<(String, Role<'t>, Option<usize>)>,
    /// Labels of borrowers' roles, and of their parties.
    borrower_at: HashMap<&'t str, usize>,
    /// Labels of other roles and their parties: places in `others`.
    other_at: HashMap<&'t str, usize>,
    /// How many parties there are in all.
    count: usize,
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
        for role in party.every("ROLES/ROLE") {
            let found = Role { party, role };
            match role_name(role).as_deref() {
                None => {}
                Some("Borrower") if borrower.is_some() => {
                    let message = "The party is a borrower twice; the first role was kept.";
                    role.report(Code::Conflict, Severity::Warning, message);
                }
                Some("Borrower") => {
                    let index = self.borrowers.len();
                    borrower = Some(index);
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
                Some(name) => others.push((name.to_owned(), found)),
            }
        }
        for (name, role) in others {
            let place = self.others.len();
            for label in [role.role.link("label"), party.link("label")]
                .into_iter()
                .flatten()
            {
                self.other_at.entry(label).or_insert(place);
            }
            self.others.push((name, role, borrower));
        }
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
                counseling: borrower::counseling(found.role.at("BORROWER"), arcs, self),
                ..borrower::read(found.party, found.role)
            });
        borrowers.collect()
    }

    /// The borrowers that arcs lead to, ascending, each once.
    pub(super) fn owners(&self, labels: &[&str]) -> Vec<usize> {
        let mut owners: Vec<usize> = labels
            .iter()
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

    /// The name of the party a label leads to.
    pub(super) fn company_at(&self, label: &str) -> Option<String> {
        let (_, found, _) = self.others.get(*self.other_at.get(label)?)?;
        company_name(found.party).or_else(|| found.party.at("INDIVIDUAL/NAME").text("FullName"))
    }

    /// The first identifier of the role a label leads to.
    pub(super) fn identifier_at(&self, label: &str) -> Option<String> {
        let (_, found, _) = self.others.get(*self.other_at.get(label)?)?;
        identifiers(found.role).into_iter().next()
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
        });
        (originator, company)
    }

    /// Everybody else, once per role.
    pub(super) fn others(&self) -> Vec<OtherParty> {
        let others = self.others.iter().map(|(role, found, borrower)| {
            let owner = found.role.at("PROPERTY_OWNER");
            OtherParty {
                role: role.clone(),
                person: person_name(found.party.at("INDIVIDUAL/NAME")),
                company: company_name(found.party),
                borrower: *borrower,
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
