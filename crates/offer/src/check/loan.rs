//! The terms of the loan.

use lintel_domain::finding::{Bound, CreditField, CreditRule};
use lintel_domain::simulation::{RateKind, Request};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_taxonomy::index::{IndexTerms, terms as index_terms};
use lintel_taxonomy::{Entry, List};

use super::{Findings, IndexValue, Rate, Terms};
use crate::Book;
use crate::indices::tenor_name;
use crate::offer::{Branch, GridRow, Scheme};

pub(super) fn terms<'a>(book: &Book<'a>, request: &Request, found: &mut Findings) -> Terms<'a> {
    let product_purpose = found.choice(
        CreditField::ProductPurpose,
        List::ProductPurposes,
        request.product_purpose,
    );
    let loan_purpose = found.choice(
        CreditField::LoanPurpose,
        List::LoanPurposes,
        request.loan_purpose,
    );
    let scheme = scheme(book, request, found);
    if let Some(scheme) = scheme {
        if product_purpose.is_some_and(|purpose| !scheme.product_purposes.contains(&purpose.id)) {
            found.add(CreditField::ProductPurpose, CreditRule::NotOffered);
        }
        if loan_purpose.is_some_and(|purpose| !scheme.loan_purposes.contains(&purpose.id)) {
            found.add(CreditField::LoanPurpose, CreditRule::NotOffered);
        }
    }
    let term_months = term(request, scheme, found);
    Terms {
        scheme,
        product_purpose,
        loan_purpose,
        amount: amount(request, scheme, found),
        term_months,
        utilisation_months: utilisation(request, scheme, term_months, found),
    }
}

fn scheme<'a>(book: &Book<'a>, request: &Request, found: &mut Findings) -> Option<&'a Scheme> {
    let Some(id) = request.product_scheme else {
        found.add(CreditField::ProductScheme, CreditRule::Missing);
        return None;
    };
    match book.offer.scheme(id) {
        Some(scheme) if !scheme.retired => Some(scheme),
        Some(_) => {
            found.add(CreditField::ProductScheme, CreditRule::Retired);
            None
        }
        None => {
            found.add(CreditField::ProductScheme, CreditRule::Unknown);
            None
        }
    }
}

/// The branch, which may be left open. The error says only that there was a finding.
pub(super) fn branch<'a>(
    book: &Book<'a>,
    request: &Request,
    found: &mut Findings,
) -> Result<Option<&'a Branch>, ()> {
    let Some(id) = request.branch else {
        return Ok(None);
    };
    let rule = match book.offer.branch(id) {
        Some(branch) if !branch.retired => return Ok(Some(branch)),
        Some(_) => CreditRule::Retired,
        None => CreditRule::Unknown,
    };
    found.add(CreditField::BankBranch, rule);
    Err(())
}

fn amount(request: &Request, scheme: Option<&Scheme>, found: &mut Findings) -> Option<Cents> {
    let Some(amount) = request.amount else {
        found.add(CreditField::LoanAmount, CreditRule::Missing);
        return None;
    };
    let (least, most) = scheme.map_or((Cents::new(1), Cents::MAX), |scheme| scheme.amounts);
    let rule = if amount < least {
        CreditRule::TooSmall(Bound::Amount(least))
    } else if amount > most {
        CreditRule::TooLarge(Bound::Amount(most))
    } else {
        return Some(amount);
    };
    found.add(CreditField::LoanAmount, rule);
    None
}

fn term(request: &Request, scheme: Option<&Scheme>, found: &mut Findings) -> Option<u32> {
    let Some(months) = request.term_months else {
        found.add(CreditField::LoanDuration, CreditRule::Missing);
        return None;
    };
    let longest = lintel_engine::schedule::MAX_TERM_MONTHS;
    let (least, most) = scheme.map_or((1, longest), |scheme| scheme.terms);
    let rule = if months < least {
        CreditRule::TooSmall(Bound::Months(least))
    } else if months > most {
        CreditRule::TooLarge(Bound::Months(most))
    } else {
        return Some(months);
    };
    found.add(CreditField::LoanDuration, rule);
    None
}

fn utilisation(
    request: &Request,
    scheme: Option<&Scheme>,
    term_months: Option<u32>,
    found: &mut Findings,
) -> Option<u32> {
    let months = request.utilisation_months.unwrap_or(0);
    let of_scheme = scheme.map_or(u32::MAX, |scheme| scheme.max_utilisation);
    let of_term = term_months.map_or(u32::MAX, |term| term.saturating_sub(1));
    let most = of_scheme.min(of_term);
    if months <= most {
        return Some(months);
    }
    found.add(
        CreditField::UtilizationPeriod,
        CreditRule::TooLarge(Bound::Months(most)),
    );
    None
}

pub(super) fn kind(
    request: &Request,
    scheme: Option<&Scheme>,
    found: &mut Findings,
) -> Option<RateKind> {
    let field = CreditField::IndexTypeSubCategory;
    let chosen = found.choice(field, List::IndexTypeSubCategories, request.rate_kind)?;
    let kind = RateKind::of_id(chosen.id)?;
    let offered = scheme.is_none_or(|scheme| match kind {
        RateKind::Fixed => !scheme.fixed.is_empty(),
        RateKind::Variable => scheme.variable.is_some(),
        RateKind::Mixed => !scheme.mixed.is_empty(),
    });
    if !offered {
        found.add(field, CreditRule::NotOffered);
        return None;
    }
    Some(kind)
}

