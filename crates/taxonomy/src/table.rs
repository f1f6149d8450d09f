//! One row a value, written as a table so that a list can be read and compared.

/// A value of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Its number. For ever: partners keep it, rows hold it.
    pub id: u32,
    /// Its short name, which no language changes. For ever, as the id; an official code where there is one.
    pub code: &'static str,
    /// What people read, in Portuguese.
    pub pt: &'static str,
    /// What people read, in English.
    pub en: &'static str,
    /// The id of the value it belongs to, in the list [`crate::List::parent`] names.
    pub parent: Option<u32>,
    /// Whether it may be chosen. A retired value stays readable, because it stands in what was
    /// written before.
    pub active: bool,
}

pub(crate) const fn first(of: &[u32]) -> Option<u32> {
    match of {
        [one, ..] => Some(*one),
        [] => None,
    }
}

/// `id "code" "Portuguese" "English" [in parent] [- retired];`
macro_rules! entries {
    ($(#[$meta:meta])* $name:ident {
        $($id:literal $code:literal $pt:literal $en:literal $(in $parent:literal)? $(- $off:ident)?;)+
    }) => {
        $(#[$meta])*
        pub(crate) const $name: &[crate::table::Entry] = &[$(crate::table::Entry {
            id: $id,
            code: $code,
            pt: $pt,
            en: $en,
            parent: crate::table::first(&[$($parent)?]),
            active: <[&str]>::is_empty(&[$(stringify!($off))?]),
        },)+];
    };
}

pub(crate) use entries;
