//! The standard's lists of words, and what they mean in the domain.
//!
//! One table per list. A list names every word of the standard (edition B324): those the domain has
//! a variant for, and after `raw` those it keeps as text. A word in neither is outside the list.

mod holdings;
mod loan;
mod people;

/// A domain enum that a list of words is read into.
pub(crate) trait Listed: Sized {
    /// The words to suggest when another one was written.
    const SPELLINGS: &'static [&'static str];

    /// Words of the standard's list that mean nothing the domain can hold.
    const UNUSABLE: &'static [&'static str] = &[];

    /// The meaning of a word of the list; `None` for a word outside it.
    fn read(text: &str) -> Option<Self>;

    /// What a word outside the list becomes; `None` where the domain has no place for it.
    fn unlisted(text: &str) -> Option<Self>;

    /// The word for this meaning; where the domain keeps a text, that text, listed or not.
    fn word(&self) -> &str;
}

/// The spelling of a variant: given, or its name.
macro_rules! spelling {
    ($variant:ident) => {
        stringify!($variant)
    };
    ($variant:ident $text:literal) => {
        $text
    };
}

/// Declares an open list, whose domain type keeps other words as text.
macro_rules! open_words {
    ($type:ident { $($variant:ident $(= $text:literal)?),+ $(,)? } raw { $($raw:literal),* $(,)? }) => {
        impl $crate::words::Listed for $type {
            const SPELLINGS: &'static [&'static str] =
                &[$($crate::words::spelling!($variant $($text)?),)+ $($raw,)*];

            fn read(text: &str) -> Option<Self> {
                $(if text == $crate::words::spelling!($variant $($text)?) {
                    return Some(Self::$variant);
                })+
                [$($raw),*].contains(&text).then(|| Self::Other(text.to_owned()))
            }

            fn unlisted(text: &str) -> Option<Self> {
                Some(Self::Other(text.to_owned()))
            }

            // Every domain variant has a word: a new one does not compile until it is in the table.
            fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::words::spelling!($variant $($text)?),)+
                    Self::Other(text) => text,
                }
            }
        }
    };
}

/// Declares a closed list; after `unusable`, the standard's words that have no meaning here.
macro_rules! closed_words {
    ($type:ident { $($variant:ident $(= $text:literal)?),+ $(,)? }) => {
        $crate::words::closed_words!($type { $($variant $(= $text)?),+ } unusable {});
    };
    ($type:ident { $($variant:ident $(= $text:literal)?),+ $(,)? } unusable {
        $($unusable:literal),* $(,)?
    }) => {
        impl $crate::words::Listed for $type {
            const SPELLINGS: &'static [&'static str] =
                &[$($crate::words::spelling!($variant $($text)?),)+];
            const UNUSABLE: &'static [&'static str] = &[$($unusable),*];

            fn read(text: &str) -> Option<Self> {
                $(if text == $crate::words::spelling!($variant $($text)?) {
                    return Some(Self::$variant);
                })+
                None
            }

            fn unlisted(_text: &str) -> Option<Self> {
                None
            }

            fn word(&self) -> &str {
                match self {
                    $(Self::$variant => $crate::words::spelling!($variant $($text)?),)+
                }
            }
        }
    };
}

pub(crate) use {closed_words, open_words, spelling};

#[cfg(test)]
mod tests {
    use lintel_domain::application::employment::IncomeKind;
    use lintel_domain::application::holding::{AssetKind, ExpenseKind, LiabilityKind};
    use lintel_domain::application::terms::{LoanPurpose, Program};

    use super::Listed;

    #[test]
    fn list_lengths_are_those_of_the_standard() {
        assert_eq!(IncomeKind::SPELLINGS.len(), 54);
        assert_eq!(AssetKind::SPELLINGS.len(), 37);
        assert_eq!(LiabilityKind::SPELLINGS.len(), 22);
        assert_eq!(ExpenseKind::SPELLINGS.len(), 22);
    }

    #[test]
    fn words_of_the_list_without_a_variant_keep_their_text() {
        let raw = Program::read("StateAgency");
        assert_eq!(raw, Some(Program::Other("StateAgency".to_owned())));
        assert_eq!(Program::read("Jumbo"), None);
        assert_eq!(LoanPurpose::read("purchase"), None);
        assert_eq!(LoanPurpose::unlisted("Construction"), None);
    }
}
