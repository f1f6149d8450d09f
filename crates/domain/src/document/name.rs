//! What a file is called.

/// Longest name of a file in characters.
pub const FILE_NAME_MAX_CHARS: usize = 255;
/// Longest text that is looked at for a name, the folders before it included.
pub(super) const PATH_MAX_BYTES: usize = 16 * 1024;
/// What every file is called in the end: all papers are PDF.
const ENDING: &str = ".pdf";

/// What a file is called.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

impl FileName {
    /// Reads a name as a sender writes it: folders before it are cut off. `None` when nothing is
    /// left, when it is too long, and when it holds what cannot be printed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > PATH_MAX_BYTES {
            return None;
        }
        let last = text.trim().rsplit(['/', '\\']).next()?;
        let name = crate::contact::line(last, FILE_NAME_MAX_CHARS)?;
        // Dots alone are folders, and an ending alone is no name.
        let has_name = without_ending(&name).chars().any(|c| c != '.' && c != ' ');
        has_name.then_some(Self(name))
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common that mean the same file: case and the ending do not count.
    #[must_use]
    pub fn folded(&self) -> String {
        without_ending(&self.0).trim_end().to_lowercase()
    }

    /// The name as the `number`th of several files called alike: `W2.pdf` as `W2 (2).pdf`.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        let stem = without_ending(&self.0);
        let ending = self.0.get(stem.len()..).unwrap_or_default();
        let mark = format!(" ({number})");
        let room = FILE_NAME_MAX_CHARS - ENDING.len();
        let room = room.saturating_sub(mark.chars().count());
        let stem: String = stem.trim_end().chars().take(room).collect();
        Self(format!("{stem}{mark}{ending}"))
    }

    /// The name under which the file is handed out.
    #[must_use]
    pub fn for_download(&self) -> String {
        download_name(&self.0)
    }
}

/// The name under which a file is handed out: with the ending of a PDF.
#[must_use]
pub fn download_name(name: &str) -> String {
    if without_ending(name).len() < name.len() {
        name.to_owned()
    } else {
        format!("{name}{ENDING}")
    }
}

fn without_ending(name: &str) -> &str {
    let cut = name.len().saturating_sub(ENDING.len());
    match name.split_at_checked(cut) {
        Some((stem, ending)) if ending.eq_ignore_ascii_case(ENDING) => stem,
        Some(_) | None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_called_alike_are_numbered_before_the_ending() {
        let numbered = |text: &str| FileName::read(text).expect("a name").numbered(2);
        assert_eq!(numbered("W2").as_str(), "W2 (2)");
        assert_eq!(numbered("W2.PDF").as_str(), "W2 (2).PDF");
        assert_eq!(numbered("a.b .pdf").as_str(), "a.b (2).pdf");
        let long = "ä".repeat(FILE_NAME_MAX_CHARS);
        let shortened = numbered(&long);
        assert!(shortened.as_str().ends_with("ä (2)"));
        assert!(FileName::read(shortened.as_str()).is_some());
        assert_ne!(numbered("W2").folded(), numbered("W2").numbered(3).folded());
    }
}
