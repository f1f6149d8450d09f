//! A condition as somebody writes it, and what is wrong with it.

use super::{
    CALLER_KEY_MAX_CHARS, ConditionPhase, ConditionStatus, DESCRIPTION_MAX_CHARS, Responsible,
    TITLE_MAX_CHARS,
};
use crate::refusal::{ConditionField, Rule};

/// A condition about to be put on a loan, in the writer's own texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConditionDraft {
    /// One line that says what is asked for. Needed.
    pub title: Option<String>,
    /// What is asked for, in full.
    pub description: Option<String>,
    /// By when. Needed.
    pub phase: Option<String>,
    /// Who brings it; the borrower when nothing is said.
    pub responsible: Option<String>,
    /// Whether a paper of whoever decides for the lender is enough; no when nothing is said.
    pub auto_satisfy: Option<bool>,
    /// The writer's own name of it: the same name again is the same condition.
    pub caller_key: Option<String>,
}

/// A condition whose texts can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionFacts {
    /// One line that says what is asked for.
    pub title: String,
    /// By when.
    pub phase: ConditionPhase,
    /// What is asked for, in full, when it was said.
    pub description: Option<String>,
    /// Who brings it, when it was said.
    pub responsible: Option<Responsible>,
    /// Whether a paper is enough, when it was said.
    pub auto_satisfy: Option<bool>,
    /// The writer's own name of it.
    pub caller_key: Option<String>,
}

/// A change of a condition, in the writer's own texts; what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ConditionEdit {
    /// One line that says what is asked for.
    pub title: Option<String>,
    /// What is asked for, in full. Empty takes it away.
    pub description: Option<String>,
    /// By when.
    pub phase: Option<String>,
    /// Who brings it.
    pub responsible: Option<String>,
    /// Whether a paper is enough.
    pub auto_satisfy: Option<bool>,
    /// How far it is.
    pub status: Option<String>,
}

/// A change of a condition whose texts can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EditedFacts {
    /// One line that says what is asked for.
    pub title: Option<String>,
    /// What is asked for, in full.
    pub description: Option<String>,
    /// By when.
    pub phase: Option<ConditionPhase>,
    /// Who brings it.
    pub responsible: Option<Responsible>,
    /// Whether a paper is enough.
    pub auto_satisfy: Option<bool>,
    /// How far it is.
    pub status: Option<ConditionStatus>,
}

/// What is wrong with a condition, in the order of its fields.
type Mistakes = Vec<(ConditionField, Rule)>;

/// Reads texts and gathers what is wrong with them.
struct Check(Mistakes);

impl Check {
    fn wrong<T>(&mut self, field: ConditionField, rule: Rule) -> Option<T> {
        self.0.push((field, rule));
        None
    }

    /// A text that must say something when it is there.
    fn title(&mut self, text: Option<String>) -> Option<String> {
        let text = text?;
        let title = text.trim();
        if title.is_empty() {
            return self.wrong(ConditionField::Title, Rule::Missing);
        }
        if title.chars().count() > TITLE_MAX_CHARS || title.chars().any(char::is_control) {
            return self.wrong(ConditionField::Title, Rule::Malformed);
        }
        Some(title.to_owned())
    }

    /// Several lines, if need be.
    fn description(&mut self, text: Option<String>) -> Option<String> {
        let text = text?.replace("\r\n", "\n");
        let is_odd = |c: char| c.is_control() && c != '\n' && c != '\t';
        if text.chars().count() > DESCRIPTION_MAX_CHARS || text.chars().any(is_odd) {
            return self.wrong(ConditionField::Description, Rule::Malformed);
        }
        Some(text.trim().to_owned())
    }

    fn caller_key(&mut self, text: Option<String>) -> Option<String> {
        let text = text?;
        let key = text.trim();
        if key.chars().count() > CALLER_KEY_MAX_CHARS || key.chars().any(char::is_control) {
            return self.wrong(ConditionField::CallerKey, Rule::Malformed);
        }
        (!key.is_empty()).then(|| key.to_owned())
    }

    fn word<T>(
        &mut self,
        field: ConditionField,
        text: Option<&str>,
        read: fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = text?;
        read(text).or_else(|| self.wrong(field, Rule::Malformed))
    }
}

impl ConditionDraft {
    /// Reads the texts.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn check(self) -> Result<ConditionFacts, Mistakes> {
        let mut check = Check(Vec::new());
        let has_title = self.title.is_some();
        let title = check.title(self.title);
        if !has_title {
            check.0.push((ConditionField::Title, Rule::Missing));
        }
        let description = check.description(self.description);
        let has_phase = self.phase.as_deref().is_some_and(|p| !p.trim().is_empty());
        let phase = if has_phase {
            let text = self.phase.as_deref();
            check.word(ConditionField::Phase, text, ConditionPhase::read)
        } else {
            check.wrong(ConditionField::Phase, Rule::Missing)
        };
        let text = self.responsible.as_deref();
        let responsible = check.word(ConditionField::Responsible, text, Responsible::read);
        let caller_key = check.caller_key(self.caller_key);
        match (title, phase) {
            (Some(title), Some(phase)) if check.0.is_empty() => Ok(ConditionFacts {
                title,
                phase,
                description,
                responsible,
                auto_satisfy: self.auto_satisfy,
                caller_key,
            }),
            _ => Err(check.0),
        }
    }
}

impl ConditionEdit {
    /// Reads the texts.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the fields.
    pub fn check(self) -> Result<EditedFacts, Mistakes> {
        let mut check = Check(Vec::new());
        let facts = EditedFacts {
            title: check.title(self.title),
            description: check.description(self.description),
            phase: check.word(
                ConditionField::Phase,
                self.phase.as_deref(),
                ConditionPhase::read,
            ),
            responsible: check.word(
                ConditionField::Responsible,
                self.responsible.as_deref(),
                Responsible::read,
            ),
            auto_satisfy: self.auto_satisfy,
            status: check.word(
                ConditionField::Status,
                self.status.as_deref(),
                ConditionStatus::read,
            ),
        };
        if check.0.is_empty() {
            Ok(facts)
        } else {
            Err(check.0)
        }
    }
}
