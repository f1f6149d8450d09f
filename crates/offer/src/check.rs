//! A request held against the lists, the law and the bank's offer: every finding at once.

mod insurance;
mod loan;
mod people;
mod property;

use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::simulation::{Borrower, RateKind, Request};
use lintel_engine::date::Date;
use lintel_engine::money::{Cents, Rounding};
use lintel_engine::rate::Pct;
use lintel_taxonomy::{Entry, List, entry};

use crate::Book;
use crate::offer::{Branch, Scheme};

pub(crate) use insurance::Cover;
pub(crate) use property::{Place, is_purchase};

/// Findings so far.
pub(crate) struct Findings {
    /// What the caller found: its fields are not reported again, a list not as a whole beside its entries.
    before: Vec<Finding>,
    all: Vec<Finding>,
}

impl Findings {
    fn known(&self, field: CreditField, place: Option<usize>) -> bool {
        let same = |finding: &Finding| {
            let whole = finding.place.is_none() || place.is_none();
            finding.field == field && (whole || finding.place == place)
        };
        // Of an entry that could not be read nothing else is told.
        let entry = |finding: &Finding| {
            finding.field == CreditField::Borrowers && place.is_some() && finding.place == place
        };
        self.before.iter().any(|f| same(f) || entry(f))
    }

    pub(crate) fn add(&mut self, field: CreditField, rule: CreditRule) {
        if !self.known(field, None) {
            self.all.push(Finding::new(field, rule));
        }
    }

    pub(crate) fn at(&mut self, field: CreditField, place: usize, rule: CreditRule) {
        if !self.known(field, Some(place)) {
            self.all.push(Finding::at(field, place, rule));
        }
    }

    /// A choice that must be made of a list.
    fn choice(
        &mut self,
        field: CreditField,
        list: List,
        id: Option<u32>,
    ) -> Option<&'static Entry> {
        if id.is_none() {
            self.add(field, CreditRule::Missing);
        }
        self.opt_choice(field, None, list, id)
    }

    /// A choice that may be left open.
    fn opt_choice(
        &mut self,
        field: CreditField,
        place: Option<usize>,
        list: List,
        id: Option<u32>,
    ) -> Option<&'static Entry> {
        let found = entry(list, id?);
        let rule = match found {
            Some(entry) if entry.active => return Some(entry),
            Some(_) => CreditRule::Retired,
            None => CreditRule::Unknown,
        };
        match place {
            Some(place) => self.at(field, place, rule),
            None => self.add(field, rule),
        }
        None
    }

    /// Everything, in the order of the fields.
    fn told(mut self) -> Vec<Finding> {
        let mut all = self.before;
        all.append(&mut self.all);
        all.sort_by_key(|finding| (finding.field, finding.place));
        all
    }
}

/// The rate of the offer for the loan, before discounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rate {
    Fixed {
        percent: Pct,
    },
    Variable {
        spread: Pct,
    },
    Mixed {
        percent: Pct,
        fixed_months: u32,
        spread: Pct,
    },
}

/// The index and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IndexValue {
    pub(crate) tenor: &'static str,
    pub(crate) months: u32,
    pub(crate) month: Date,
    pub(crate) average: Pct,
    pub(crate) highest: Pct,
}

/// A borrower as limits and reliefs see him.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Person<'a> {
    pub(crate) asked: &'a Borrower,
    pub(crate) birth_date: Date,
    /// Completed years on the day of the simulation.
    pub(crate) age: u32,
    pub(crate) income: Cents,
    pub(crate) other_instalments: Cents,
}

/// A request that can be worked out.
#[derive(Debug)]
pub(crate) struct Checked<'a> {
    pub(crate) scheme: &'a Scheme,
    pub(crate) branch: Option<&'a Branch>,
    pub(crate) product_purpose: &'static Entry,
    pub(crate) loan_purpose: &'static Entry,
    pub(crate) index_type: &'static Entry,
    pub(crate) kind: RateKind,
    pub(crate) rate: Rate,
    pub(crate) index: Option<IndexValue>,
    pub(crate) own_home: bool,
    pub(crate) amount: Cents,
    pub(crate) term_months: u32,
    pub(crate) utilisation_months: u32,
    pub(crate) cross_selling: bool,
    pub(crate) place: Place,
    pub(crate) people: Vec<Person<'a>>,
    pub(crate) life: Cover,
    pub(crate) multi_risk: Cover,
}

