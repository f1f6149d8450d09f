//! Reading the people of one request: every mistake of every person, pictures included.

use lintel_macros::boxed;
use std::collections::HashSet;

use lintel_domain::id::PublicId;
use lintel_domain::image::ImageUse;
use lintel_domain::person::fold_email;
use lintel_domain::refusal::{Field, PersonField, Rule};
use lintel_domain::staff::{PersonDraft, PersonFacts, UidRule};
use lintel_store::fault::Fault;

use crate::context::App;
use crate::image::{self, Prepared};

/// Most people in one request.
pub const PEOPLE_MAX: usize = 500;

/// Somebody whose values are good by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPerson {
    /// Our id of somebody who is known, where that and nothing else says who is meant.
    pub known_as: Option<PublicId>,
    /// The values.
    pub facts: PersonFacts,
    /// The picture, if one came.
    pub headshot: Option<Prepared>,
}

/// A list of mistakes, each with its field.
pub(crate) type Mistakes = Vec<(Field, Rule)>;

/// Reads people and says everything that is wrong with them. Nobody may be in the list twice, by the
/// sender's id or by mail address.
///
/// # Errors
/// The outer error is ours: no processor free for the pictures. The inner one is the sender's.
#[boxed]
pub async fn check(
    app: &App,
    drafts: Vec<PersonDraft>,
    uid_rule: UidRule,
) -> Result<Result<Vec<CheckedPerson>, Vec<(Field, Rule)>>, Fault> {
    if let Some(rule) = bad_length(drafts.len()) {
        return Ok(Err(vec![(Field::People, rule)]));
    }
    let mut people = Vec::with_capacity(drafts.len());
    let mut mistakes = Mistakes::new();
    let mut seen = Seen::default();
    let mut pictures = image::Budget::default();
    for (person, mut draft) in drafts.into_iter().enumerate() {
        let headshot = draft.headshot.take();
        let at = |(part, rule)| (Field::Person { person, part }, rule);
        let (facts, mut wrong) = match draft.check(uid_rule) {
            Ok(facts) => {
                let repeated = seen.repeats(&facts);
                (Some(facts), repeated)
            }
            Err(wrong) => (None, wrong),
        };
        let headshot = match headshot {
            None => None,
            Some(draft) => match pictures.prepare(app, draft, ImageUse::Headshot).await? {
                Ok(picture) => Some(picture),
                Err(refusal) => {
                    let part = PersonField::Headshot(refusal.part);
                    wrong.insert(before_names(&wrong), (part, refusal.rule));
                    None
                }
            },
        };
        match facts {
            Some(facts) if wrong.is_empty() => people.push(CheckedPerson {
                known_as: None,
                facts,
                headshot,
            }),
            Some(_) | None => mistakes.extend(wrong.into_iter().map(at)),
        }
    }
    Ok(if mistakes.is_empty() {
        Ok(people)
    } else {
        Err(mistakes)
    })
}

/// Why a list of so many people is refused.
pub(super) const fn bad_length(length: usize) -> Option<Rule> {
    match length {
        0 => Some(Rule::Missing),
        1..=PEOPLE_MAX => None,
        _ => Some(Rule::Malformed),
    }
}

/// Where a picture's mistake belongs among a person's, which are in the order of the fields.
fn before_names(wrong: &[(PersonField, Rule)]) -> usize {
    let is_before = |part: &PersonField| matches!(part, PersonField::Uid | PersonField::Timezone);
    wrong.iter().take_while(|(part, _)| is_before(part)).count()
}

/// Who was in the list already.
#[derive(Default)]
struct Seen {
    uids: HashSet<String>,
    emails: HashSet<String>,
}

impl Seen {
    fn repeats(&mut self, facts: &PersonFacts) -> Vec<(PersonField, Rule)> {
        let mut wrong = Vec::new();
        let uid = facts.uid.as_ref();
        if uid.is_some_and(|uid| !self.uids.insert(uid.clone())) {
            wrong.push((PersonField::Uid, Rule::Conflict));
        }
        if !self.emails.insert(fold_email(&facts.email)) {
            wrong.push((PersonField::Email, Rule::Conflict));
        }
        wrong
    }
}

/// Puts people's pictures into the blob store. Before the transaction: a picture nobody refers to
/// does no harm, one that is missing does.
///
/// # Errors
/// Any fault of the blob store.
#[boxed]
pub async fn keep_pictures(app: &App, people: &[CheckedPerson]) -> Result<(), Fault> {
    for picture in people.iter().filter_map(|person| person.headshot.as_ref()) {
        image::keep(app, picture).await?;
    }
    Ok(())
}
