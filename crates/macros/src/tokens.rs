//! What both attributes do with tokens.

use proc_macro::{Span, TokenStream, TokenTree};

/// Why an attribute cannot stand where it does.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub at: Span,
    pub why: &'static str,
}

/// The expansion, or an error of the compiler at the place that is wrong.
pub(crate) fn or_error(expanded: Result<TokenStream, Wrong>) -> TokenStream {
    expanded.unwrap_or_else(|wrong| {
        let text = format!("::core::compile_error!({:?});", wrong.why);
        let stream: TokenStream = parsed(&text);
        let spanned = stream.into_iter().map(|mut token| {
            token.set_span(wrong.at);
            token
        });
        spanned.collect()
    })
}

/// Tokens of a text of our own.
pub(crate) fn parsed(text: &str) -> TokenStream {
    text.parse().unwrap_or_default()
}

/// Is this the punctuation mark?
pub(crate) fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

/// Is this the word?
pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(found) if found.to_string() == word)
}
