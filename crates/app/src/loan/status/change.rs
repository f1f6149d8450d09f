//! A change of status as somebody asks for it, and the answers to it.

use lintel_domain::condition::ConditionPhase;
use lintel_domain::id::{Instant, PublicId};
use lintel_domain::loan::Status;
use lintel_domain::refusal::{Denial, Field, LoanStatusField, Refusal, Rule};
use lintel_domain::status::{Hand, Position, STATUS_MAX_CHARS, Stage, Step, Worded};
use lintel_store::condition::StoredCondition;
use lintel_store::loan::crm;
use lintel_store::loan::read::LoanHead;

use super::field_of;
use crate::error::AppError;
use crate::loan::LoanCaller;

/// Open conditions named in the answer; further ones are counted.
const NAMED: usize = 20;

/// Where a loan is to go, in the asker's own texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusChange {
    /// The stage, in the system's words.
    pub main: String,
    /// The step, in the system's words. Absent means the first of the stage, or the one the loan is
    /// at when it is in that stage.
    pub sub: Option<String>,
    /// What the lender's staff are to read instead of the lender's usual words.
    pub lender: StatusWords,
    /// What the borrowers are to read instead of the lender's usual words for them.
    pub borrower: StatusWords,
    /// When the loan closes; absent leaves what is known.
    pub closing_at: Option<Instant>,
    /// What the asker's customer system calls the loan; absent leaves what is known.
    pub crm_id: Option<String>,
}

/// Words of one party; what is absent is as usual.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusWords {
    /// The stage.
    pub main: Option<String>,
    /// The step.
    pub sub: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatusOutcome {
    /// The loan moved, or is worded otherwise, or closes at another time.
    Changed(Box<LoanHead>),
    /// It was so before.
    Unchanged(Box<LoanHead>),
    /// It cannot go there. Nothing changed.
    Barred(Barred),
}

/// Why a loan cannot go where it was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barred {
    /// The part of the call that is at fault: the main or the sub status.
    pub field: LoanStatusField,
    /// Why.
    pub why: Bar,
}

/// What stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bar {
    /// The system has no such stage, or the stage no such step.
    Unknown {
        /// What there is.
        known: Vec<&'static str>,
    },
    /// There is no way from where the loan stands.
    NotFromHere {
        /// Where it stands.
        from: Step,
        /// Where it may go.
        allowed: Vec<Step>,
    },
    /// There is a way, and it is the lender's to go, not its broker's.
    LendersAlone {
        /// Where it stands.
        from: Step,
        /// Where its broker may send it.
        allowed: Vec<Step>,
    },
    /// Conditions have to be satisfied or waived first.
    ConditionsOpen(Vec<OpenCondition>),
}

/// A condition that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCondition {
    /// The id partners see.
    pub public_id: PublicId,
    /// By when it has to be met.
    pub phase: ConditionPhase,
    /// What is asked for.
    pub title: String,
}

impl From<StoredCondition> for OpenCondition {
    fn from(stored: StoredCondition) -> Self {
        Self {
            public_id: stored.public_id,
            phase: stored.phase,
            title: stored.title,
        }
    }
}

impl Barred {
    /// The reason in sentences, for whoever asked.
    #[must_use]
    pub fn details(&self) -> Vec<String> {
        match &self.why {
            Bar::Unknown { known } => vec![format!("One of: {}.", known.join(", "))],
            Bar::NotFromHere { from, allowed } => vec![where_to(*from, allowed)],
            Bar::LendersAlone { from, allowed } => vec![
                "Only the lender moves the loan there from here.".to_owned(),
                where_to(*from, allowed),
            ],
            Bar::ConditionsOpen(open) => {
                let named = open.iter().take(NAMED);
                let line = |c: &OpenCondition| {
                    format!(
                        "Condition {} ({}) is not met: {}",
                        c.public_id, c.phase, c.title
                    )
                };
                let mut lines: Vec<String> = named.map(line).collect();
                if let Some(more) = open.len().checked_sub(NAMED).filter(|more| *more > 0) {
                    lines.push(format!("{more} more conditions are not met."));
                }
                lines
            }
        }
    }
}

/// Where a loan is and may go, in sentences.
fn where_to(from: Step, allowed: &[Step]) -> String {
    let stage = from.stage();
    if allowed.is_empty() {
        return format!("The loan is at {stage} / {from}. Only the lender moves it from there.");
    }
    let allowed = list(allowed);
    format!("The loan is at {stage} / {from}. It may go to: {allowed}.")
}

/// Steps in a sentence, by stage.
fn list(steps: &[Step]) -> String {
    let stages = Stage::ALL.iter().filter_map(|stage| {
        let of_stage = steps.iter().filter(|step| step.stage() == *stage);
        let names: Vec<&str> = of_stage.map(|step| step.as_str()).collect();
        (!names.is_empty()).then(|| format!("{stage} ({})", names.join(", ")))
    });
    let stages: Vec<String> = stages.collect();
    stages.join(", ")
}

/// A change whose texts can be stored.
pub(super) struct CheckedChange(StatusChange);

