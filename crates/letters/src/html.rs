//! HTML from outside: refused where mail is to be sent, made harmless where somebody looks at it.
//!
//! Two hands do the cleaning. Ours reads tags in one pass, keeps what is on a short list, closes what
//! was left open and bounds depth and count: what it writes cannot cost the second hand more than a
//! small multiple of its length. The second is the `ammonia` crate, which reads that as browsers do and
//! has the last word about every element, attribute and address. Nothing the first hand gets wrong can
//! get past it.

mod active;
mod clean;
mod reference;
mod sign;
mod style;
mod tag;
mod text;
mod token;

pub use active::active_content;
pub use clean::{clean_html, preview_html};
pub use text::text_of_html;

/// Longest HTML that is looked at, in bytes; what comes after is left out.
const MAX_LEN: usize = 1024 * 1024;

/// The part that is looked at.
fn within_bounds(html: &str) -> &str {
    let mut end = html.len().min(MAX_LEN);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    &html[..end]
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
