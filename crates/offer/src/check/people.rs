//! The borrowers.

use lintel_domain::finding::{Bound, CreditField, CreditRule};
use lintel_domain::simulation::{Borrower, Request, nif_is_valid};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::pt::age_on;
use lintel_taxonomy::List;

use super::{Findings, Person};
use crate::Book;
use crate::offer::Terms;

/// Code of the key borrower's type.
const KEY: &str = "key_borrower";
/// Most characters of a name.
const NAME: usize = 200;
/// Most characters of a mail address, RFC 5321.
const EMAIL: usize = 254;
/// The highest income or instalment a month that is believed.
const MOST: Cents = Cents::new(1_000_000_000);
/// The highest taxable income a year that is believed.
const MOST_YEARLY: Cents = Cents::new(100_000_000_000);
/// Most dependants that are believed.
const DEPENDENTS: u32 = 30;
/// Oldest age that is believed, completed years.
const OLDEST: u32 = 120;

pub(super) fn people<'a>(
    book: &Book<'_>,
    request: &'a Request,
    term_months: Option<u32>,
    found: &mut Findings,
) -> Option<Vec<Person<'a>>> {
    let most = book.offer.terms.max_borrowers;
    if request.borrowers.is_empty() {
        found.add(CreditField::Borrowers, CreditRule::Missing);
        return None;
    }
    if request.borrowers.len() > most {
        let bound = Bound::Count(u64::try_from(most).unwrap_or(u64::MAX));
        found.add(CreditField::Borrowers, CreditRule::TooLong(bound));
        return None;
    }
    types(request, found);
    let case = Case {
        today: book.today,
        terms: &book.offer.terms,
        end: term_months.and_then(|months| {
            let months = i32::try_from(months).ok()?;
            book.today.add_months(months).ok()
        }),
    };
    let mut people = Vec::with_capacity(request.borrowers.len());
    let mut all = true;
    for (place, borrower) in request.borrowers.iter().enumerate() {
        identity(&request.borrowers, place, borrower, found);
        contacts(place, borrower, found);
        match person(&case, place, borrower, found) {
            Some(person) => people.push(person),
            None => all = false,
        }
    }
    let income = Cents::try_sum(people.iter().map(|person| person.income)).ok()?;
    if all && !income.is_positive() {
        let rule = CreditRule::TooSmall(Bound::Amount(Cents::new(1)));
        found.at(CreditField::MonthlyNetIncome, 0, rule);
        return None;
    }
    all.then_some(people)
}

/// Types and relations: exactly one borrower is the key borrower, and has no relation to himself.
fn types(request: &Request, found: &mut Findings) {
    let mut keys = 0_usize;
    let mut all_known = true;
    for (place, borrower) in request.borrowers.iter().enumerate() {
        if borrower.kind.is_none() {
            found.at(CreditField::BorrowerType, place, CreditRule::Missing);
        }
        let field = CreditField::BorrowerType;
        let kind = found.opt_choice(field, Some(place), List::BorrowerTypes, borrower.kind);
        all_known = all_known && kind.is_some();
        let is_key = kind.is_some_and(|kind| kind.code == KEY);
        if is_key {
            keys = keys.saturating_add(1);
            if keys > 1 {
                found.at(field, place, CreditRule::Duplicate);
            }
        }
        let field = CreditField::KeyBorrowerRelation;
        let list = List::KeyBorrowerRelations;
        let relation = found.opt_choice(field, Some(place), list, borrower.relation);
        if is_key && relation.is_some() {
            found.at(field, place, CreditRule::Conflict);
        }
    }
    if keys == 0 && all_known {
        found.add(CreditField::Borrowers, CreditRule::Conflict);
    }
}

fn identity(all: &[Borrower], place: usize, borrower: &Borrower, found: &mut Findings) {
    let field = CreditField::BorrowerName;
    match borrower.name.as_deref().map(str::trim) {
        None | Some("") => found.at(field, place, CreditRule::Missing),
        Some(name) if name.chars().count() > NAME => {
            found.at(field, place, CreditRule::TooLong(Bound::Count(NAME as u64)));
        }
        Some(_) => {}
    }
    let Some(nif) = &borrower.nif else {
        return;
    };
    let field = CreditField::BorrowerNif;
    if nif.len() != 9 || !nif.bytes().all(|byte| byte.is_ascii_digit()) {
        found.at(field, place, CreditRule::Malformed);
    } else if !nif_is_valid(nif) {
        found.at(field, place, CreditRule::CheckDigit);
    } else if all
        .iter()
        .take(place)
        .any(|other| other.nif.as_ref() == Some(nif))
    {
        found.at(field, place, CreditRule::Duplicate);
    }
}