impl StatusChange {
    /// Trims the texts; empty ones count as absent.
    pub(super) fn check(self) -> Result<CheckedChange, Refusal> {
        let mut mistakes = Vec::new();
        let mut plain = |text: Option<String>, field: LoanStatusField| {
            let text = text.map(|text| text.trim().to_owned());
            let text = text.filter(|text| !text.is_empty())?;
            let is_odd = match field {
                LoanStatusField::CrmId => !crm::is_one(&text),
                LoanStatusField::Main
                | LoanStatusField::Sub
                | LoanStatusField::LenderMain
                | LoanStatusField::LenderSub
                | LoanStatusField::BorrowerMain
                | LoanStatusField::BorrowerSub
                | LoanStatusField::ClosingDate => {
                    text.chars().count() > STATUS_MAX_CHARS || text.chars().any(char::is_control)
                }
            };
            if is_odd {
                mistakes.push((Field::LoanStatus(field), Rule::Malformed));
            }
            Some(text)
        };
        let main = plain(Some(self.main), LoanStatusField::Main);
        let checked = Self {
            main: main.unwrap_or_default(),
            sub: plain(self.sub, LoanStatusField::Sub),
            lender: StatusWords {
                main: plain(self.lender.main, LoanStatusField::LenderMain),
                sub: plain(self.lender.sub, LoanStatusField::LenderSub),
            },
            borrower: StatusWords {
                main: plain(self.borrower.main, LoanStatusField::BorrowerMain),
                sub: plain(self.borrower.sub, LoanStatusField::BorrowerSub),
            },
            closing_at: self.closing_at,
            crm_id: plain(self.crm_id, LoanStatusField::CrmId),
        };
        if checked.main.is_empty() {
            let field = Field::LoanStatus(LoanStatusField::Main);
            mistakes.insert(0, (field, Rule::Missing));
        }
        match Refusal::of(mistakes) {
            Some(refusal) => Err(refusal),
            None => Ok(CheckedChange(checked)),
        }
    }
}

impl CheckedChange {
    /// What the asker's customer system calls the loan, if that was said.
    pub(super) fn crm_id(&self) -> Option<&str> {
        self.0.crm_id.as_deref()
    }

    /// When the loan closes, if that was said.
    pub(super) const fn closing_at(&self) -> Option<Instant> {
        self.0.closing_at
    }

    /// Whether the caller may have the loan worded like this: what the lender's staff read is the
    /// lender's.
    pub(super) fn check_words(&self, caller: &LoanCaller<'_>) -> Result<(), AppError> {
        let words = &self.0.lender;
        let fields = [
            (&words.main, LoanStatusField::LenderMain),
            (&words.sub, LoanStatusField::LenderSub),
        ];
        let said = fields.into_iter().filter(|(text, _)| text.is_some());
        let said = said.map(|(_, field)| (Field::LoanStatus(field), Rule::Conflict));
        match (caller.hand(), Refusal::of(said.collect())) {
            (Hand::Lender, _) | (Hand::Broker, None) => Ok(()),
            (Hand::Broker, Some(refusal)) => match caller {
                LoanCaller::Program(_) => Err(refusal.into()),
                LoanCaller::Person(_) => Err(Denial::NotPermitted.into()),
            },
        }
    }

    /// The step that is meant, as long as there is a way to it by this hand.
    pub(super) fn target(&self, from: Position, hand: Hand) -> Result<Step, Barred> {
        let unknown = |field, known| Barred {
            field,
            why: Bar::Unknown { known },
        };
        let Some(stage) = Stage::read(&self.0.main) else {
            let known = Stage::ALL.iter().map(|stage| stage.as_str()).collect();
            return Err(unknown(LoanStatusField::Main, known));
        };
        let to = match &self.0.sub {
            Some(sub) => {
                let step = Step::read(sub).filter(|step| step.stage() == stage);
                step.ok_or_else(|| {
                    let known = stage.steps().iter().map(|step| step.as_str()).collect();
                    unknown(LoanStatusField::Sub, known)
                })?
            }
            None if from.step.stage() == stage => from.step,
            None => stage.first_step(),
        };
        if from.may_be_moved(to, hand) {
            return Ok(to);
        }
        let allowed = from.ways_by(hand);
        let from_step = from.step;
        Err(if from.may_go(to) {
            Barred {
                field: LoanStatusField::Main,
                why: Bar::LendersAlone {
                    from: from_step,
                    allowed,
                },
            }
        } else {
            Barred {
                field: field_of(self.0.sub.is_some(), from, to),
                why: Bar::NotFromHere {
                    from: from_step,
                    allowed,
                },
            }
        })
    }

    /// The answer when something stands in the way of a step there is a way to.
    pub(super) const fn because(&self, why: Bar) -> Barred {
        Barred {
            field: if self.0.sub.is_some() {
                LoanStatusField::Sub
            } else {
                LoanStatusField::Main
            },
            why,
        }
    }

    /// Puts the asker's words in place of the usual ones.
    pub(super) fn reworded(&self, usual: Worded) -> Worded {
        let of = |own: &StatusWords, usual: Status| Status {
            main: own.main.clone().unwrap_or(usual.main),
            sub: own.sub.clone().unwrap_or(usual.sub),
        };
        Worded {
            step: usual.step,
            lender: of(&self.0.lender, usual.lender),
            borrower: of(&self.0.borrower, usual.borrower),
        }
    }
}
