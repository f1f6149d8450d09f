//! Listing an intermediary's simulations.

use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::{Instant, RowId};
use lintel_domain::lisbon;
use lintel_domain::refusal::Refusal;
use lintel_domain::simulation::{Request, SimulationStatus};
use lintel_engine::{Cents, Date};
use lintel_macros::boxed;
use lintel_store::simulation::{self as store, Listed, by_id};
use lintel_store::stretch::{Step, Stretch};

use crate::caller::Caller;
use crate::row::{is_id, standing, unseal};
use crate::search::{TEXT_MAX_CHARS, nif_hash, pattern};

/// Lines of a page when nobody says how many.
pub const LINE_COUNT: u32 = 20;
/// Most lines of a page.
pub const LINE_COUNT_MAX: u32 = 100;

/// Which simulations to list, and from where on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// A part of a borrower's name or of the branch's, or a whole NIF.
    pub text: Option<String>,
    /// First day of the status, in Lisbon.
    pub from: Option<Date>,
    /// Last day of the status, in Lisbon.
    pub to: Option<Date>,
    /// How they stand.
    pub status: Option<SimulationStatus>,
    /// Lines of the page; [`LINE_COUNT`] when absent.
    pub line_count: Option<u32>,
    /// Goes on with those older than this one.
    pub next: Option<String>,
    /// Goes back to those newer than this one.
    pub previous: Option<String>,
}

/// A simulation of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its UniqueID.
    pub id: RowId,
    /// The number people say.
    pub number: i64,
    /// How it stands now.
    pub status: SimulationStatus,
    /// Since when.
    pub status_at: Instant,
    /// When it was made.
    pub created_at: Instant,
    /// Its last day, in Lisbon.
    pub expires_on: Date,
    /// Counts changes, from 1.
    pub revision: i64,
    /// Branch of the bank's offer.
    pub branch_id: Option<u32>,
    /// Amount of credit.
    pub amount: Cents,
    /// Months to maturity.
    pub term_months: u32,
    /// The process made from it.
    pub process_id: Option<RowId>,
    /// What was asked.
    pub request: Request,
}

/// A page of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The simulations.
    pub lines: Vec<Line>,
    /// All that the filter finds, on every page; counted to a million.
    pub total: i64,
    /// Whether there are more in the direction gone.
    pub has_more: bool,
}

/// Lists the simulations of the caller's intermediary, newest first whichever way the page goes. `found`
/// is what the caller found already: its fields are not reported again.
///
/// # Errors
/// Every finding at once, a cursor that is not the intermediary's among them; any fault of the database or
/// the key ring.
#[boxed]
pub async fn list(
    app: &App,
    caller: Caller<'_>,
    filter: &Filter,
    found: Vec<Finding>,
) -> Result<Page, AppError> {
    let (org_id, intermediary_id) = (&caller.partner.org_id, &caller.partner.intermediary_id);
    let mut found = Checking { found };
    let count = found.check(filter);
    let cursors = [
        (CreditField::NextRecord, &filter.next),
        (CreditField::PreviousRecord, &filter.previous),
    ];
    for (field, id) in cursors {
        let Some(id) = id else { continue };
        let is_known = is_id(id)
            && by_id(app.db(), org_id, intermediary_id, id)
                .await?
                .is_some();
        if !is_known {
            found.add(field, CreditRule::Unknown);
        }
    }
    found.done()?;
    let row = |id: &Option<String>| id.clone().map(RowId::new);
    let (next, previous) = (row(&filter.next), row(&filter.previous));
    let step = Step::of(next.as_ref(), previous.as_ref());
    let wanted = wanted(app, intermediary_id, filter)?;
    let total = store::total(app.db(), org_id, &wanted).await?;
    let Stretch { rows, has_more } = store::list(app.db(), org_id, &wanted, step, count).await?;
    let lines = rows.into_iter().map(|row| line(app, row));
    Ok(Page {
        lines: lines.collect::<Result<_, AppError>>()?,
        total,
        has_more,
    })
}

struct Checking {
    found: Vec<Finding>,
}

impl Checking {
    fn add(&mut self, field: CreditField, rule: CreditRule) {
        if self.found.iter().all(|known| known.field != field) {
            self.found.push(Finding::new(field, rule));
        }
    }

    /// How many lines are wanted.
    fn check(&mut self, filter: &Filter) -> u32 {
        let count = filter.line_count.unwrap_or(LINE_COUNT);
        let bound = |n: u32| Bound::Count(u64::from(n));
        if count < 1 {
            self.add(CreditField::LineCount, CreditRule::TooSmall(bound(1)));
        } else if count > LINE_COUNT_MAX {
            let most = CreditRule::TooLarge(bound(LINE_COUNT_MAX));
            self.add(CreditField::LineCount, most);
        }
        if filter.next.is_some() && filter.previous.is_some() {
            self.add(CreditField::PreviousRecord, CreditRule::Conflict);
        }
        if let Some(text) = &filter.text {
            if text.chars().count() > TEXT_MAX_CHARS {
                let most = u64::try_from(TEXT_MAX_CHARS).unwrap_or(u64::MAX);
                let rule = CreditRule::TooLong(Bound::Count(most));
                self.add(CreditField::FilterText, rule);
            } else if text.chars().any(char::is_control) {
                self.add(CreditField::FilterText, CreditRule::Malformed);
            }
        }
        if filter
            .from
            .zip(filter.to)
            .is_some_and(|(from, to)| from > to)
        {
            self.add(CreditField::FilterTo, CreditRule::Conflict);
        }
        count
    }

    fn done(mut self) -> Result<(), Refusal> {
        self.found.sort_by_key(|finding| finding.field);
        Refusal::of_findings(self.found).map_or(Ok(()), Err)
    }
}

fn wanted(app: &App, intermediary_id: &RowId, filter: &Filter) -> Result<store::Filter, AppError> {
    let text = filter.text.as_deref().unwrap_or_default();
    let (first, last) = (
        Instant::from_micros(i64::MIN),
        Instant::from_micros(i64::MAX),
    );
    Ok(store::Filter {
        intermediary_id: intermediary_id.clone(),
        now: app.now(),
        status: filter.status,
        from: filter.from.map_or(first, lisbon::start_of),
        until: filter.to.map_or(last, lisbon::end_of),
        pattern: pattern(text),
        nif_hash: nif_hash(app, text)?,
    })
}

fn line(app: &App, row: Listed) -> Result<Line, AppError> {
    let (status, status_at) = standing((row.status, row.status_at), row.expires_at, app.now());
    Ok(Line {
        request: unseal(app, &row.id, &row.input)?,
        number: row.number,
        status,
        status_at,
        created_at: row.created_at,
        expires_on: lisbon::last_day(row.expires_at),
        revision: row.revision,
        branch_id: row.branch_id,
        amount: row.amount,
        term_months: row.term_months,
        process_id: row.process_id,
        id: row.id,
    })
}