fn contacts(place: usize, borrower: &Borrower, found: &mut Findings) {
    if let Some(email) = &borrower.email {
        let field = CreditField::BorrowerEmail;
        if email.len() > EMAIL {
            found.at(
                field,
                place,
                CreditRule::TooLong(Bound::Count(EMAIL as u64)),
            );
        } else if !is_mail_address(email) {
            found.at(field, place, CreditRule::Malformed);
        }
    }
    if let Some(phone) = &borrower.phone {
        let rest = phone.strip_prefix('+').unwrap_or(phone);
        let digits = rest.bytes().filter(u8::is_ascii_digit).count();
        let plain = rest
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ');
        if !plain || !(9..=15).contains(&digits) || rest.len() > 30 {
            found.at(CreditField::BorrowerPhone, place, CreditRule::Malformed);
        }
    }
    if borrower.dependents.is_some_and(|count| count > DEPENDENTS) {
        let bound = Bound::Count(u64::from(DEPENDENTS));
        found.at(CreditField::Dependents, place, CreditRule::TooLarge(bound));
    }
}

/// One `@`, something before it, and a domain with a dot inside; no spaces or control characters.
fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| !c.is_whitespace() && !c.is_control() && c != '@')
    };
    let dotted = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    plain(local) && plain(domain) && dotted
}

/// What ages are measured with.
struct Case<'b> {
    today: Date,
    terms: &'b Terms,
    /// Day of the last instalment, when the term is known.
    end: Option<Date>,
}

fn person<'a>(
    case: &Case<'_>,
    place: usize,
    borrower: &'a Borrower,
    found: &mut Findings,
) -> Option<Person<'a>> {
    let age = age(case, place, borrower, found);
    let field = CreditField::MonthlyNetIncome;
    if borrower.monthly_net_income.is_none() {
        found.at(field, place, CreditRule::Missing);
    }
    let income = amount((field, place), borrower.monthly_net_income, MOST, found);
    let other = borrower.other_instalments.or(Some(Cents::ZERO));
    let other = amount((CreditField::OtherInstalments, place), other, MOST, found);
    let yearly = borrower.yearly_taxable_income.or(Some(Cents::ZERO));
    let field = CreditField::YearlyTaxableIncome;
    let yearly = amount((field, place), yearly, MOST_YEARLY, found);
    yearly?;
    let (birth_date, age) = age?;
    Some(Person {
        asked: borrower,
        birth_date,
        age,
        income: income?,
        other_instalments: other?,
    })
}

fn amount(
    (field, place): (CreditField, usize),
    amount: Option<Cents>,
    most: Cents,
    found: &mut Findings,
) -> Option<Cents> {
    let amount = amount?;
    let rule = if amount.is_negative() {
        CreditRule::TooSmall(Bound::Amount(Cents::ZERO))
    } else if amount > most {
        CreditRule::TooLarge(Bound::Amount(most))
    } else {
        return Some(amount);
    };
    found.at(field, place, rule);
    None
}

/// Birth date and completed years, within the bank's ages.
fn age(
    case: &Case<'_>,
    place: usize,
    borrower: &Borrower,
    found: &mut Findings,
) -> Option<(Date, u32)> {
    let field = CreditField::BirthDate;
    let Some(birth_date) = borrower.birth_date else {
        found.at(field, place, CreditRule::Missing);
        return None;
    };
    let Ok(age) = age_on(birth_date, case.today) else {
        found.at(field, place, CreditRule::InTheFuture);
        return None;
    };
    if age > OLDEST {
        found.at(field, place, CreditRule::TooLarge(Bound::Years(OLDEST)));
        return None;
    }
    let field = CreditField::BorrowerAge;
    if age < case.terms.min_age {
        found.at(
            field,
            place,
            CreditRule::TooSmall(Bound::Years(case.terms.min_age)),
        );
        return None;
    }
    let oldest = case.terms.max_age_at_end;
    let at_end = case.end.and_then(|end| age_on(birth_date, end).ok());
    if at_end.is_some_and(|age| age > oldest) {
        let (value, limit) = (Bound::Years(at_end.unwrap_or(age)), Bound::Years(oldest));
        found.at(field, place, CreditRule::LimitExceeded { value, limit });
        return None;
    }
    Some((birth_date, age))
}