/// What the loan's terms come to before rates are looked up.
pub(crate) struct Terms<'a> {
    scheme: Option<&'a Scheme>,
    product_purpose: Option<&'static Entry>,
    loan_purpose: Option<&'static Entry>,
    amount: Option<Cents>,
    term_months: Option<u32>,
    utilisation_months: Option<u32>,
}

/// Holds a request against everything.
///
/// # Errors
/// Every finding, in the order of the fields.
pub(crate) fn check<'a>(
    book: &Book<'a>,
    request: &'a Request,
    before: Vec<Finding>,
) -> Result<Checked<'a>, Vec<Finding>> {
    let mut found = Findings {
        before,
        all: Vec::new(),
    };
    let checked = whole(book, request, &mut found);
    match checked {
        Some(checked) if found.all.is_empty() && found.before.is_empty() => Ok(checked),
        Some(_) | None => {
            if found.all.is_empty() && found.before.is_empty() {
                // Nothing should lead here: a request that cannot be worked out has a finding.
                found.add(CreditField::Body, CreditRule::Malformed);
            }
            Err(found.told())
        }
    }
}

fn whole<'a>(book: &Book<'a>, request: &'a Request, found: &mut Findings) -> Option<Checked<'a>> {
    let terms = loan::terms(book, request, found);
    let branch = loan::branch(book, request, found);
    let kind = loan::kind(request, terms.scheme, found);
    let index_type = loan::index_type(request, kind, terms.scheme, terms.term_months, found);
    let cross_selling = loan::cross_selling(request, terms.scheme, found);
    let place = property::property(request, terms.loan_purpose, found);
    let people = people::people(book, request, terms.term_months, found);
    let life = insurance::cover(&request.insurances.life, insurance::LIFE, found);
    let multi_risk = insurance::cover(&request.insurances.multi_risk, insurance::MULTI_RISK, found);
    let rate = terms
        .scheme
        .zip(kind)
        .zip(index_type)
        .and_then(|((scheme, _), chosen)| {
            let (amount, term, place) = (terms.amount?, terms.term_months?, place.as_ref()?);
            let ltv = loan_to_value(amount, place.base)?;
            if ltv > scheme.max_ltv {
                let (value, limit) = (Bound::Percent(ltv), Bound::Percent(scheme.max_ltv));
                found.add(
                    CreditField::LoanToValue,
                    CreditRule::LimitExceeded { value, limit },
                );
                return None;
            }
            loan::rate(scheme, chosen, (ltv, amount, term), found)
        });
    let index = loan::index(book, index_type, terms.scheme, found);
    let rate = rate?;
    Some(Checked {
        scheme: terms.scheme?,
        branch: branch.ok()?,
        own_home: terms.product_purpose?.code == OWN_HOME,
        product_purpose: terms.product_purpose?,
        loan_purpose: terms.loan_purpose?,
        index_type: index_type?.entry,
        kind: kind?,
        rate,
        index: index.ok()?,
        amount: terms.amount?,
        term_months: terms.term_months?,
        utilisation_months: terms.utilisation_months?,
        cross_selling: cross_selling?,
        place: place?,
        people: people?,
        life: life?,
        multi_risk: multi_risk?,
    })
}

/// Code of the product purpose of own permanent homes.
const OWN_HOME: &str = "own_permanent_home";

/// Rounded up, so that nothing above a limit equals it.
pub(crate) fn loan_to_value(amount: Cents, base: Cents) -> Option<Pct> {
    let (amount, base) = (i128::from(amount.get()), i128::from(base.get()));
    Pct::of_ratio(amount, base, Rounding::Up)
}
