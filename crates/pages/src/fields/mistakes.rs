//! What is wrong with a form: one text per field, in the form's order.

use lintel_app::error::AppError;
use lintel_domain::refusal::{self, Rule};
use serde::Serialize;

use super::id_of;
use crate::failure::Failure;

/// Most mistakes that are shown; who makes more has other worries.
const MOST: usize = 50;

/// Mistakes by the names of their fields. The first of each field counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mistakes {
    found: Vec<(String, String)>,
}

/// A mistake in the list on top of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct MistakeView {
    /// Id of the field to go to.
    pub id: String,
    /// What is wrong.
    pub text: String,
}

impl Mistakes {
    /// The mistakes a use case found. `place` says which field of the form each is about, and what
    /// the page calls it; a field the form does not have is blamed on the form as a whole.
    ///
    /// # Errors
    /// Whatever is not about fields.
    pub(crate) fn of(
        error: AppError,
        place: impl Fn(&refusal::Field) -> Option<(String, String)>,
    ) -> Result<Self, Failure> {
        let AppError::Refused(refusal) = &error else {
            return Err(error.into());
        };
        let refused = refusal.mistakes();
        if refused.is_empty() {
            return Err(error.into());
        }
        let mut mistakes = Self::default();
        for (field, rule) in refused {
            let (name, label) =
                place(&field).unwrap_or_else(|| (String::new(), sentence(&field.to_string())));
            mistakes.add(&name, &text_of(rule, &label));
        }
        Ok(mistakes)
    }

    /// Adds one; a field that has one keeps it. Without a name it is about the form as a whole, of
    /// which there may be several.
    pub(crate) fn add(&mut self, name: &str, text: &str) {
        if self.found.len() < MOST && (name.is_empty() || self.text(name).is_none()) {
            self.found.push((name.to_owned(), text.to_owned()));
        }
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What is wrong with a field.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let (_, text) = self.found.iter().find(|(known, _)| known == name)?;
        Some(text)
    }

    pub(crate) fn views(&self) -> Vec<MistakeView> {
        let view = |(name, text): &(String, String)| MistakeView {
            id: id_of(name),
            text: text.clone(),
        };
        self.found.iter().map(view).collect()
    }
}

/// What is wrong, in words for people.
fn text_of(rule: Rule, label: &str) -> String {
    match rule {
        Rule::Missing => format!("{label} is missing."),
        Rule::Malformed => format!("{label} is not valid."),
        Rule::Conflict => format!("{label} is already taken."),
    }
}

/// Begins with a capital.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_domain::refusal::{Field, Refusal};

    #[test]
    fn refusals_become_mistakes_and_everything_else_goes_on() {
        let refused = Refusal::Several(vec![
            (Field::OrganisationName, Rule::Missing),
            (Field::LosLoanId, Rule::Conflict),
        ]);
        let place = |field: &Field| {
            (*field == Field::OrganisationName).then(|| ("name".to_owned(), "Name".to_owned()))
        };
        let mistakes = Mistakes::of(refused.into(), place).unwrap();
        assert_eq!(mistakes.text("name"), Some("Name is missing."));
        assert_eq!(mistakes.text(""), Some("The loan number is already taken."));
        let denied = AppError::from(lintel_domain::refusal::Denial::NotPermitted);
        assert_eq!(Mistakes::of(denied, place), Err(Failure::Forbidden));
    }

    #[test]
    fn the_first_of_each_field_counts_and_there_is_an_end() {
        let mut mistakes = Mistakes::default();
        mistakes.add("a", "one");
        mistakes.add("a", "two");
        assert_eq!(mistakes.text("a"), Some("one"));
        for n in 0..100 {
            mistakes.add(&format!("f{n}"), "x");
        }
        assert_eq!(mistakes.views().len(), MOST);
    }
}
