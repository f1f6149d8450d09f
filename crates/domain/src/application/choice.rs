//! Two macros for the lists of words a loan application is made of.
//!
//! Stored spelling is serde's snake_case of the variant's name, so a variant must not be renamed.
//! An open list keeps a word it does not know as `other` with the document's own text: the
//! application may then still be exported without loss.

/// A list that always has an answer for an unknown word.
macro_rules! open_list {
    ($(#[$meta:meta])* $name:ident { $($variant:ident: $doc:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = $doc] $variant,)+
            /// A word outside this list, as the document spelled it.
            Other(String),
        }
    };
}

/// A list whose words are all known.
macro_rules! closed_list {
    ($(#[$meta:meta])* $name:ident { $($variant:ident: $doc:literal,)+ }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $(#[doc = $doc] $variant,)+
        }
    };
}

pub(crate) use {closed_list, open_list};
