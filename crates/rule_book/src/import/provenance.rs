//! Where the figures of an imported table come from, when some of them were there before.

use lintel_engine::date::Date;

use crate::dated::Edition;

use super::{Summary, quoted};

/// Most characters of a source or a doubt that a note repeats.
const NOTE_CHARS: usize = 200;

/// What an edition says of its figures.
pub(super) struct Provenance {
    source: String,
    checked_on: Date,
    uncertain: Option<String>,
}

impl Provenance {
    /// Of figures that all stand in the published file.
    pub(super) const fn of_published(source: String, today: Date) -> Self {
        Self {
            source,
            checked_on: today,
            uncertain: None,
        }
    }

    /// Figures of an earlier edition stay beside the published ones: nobody has compared them with
    /// the source again, and whatever was said of them goes on being true.
    pub(super) fn keep<T>(&mut self, edition: &Edition<T>, kept: usize, summary: &mut Summary) {
        if !edition.source.contains(&self.source) {
            if !self.source.contains(&edition.source) {
                self.source = format!("{}; {}", self.source, edition.source);
            }
            summary.notes.push(format!(
                "{kept} figures that are not in the file stay, of the source: {}",
                start(&edition.source)
            ));
        } else {
            self.source.clone_from(&edition.source);
        }
        self.checked_on = self.checked_on.min(edition.checked_on);
        if let Some(doubt) = &edition.uncertain {
            let known = self.uncertain.take();
            self.uncertain = Some(match known {
                Some(known) if known.contains(doubt) => known,
                Some(known) => format!("{known}; {doubt}"),
                None => doubt.clone(),
            });
            summary.notes.push(format!(
                "{kept} figures that are not in the file stay uncertain, and so the table: {}",
                start(doubt)
            ));
        }
    }

    /// The members of a file or an edition.
    pub(super) fn text(&self) -> String {
        members(&self.source, self.checked_on, self.uncertain.as_deref())
    }
}

/// `source`, `checked_on` and `uncertain` as a table's file says them.
pub(super) fn members(source: &str, checked_on: Date, uncertain: Option<&str>) -> String {
    let mut text = format!(
        "source = {}\nchecked_on = \"{checked_on}\"\n",
        quoted(source)
    );
    if let Some(uncertain) = uncertain {
        text.push_str(&format!("uncertain = {}\n", quoted(uncertain)));
    }
    text
}

fn start(text: &str) -> String {
    text.chars().take(NOTE_CHARS).collect()
}