/// A tenor, a fixed period or both.
#[derive(Clone, Copy)]
pub(super) struct IndexType {
    pub(super) entry: &'static Entry,
    terms: IndexTerms,
    kind: RateKind,
}

pub(super) fn index_type(
    request: &Request,
    kind: Option<RateKind>,
    scheme: Option<&Scheme>,
    term_months: Option<u32>,
    found: &mut Findings,
) -> Option<IndexType> {
    let field = CreditField::IndexType;
    let entry = found.choice(field, List::IndexTypes, request.index_type)?;
    let terms = index_terms(entry.id)?;
    let kind = kind?;
    if terms.kind != kind.id() {
        found.add(field, CreditRule::Conflict);
        return None;
    }
    let chosen = IndexType { entry, terms, kind };
    let offered = scheme.is_none_or(|scheme| match kind {
        RateKind::Fixed => true,
        RateKind::Variable => scheme.variable.as_ref().is_some_and(|(tenors, _)| {
            terms
                .tenor_months
                .is_some_and(|tenor| tenors.contains(&tenor))
        }),
        RateKind::Mixed => scheme
            .mixed
            .iter()
            .any(|mixed| Some(mixed.fixed_months) == terms.fixed_months),
    });
    if !offered {
        found.add(field, CreditRule::NotOffered);
        return None;
    }
    // A fixed rate lasts the whole term; the fixed part of a mixed one ends before it.
    let fits = term_months
        .zip(terms.fixed_months)
        .is_none_or(|(term, fixed)| match kind {
            RateKind::Fixed => fixed >= term,
            RateKind::Variable => true,
            RateKind::Mixed => fixed < term,
        });
    if !fits {
        found.add(field, CreditRule::Conflict);
        return None;
    }
    Some(chosen)
}

pub(super) fn cross_selling(
    request: &Request,
    scheme: Option<&Scheme>,
    found: &mut Findings,
) -> Option<bool> {
    let wanted = request.cross_selling.unwrap_or(false);
    if wanted && scheme.is_some_and(|scheme| scheme.discounts.is_empty()) {
        found.add(CreditField::CrossSelling, CreditRule::NotOffered);
        return None;
    }
    Some(wanted)
}

/// The rate of the grids: the first row that fits loan to value, amount and term.
pub(super) fn rate(
    scheme: &Scheme,
    chosen: IndexType,
    (ltv, amount, term_months): (Pct, Cents, u32),
    found: &mut Findings,
) -> Option<Rate> {
    let of = |grid: &[GridRow]| GridRow::find(grid, ltv, amount, term_months);
    let rate = match chosen.kind {
        RateKind::Fixed => of(&scheme.fixed).map(|percent| Rate::Fixed { percent }),
        RateKind::Variable => {
            let spreads = scheme.variable.as_ref().map(|(_, spreads)| spreads);
            let spread = spreads.and_then(|spreads| of(spreads));
            spread.map(|spread| Rate::Variable { spread })
        }
        RateKind::Mixed => {
            let mixed = scheme.mixed.iter();
            let mut fitting =
                mixed.filter(|mixed| Some(mixed.fixed_months) == chosen.terms.fixed_months);
            fitting.next().and_then(|mixed| {
                Some(Rate::Mixed {
                    percent: of(&mixed.rates)?,
                    fixed_months: mixed.fixed_months,
                    spread: of(&mixed.spreads)?,
                })
            })
        }
    };
    if rate.is_none() {
        found.add(CreditField::Offer, CreditRule::NotOffered);
    }
    rate
}

/// The value of the index: the average of the month before the contract. None for a fixed rate; the
/// error says only that there was a finding, or nothing to look up.
pub(super) fn index(
    book: &Book<'_>,
    chosen: Option<IndexType>,
    scheme: Option<&Scheme>,
    found: &mut Findings,
) -> Result<Option<IndexValue>, ()> {
    let chosen = chosen.ok_or(())?;
    let months = match chosen.kind {
        RateKind::Fixed => return Ok(None),
        RateKind::Variable => chosen.terms.tenor_months.ok_or(())?,
        RateKind::Mixed => {
            let mut mixed = scheme.ok_or(())?.mixed.iter();
            let found = mixed.find(|mixed| Some(mixed.fixed_months) == chosen.terms.fixed_months);
            found.ok_or(())?.tenor_months
        }
    };
    let value = book.indices.tenor(months).and_then(|series| {
        let month = book.today.first_of_month().add_months(-1).ok()?;
        Some(IndexValue {
            tenor: tenor_name(months)?,
            months,
            month,
            average: series.for_period(book.today).ok()?,
            highest: series.highest_of_20_years(book.today).ok()?,
        })
    });
    if value.is_none() {
        found.add(CreditField::IndexValue, CreditRule::Missing);
    }
    value.map(Some).ok_or(())
}
