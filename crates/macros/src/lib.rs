//! Two attributes that keep the program quick to build (ADR 20).
//!
//! Both read their few tokens themselves: what they take is one shape each, and a parser of the whole
//! language would take longer to build than they save.

mod boxed;
mod row;
mod tokens;

use proc_macro::TokenStream;

/// Makes an `async fn` a function that gives a boxed future.
///
/// The compiler makes the code of an `async fn` anew in each crate that awaits it. That of a boxed one is
/// made once, where it stands. The box is one small allocation a call.
///
/// Every elided lifetime of the signature becomes one and the same, that of the future. The future has to
/// be [`Send`]. Not for functions with `impl` in their arguments or with type parameters: those are made
/// anew for each type anyway.
#[proc_macro_attribute]
pub fn boxed(_: TokenStream, function: TokenStream) -> TokenStream {
    tokens::or_error(boxed::expand(function))
}

/// Reads a struct from a row of either database, each field from the column of its name.
///
/// `#[row(name = "type")]` names another column, `#[row(flatten)]` reads the field itself from the row.
/// For structs without parameters in `lintel-store`.
#[proc_macro_derive(FromRow, attributes(row))]
pub fn from_row(item: TokenStream) -> TokenStream {
    tokens::or_error(row::expand(item))
}
