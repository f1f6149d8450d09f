//! What of the pipeline is wanted, as the page's address says it.

use lintel_domain::id::{DAY_SECONDS, PublicId};
use lintel_domain::license::StateCode;
use lintel_domain::loan::{Lifecycle, LoanQuery};
use lintel_domain::permission::Permission;
use lintel_engine::date::Date;

use crate::failure::Failure;
use crate::show;
use crate::visit::{Query, Staff};

/// Loans on one page.
pub(super) const ON_PAGE: u32 = 25;
/// Days that count as "however long ago".
const EVER_DAYS: u32 = 36_500;

/// Active loans, or those whose life ended, in one way or in any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Active,
    Ended,
    As(Lifecycle),
}

/// A filter that can be used: what cannot be read is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Filter {
    pub standing: Standing,
    pub since_days: Option<u32>,
    pub from: Option<Date>,
    pub to: Option<Date>,
    pub officer: Option<PublicId>,
    pub state: Option<StateCode>,
    pub email: Option<String>,
    pub changed: Option<Date>,
    pub is_oldest_first: bool,
    pub page: u32,
}

impl Standing {
    const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Ended => "ended",
            Self::As(lifecycle) => lifecycle.as_str(),
        }
    }

    fn parse(text: &str) -> Self {
        match (text, Lifecycle::parse(text)) {
            ("ended", _) => Self::Ended,
            (_, Some(lifecycle)) if !lifecycle.is_active() => Self::As(lifecycle),
            _ => Self::Active,
        }
    }

    /// All of them with what the page calls them.
    pub(super) fn all() -> Vec<(&'static str, String)> {
        let mut all = vec![
            ("active", "Active".to_owned()),
            ("ended", "Ended, in any way".to_owned()),
        ];
        let ended = Lifecycle::ALL.iter().filter(|l| !l.is_active());
        all.extend(ended.map(|l| (l.as_str(), show::words(l.as_str()))));
        all
    }
}

impl Filter {
    /// Reads the filter of an address.
    pub(super) fn of(query: &Query) -> Self {
        let date = |name| query.text(name).and_then(|text| Date::parse_iso(text).ok());
        let days = query.text("since").and_then(|text| text.parse().ok());
        Self {
            standing: Standing::parse(query.text("status").unwrap_or_default()),
            since_days: days.filter(|days| (1..=3650).contains(days)),
            from: date("from"),
            to: date("to"),
            officer: query.text("officer").and_then(PublicId::parse),
            state: query.text("state").and_then(StateCode::parse),
            email: query
                .text("email")
                .filter(|text| text.contains('@') && text.len() <= 254)
                .map(str::to_owned),
            changed: date("changed"),
            is_oldest_first: query.text("sort") == Some("oldest"),
            page: query.page(),
        }
    }

    /// Whether anything but the standing and the order was asked for.
    pub(super) fn is_narrowed(&self) -> bool {
        let plain = Self {
            standing: self.standing,
            is_oldest_first: self.is_oldest_first,
            page: self.page,
            ..Self::of(&Query::default())
        };
        *self != plain
    }

    /// The names and values that say it again, without the page.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.standing != Standing::Active {
            pairs.push(("status", self.standing.word().to_owned()));
        }
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|v| (name, v)));
        add("since", self.since_days.map(|days| days.to_string()));
        add("from", self.from.map(show::iso_date));
        add("to", self.to.map(show::iso_date));
        add("officer", self.officer.as_ref().map(ToString::to_string));
        add("state", self.state.map(|state| state.as_str().to_owned()));
        add("email", self.email.clone());
        add("changed", self.changed.map(show::iso_date));
        add("sort", self.is_oldest_first.then(|| "oldest".to_owned()));
        pairs
    }

    /// An address with this filter.
    pub(super) fn path(&self, path: &str, page: u32) -> String {
        let mut pairs = self.pairs();
        if page > 1 {
            pairs.push(("page", page.to_string()));
        }
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", show::encoded(value)))
            .collect();
        if pairs.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", pairs.join("&"))
    }

    /// The loans it means for somebody: who may see own loans only sees no others.
    ///
    /// # Errors
    /// Forbidden for whoever may see none.
    pub(super) fn query(&self, staff: &Staff) -> Result<LoanQuery, Failure> {
        let sees_all = staff.may(Permission::SeeAllLoans);
        if !sees_all && !staff.may(Permission::SeeOwnLoans) {
            return Err(Failure::Forbidden);
        }
        let days = self.since_days.unwrap_or(EVER_DAYS);
        let ended = match self.standing {
            Standing::Active => Vec::new(),
            Standing::As(lifecycle) => vec![(lifecycle, days)],
            Standing::Ended if self.since_days.is_none() => Vec::new(),
            Standing::Ended => {
                let ended = Lifecycle::ALL.iter().filter(|l| !l.is_active());
                ended.map(|l| (*l, days)).collect()
            }
        };
        let page = i64::from(self.page.saturating_sub(1));
        Ok(LoanQuery {
            created_from: self.from.and_then(show::midnight),
            // The last day counts whole.
            created_before: self
                .to
                .and_then(show::midnight)
                .map(|at| at.plus_seconds(DAY_SECONDS)),
            participant_id: (!sees_all).then(|| staff.person().public_id.clone()),
            participant_email: self.email.clone(),
            ended,
            property_state: self.state.map(|state| state.as_str().to_owned()),
            officer_id: self.officer.clone(),
            modified_from: self.changed.and_then(show::midnight),
            newest_first: !self.is_oldest_first,
            limit: ON_PAGE,
            offset: u64::try_from(page * i64::from(ON_PAGE)).unwrap_or(0),
            with_borrowers: true,
            ..LoanQuery::all(self.standing == Standing::Active)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_says_itself_again_and_leaves_out_what_it_cannot_read() {
        let good = "status=withdrawn&since=90&from=2026-01-01&to=2026-06-30&officer=UU473IOJ\
             &state=CA&email=a%2Bb%40example.com&changed=2026-05-01&sort=oldest";
        let filter = Filter::of(&Query::of(good));
        assert_eq!(filter.path("/x", 3), format!("/x?{good}&page=3"));
        assert!(filter.is_narrowed());
        let bad = "status=%3Cb%3E&since=-1&from=2026-02-30&to=x&officer=uu&state=XX&email=no\
             &changed=99999-01-01&sort=sideways&page=-1";
        let filter = Filter::of(&Query::of(bad));
        assert_eq!(filter.path("/x", 1), "/x");
        assert!(!filter.is_narrowed());
        assert_eq!(filter.standing, Standing::Active);
    }

    #[test]
    fn every_standing_is_read_back() {
        for (word, _) in Standing::all() {
            assert_eq!(Standing::parse(word).word(), word);
        }
    }
}
