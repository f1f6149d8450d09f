//! The order in which parties are written.
//!
//! A party may hold several roles, and readers number what is neither borrower nor originator as
//! they meet it. So a party is written where its roles come in that numbering; where nothing
//! depends on it, borrowers come first, then the company, then the loan officer, as agencies do.

use lintel_domain::application::Application;

/// One `PARTY`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// A borrower.
    Borrower(usize),
    /// The loan officer's company; it may be the loan officer too.
    Company,
    /// The loan officer, when that is a party of its own.
    Originator,
    /// The first role of another party.
    Other(usize),
}

/// A party that may hold roles of others beside its own.
struct Carrier {
    unit: Unit,
    is_there: bool,
    /// The last role of others it holds.
    last_role: Option<usize>,
}

/// All parties of an application in the order of writing.
pub(super) fn units(application: &Application) -> Vec<Unit> {
    let borrowers = application.borrowers.len();
    let company = application.origination_company.as_ref();
    let is_one = company.is_some_and(|company| company.is_originator);
    let carrier = |unit, is_there| Carrier {
        unit,
        is_there,
        last_role: None,
    };
    let mut carriers: Vec<Carrier> = (0..borrowers)
        .map(|index| carrier(Unit::Borrower(index), true))
        .collect();
    carriers.push(carrier(Unit::Company, company.is_some()));
    let has_originator = application.originator.is_some() && !is_one;
    carriers.push(carrier(Unit::Originator, has_originator));
    let holders = holders(application, borrowers, is_one);
    for (index, holder) in holders.iter().enumerate() {
        if let Some(place) = holder {
            carriers[*place].last_role = Some(index);
        }
    }
    let mut arranger = Arranger {
        carriers,
        borrowers,
        next_borrower: 0,
        units: Vec::new(),
    };
    for (index, (other, holder)) in application.other_parties.iter().zip(&holders).enumerate() {
        arranger.put_free(index);
        match holder {
            Some(place) if *place < borrowers => {
                arranger.put_borrowers_before(place.saturating_add(1));
            }
            Some(place) => arranger.put(*place),
            None if other.same_as.is_some_and(|first| first < index) => {}
            None => arranger.units.push(Unit::Other(index)),
        }
    }
    arranger.put_all()
}

/// For each other role, the place of the borrower, company or loan officer that holds it.
fn holders(application: &Application, borrowers: usize, is_one: bool) -> Vec<Option<usize>> {
    let has_company = application.origination_company.is_some();
    let has_originator = application.originator.is_some();
    let others = application.other_parties.iter().map(|other| {
        let company = borrowers;
        let originator = if is_one {
            company
        } else {
            company.saturating_add(1)
        };
        let borrower = other.borrower.filter(|index| *index < borrowers);
        borrower
            .or((other.is_originator && has_originator).then_some(originator))
            .or((other.is_origination_company && has_company).then_some(company))
    });
    others.collect()
}

/// Parties being put in order; borrowers keep their own, so one waits for those before it.
struct Arranger {
    carriers: Vec<Carrier>,
    borrowers: usize,
    next_borrower: usize,
    units: Vec<Unit>,
}

impl Arranger {
    fn put(&mut self, place: usize) {
        let carrier = &mut self.carriers[place];
        if std::mem::take(&mut carrier.is_there) {
            self.units.push(carrier.unit);
        }
    }

    fn put_borrowers_before(&mut self, end: usize) {
        while self.next_borrower < end.min(self.borrowers) {
            self.put(self.next_borrower);
            self.next_borrower = self.next_borrower.saturating_add(1);
        }
    }

    /// Puts everybody who holds no role of others from an index on.
    fn put_free(&mut self, index: usize) {
        let is_free = |carrier: &Carrier| carrier.last_role.is_none_or(|last| last < index);
        let waiting = &self.carriers[self.next_borrower..self.borrowers];
        let free = waiting
            .iter()
            .take_while(|carrier| is_free(carrier))
            .count();
        self.put_borrowers_before(self.next_borrower.saturating_add(free));
        for place in self.borrowers..self.carriers.len() {
            if is_free(&self.carriers[place]) {
                self.put(place);
            }
        }
    }

    fn put_all(mut self) -> Vec<Unit> {
        self.put_borrowers_before(self.borrowers);
        for place in self.borrowers..self.carriers.len() {
            self.put(place);
        }
        self.units
    }
}

#[cfg(test)]
mod tests;
