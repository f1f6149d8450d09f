//! The pipeline as a file for spreadsheets, streamed page by page (RFC 4180).

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use lintel_app::context::App;
use lintel_app::error::{AppError, Fault};
use lintel_app::loan;
use lintel_app::session::{self, SignedIn};
use lintel_domain::loan::{LoanPage, LoanQuery};
use lintel_domain::permission::Permission;

use super::filter::Filter;
use super::page::officer;
use crate::Answer;
use crate::cookie::Cookie;
use crate::failure;
use crate::show::When;
use crate::visit::Staff;

/// Loans fetched at once.
const FETCHED: u32 = 500;
/// Most loans in one file: a spreadsheet ends soon after a million lines.
const MOST: u64 = 200_000;

const HEADER: &str = "loan,arrived,changed_status,status,sub_status,borrower,borrower_email,\
     loan_amount,home_price,purpose,program,occupancy,street,unit,city,state,postal_code,\
     officer,officer_email\r\n";

/// For whoever looks without taking: nothing is taken.
pub(super) async fn head(staff: Staff) -> Result<StatusCode, failure::Failure> {
    staff.require(Permission::ExportLoans)?;
    Ok(StatusCode::OK)
}

pub(super) async fn download(staff: Staff) -> Answer {
    staff.require(Permission::ExportLoans)?;
    let mut query = Filter::of(staff.query()).query(&staff)?;
    query.limit = FETCHED;
    query.offset = 0;
    let (app, who) = (staff.app().clone(), staff.who.clone());
    // The first part before the answer begins: a failure is still a page then.
    let first = part(&app, &who, &query).await?;
    loan::record_export(&app, &who, first.total_count.min(MOST)).await?;
    let is_last = is_last(&first, &query);
    let state = Some(Next {
        text: format!("{HEADER}{}", lines(&first)),
        is_last,
        app,
        cookie: staff.cookie(Cookie::Staff).unwrap_or_default(),
        who,
        query,
    });
    let parts = stream::try_unfold(state, |state| async move {
        let Some(mut next) = state else {
            return Ok::<_, std::io::Error>(None);
        };
        let text = std::mem::take(&mut next.text);
        let after = next.advance().await?;
        Ok(Some((Bytes::from(text), after)))
    });
    Ok(file(Body::from_stream(parts)))
}

fn file(body: Body) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"pipeline.csv\""),
    ];
    (headers, body).into_response()
}

/// What is sent next, and what comes after it.
struct Next {
    text: String,
    is_last: bool,
    app: App,
    cookie: String,
    who: SignedIn,
    query: LoanQuery,
}

impl Next {
    /// The part after this one; `None` at the end. A failure breaks the file off, which browsers
    /// say: a short file must not look like a whole one.
    async fn advance(mut self) -> Result<Option<Self>, std::io::Error> {
        if self.is_last {
            return Ok(None);
        }
        self.query.offset += u64::from(FETCHED);
        let broken = |fault: Option<&Fault>| {
            if let Some(fault) = fault {
                failure::log(fault);
            }
            std::io::Error::other("the pipeline could not be read to its end")
        };
        let is_same = self.is_same_session().await;
        if !is_same.map_err(|fault| broken(Some(&fault)))? {
            return Err(broken(None));
        }
        let found = part(&self.app, &self.who, &self.query).await;
        let found = found.map_err(|error| match &error {
            AppError::Failed(fault) => broken(Some(fault)),
            AppError::Refused(_) | AppError::Document(_) => broken(None),
        })?;
        self.is_last = is_last(&found, &self.query);
        self.text = lines(&found);
        Ok(Some(self))
    }

    /// Whether the session still lives and may do what it could when the file began: a file takes
    /// its time, and whoever is switched off meanwhile gets no more of it.
    async fn is_same_session(&self) -> Result<bool, Fault> {
        let now = session::open(&self.app, &self.cookie).await?;
        Ok(now.is_some_and(|now| {
            now.session_id == self.who.session_id && now.person.roles == self.who.person.roles
        }))
    }
}

async fn part(app: &App, who: &SignedIn, query: &LoanQuery) -> Result<LoanPage, AppError> {
    loan::list(app, &who.principal(), query).await
}

fn is_last(found: &LoanPage, query: &LoanQuery) -> bool {
    let fetched = u64::from(FETCHED);
    found.loans.len() < usize::try_from(fetched).unwrap_or(usize::MAX)
        || query.offset + fetched >= MOST
}

fn lines(found: &LoanPage) -> String {
    let mut text = String::new();
    for loan in &found.loans {
        let mut its = found.borrowers.iter().filter(|b| b.loan_id == loan.id);
        let borrower = its.clone().find(|b| b.is_primary).or_else(|| its.next());
        let name = borrower.map(|b| format!("{} {}", b.first_name, b.last_name));
        let place = &loan.property;
        let amount = |cents: i64| format!("{}.{:02}", cents / 100, (cents % 100).abs());
        let cells = [
            loan.public_id.to_string(),
            When::of(loan.created_at).iso,
            When::of(loan.status_at).iso,
            loan.lender_status.main.clone(),
            loan.lender_status.sub.clone(),
            name.unwrap_or_default(),
            borrower.and_then(|b| b.email.clone()).unwrap_or_default(),
            amount(loan.loan_amount.get()),
            loan.home_price.map(|c| amount(c.get())).unwrap_or_default(),
            loan.purpose.as_str().to_owned(),
            loan.program.as_str().to_owned(),
            loan.occupancy
                .map(|o| o.as_str().to_owned())
                .unwrap_or_default(),
            place.street.clone().unwrap_or_default(),
            place.unit.clone().unwrap_or_default(),
            place.city.clone().unwrap_or_default(),
            place.state.clone().unwrap_or_default(),
            place.postal_code.clone().unwrap_or_default(),
            officer(loan),
            loan.officer.email.clone().unwrap_or_default(),
        ];
        let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// A cell, quoted, and harmless: what a spreadsheet would take for a formula gets an apostrophe in
/// front. Blanks before it do not make it harmless.
fn cell(text: &str) -> String {
    let first = text.trim_start().chars().next();
    let is_number = text.parse::<f64>().is_ok();
    let is_formula = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
    ) || text.starts_with(['\t', '\r', '\n']);
    let mark = if is_formula && !is_number { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula_and_no_quote_ends_one() {
        for (text, expected) in [
            ("Olive", "\"Olive\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("=1+1", "\"'=1+1\""),
            ("+1", "\"+1\""),
            ("-12.50", "\"-12.50\""),
            ("-2+3+cmd|' /C calc'!A0", "\"'-2+3+cmd|' /C calc'!A0\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("  =1", "\"'  =1\""),
            ("\t=1", "\"'\t=1\""),
            ("\u{ff1d}1", "\"'\u{ff1d}1\""),
            ("", "\"\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
