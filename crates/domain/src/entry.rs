//! A value a face had to translate before a use case could look at it.

/// What became of a value that a face translates: a word of a list, a number, a yes or no.
///
/// A use case must tell a value that was left out from one that was there and meant nothing: the
/// first may be allowed, the second never is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry<T> {
    /// It was left out, or blank.
    #[default]
    Absent,
    /// It was there and means nothing.
    Unreadable,
    /// What it means.
    Given(T),
}

impl<T> Entry<T> {
    /// From a value that was translated if it was there.
    #[must_use]
    pub fn translated<V>(value: Option<V>, translate: impl FnOnce(V) -> Option<T>) -> Self {
        value.map_or(Self::Absent, |value| {
            translate(value).map_or(Self::Unreadable, Self::Given)
        })
    }

    /// Whether nothing was said at all.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The value, if there is one that means something.
    #[must_use]
    pub fn given(self) -> Option<T> {
        match self {
            Self::Given(value) => Some(value),
            Self::Absent | Self::Unreadable => None,
        }
    }

    /// This one, or the other when nothing was said.
    #[must_use]
    pub fn or(self, other: Option<T>) -> Self {
        match (self, other) {
            (Self::Absent, Some(value)) => Self::Given(value),
            (this, _) => this,
        }
    }
}

impl<T> From<Option<T>> for Entry<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Self::Given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_means_nothing_is_not_absent() {
        let read = |text| Entry::translated(text, |text: &str| text.parse::<u8>().ok());
        assert_eq!(read(None), Entry::Absent);
        assert_eq!(read(Some("seven")), Entry::Unreadable);
        assert_eq!(read(Some("7")).given(), Some(7));
        assert!(Entry::<u8>::from(None).is_absent());
        assert_eq!(read(None).or(Some(5)), Entry::Given(5));
        assert_eq!(read(Some("seven")).or(Some(5)), Entry::Unreadable);
    }
}
