//! What HTML does beside being read. Mail that does anything is not sent: a good mail program would
//! take it out, a bad one would let it run in the lender's name.

use super::reference::resolved;
use super::sign::active_css;
use super::token::{Tag, Token, tokens};
use super::within_bounds;

/// Elements that run, load, post, redirect or change how everything else is read, by what they are.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("a script", &["script"]),
    (
        "a frame",
        &[
            "iframe",
            "frame",
            "frameset",
            "noframes",
            "portal",
            "fencedframe",
        ],
    ),
    (
        "an embedded object",
        &["object", "embed", "applet", "param", "noembed"],
    ),
    (
        "a form",
        &[
            "form", "input", "button", "select", "textarea", "option", "optgroup", "keygen",
            "isindex", "datalist", "output", "fieldset",
        ],
    ),
    ("a base address", &["base"]),
    ("a linked file", &["link"]),
    (
        "a drawing",
        &[
            "svg",
            "math",
            "animate",
            "animatemotion",
            "animatetransform",
            "set",
            "foreignobject",
            "annotation-xml",
        ],
    ),
    (
        "media",
        &["audio", "video", "source", "track", "bgsound", "canvas"],
    ),
    (
        "an element that changes how HTML is read",
        &[
            "template",
            "xmp",
            "plaintext",
            "listing",
            "slot",
            "dialog",
            "image",
            "layer",
            "ilayer",
        ],
    ),
];
/// Attributes that hold an address.
const ADDRESSES: &[&str] = &[
    "action",
    "archive",
    "background",
    "cite",
    "classid",
    "code",
    "codebase",
    "data",
    "dynsrc",
    "formaction",
    "href",
    "longdesc",
    "lowsrc",
    "manifest",
    "ping",
    "poster",
    "profile",
    "src",
    "srcset",
    "usemap",
    "xlink:href",
];
/// Addresses a letter may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "sms", "cid"];
/// Pictures that may be in a letter itself.
const PICTURES: &[&str] = &[
    "data:image/png;",
    "data:image/jpeg;",
    "data:image/jpg;",
    "data:image/gif;",
    "data:image/webp;",
];

/// What HTML does beside being read, such as `a script`; `None` when it does nothing and may be
/// sent. Of more than a mebibyte, nothing is sure: that is an answer of its own.
///
/// It errs to the safe side: what is a tag only for some programs counts (in comments, titles,
/// attributes), and so does an address whose scheme is written in a way that hides it. Style sheets,
/// pictures of other hosts and comments for Outlook may be sent.
#[must_use]
pub fn active_content(html: &str) -> Option<&'static str> {
    if within_bounds(html).len() < html.len() {
        return Some("more than a mebibyte");
    }
    if html.contains('\0') {
        return Some("a NUL");
    }
    looked_at(html, true)
}

/// `is_outer`: also look into what only some programs take for tags, once.
fn looked_at(html: &str, is_outer: bool) -> Option<&'static str> {
    tokens(html).find_map(|token| match token {
        Token::Text(_) | Token::End(_) => None,
        Token::Raw("style", css) => active_css(css).or_else(|| inner(css, is_outer)),
        Token::Raw(_, text) => inner(text, is_outer),
        Token::Comment(text) => {
            let is_import = text.trim_start_matches('?').starts_with("import");
            is_import
                .then_some("an import")
                .or_else(|| inner(text, is_outer))
        }
        Token::Start(tag) => active_tag(&tag, is_outer),
    })
}

fn inner(text: &str, is_outer: bool) -> Option<&'static str> {
    let has_tag = is_outer && text.contains('<');
    has_tag.then(|| looked_at(text, false)).flatten()
}

fn active_tag(tag: &Tag<'_>, is_outer: bool) -> Option<&'static str> {
    let (prefix, local) = tag.name.split_once(':').unwrap_or(("", &tag.name));
    let mut kinds = ELEMENTS.iter();
    // Programs that know namespaces take `x:script` for a script.
    let kind = kinds.find(|(_, names)| names.contains(&local));
    if let Some((kind, _)) = kind.filter(|_| prefix != "v" && prefix != "o") {
        return Some(kind);
    }
    if tag.name == "meta" && is_active_meta(tag) {
        return Some("a meta element that acts");
    }
    if tag.is_cut {
        return Some("more attributes than can be looked at");
    }
    let mut attributes = tag.attributes.iter();
    attributes.find_map(|(name, value)| active_attribute(&tag.name, name, value, is_outer))
}

/// Only what says how letters are coded or shown does nothing.
fn is_active_meta(tag: &Tag<'_>) -> bool {
    let word = tag.attribute("http-equiv").map(resolved);
    word.is_some_and(|word| {
        let word = word.trim().to_ascii_lowercase();
        !matches!(
            word.as_str(),
            "content-type" | "x-ua-compatible" | "content-language"
        )
    })
}

fn active_attribute(tag: &str, name: &str, value: &str, is_outer: bool) -> Option<&'static str> {
    let local = name.rsplit(':').next().unwrap_or(name);
    // Some programs split attributes where browsers do not.
    let is_handler = |n: &str| n.strip_prefix("on").is_some_and(|rest| !rest.is_empty());
    if name
        .split(['"', '\'', '<', '`', '=', '/', ':'])
        .any(is_handler)
    {
        return Some("an event handler");
    }
    if matches!(local, "srcdoc" | "formaction") {
        return Some("a frame");
    }
    if local == "style" {
        return active_css(&resolved(value));
    }
    let is_address = ADDRESSES.contains(&name) || ADDRESSES.contains(&local);
    if is_active_address(value, is_address, tag == "img") {
        return Some("an address that runs");
    }
    inner(value, is_outer)
}

/// Whether an address does anything but lead somewhere. Of attributes that hold no address only the
/// schemes that run count.
fn is_active_address(value: &str, is_address: bool, is_picture: bool) -> bool {
    // All of it: however much of what programs pass over comes first, the scheme is behind it.
    let plain: String = resolved(value)
        .chars()
        .filter(|c| {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(
                    c,
                    '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{feff}' | '\u{2060}'
                )
        })
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let end = plain.find([':', '/', '?', '#']);
    let Some((scheme, ':')) = end.and_then(|at| Some((&plain[..at], plain[at..].chars().next()?)))
    else {
        // A reference nobody could resolve may stand for the colon.
        let head = &plain[..end.unwrap_or(plain.len())];
        return is_address && head.contains("&") && head.contains("script");
    };
    if !is_address {
        return scheme.ends_with("script") || plain.starts_with("data:text/");
    }
    let is_inner_picture = is_picture && PICTURES.iter().any(|p| plain.starts_with(p));
    !SCHEMES.contains(&scheme) && !is_inner_picture
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTML whose activity is behind more than a quick look covers.
    fn hidden() -> Vec<String> {
        let names: String = (0..64).map(|n| format!("a{n} ")).collect();
        let blanks = " ".repeat(1100);
        let tabs = "&#9;".repeat(2100);
        let inner = "\t".repeat(1100);
        vec![
            format!("<img {names}src=x onerror=alert(1)>"),
            format!("<img {names}a64>"),
            format!("<a href=\"{blanks}javascript:alert(1)\">x</a>"),
            format!("<a href=\"{tabs}javascript:alert(1)\">x</a>"),
            format!("<a href=\"java{inner}script:alert(1)\">x</a>"),
            format!("<a href=\"{}:x\">x</a>", "y".repeat(2000)),
            "<style>a{content:\"/*\"} b{behavior:url(x)} c{content:\"*/\"}</style>".to_owned(),
            "<style>a{content:\"/*\"} b{width:exp/**/ression(1)}</style>".to_owned(),
        ]
    }

    #[test]
    fn nothing_is_hidden_behind_length_or_comments() {
        for html in hidden() {
            assert!(active_content(&html).is_some(), "{:?}", html.get(..80));
        }
        let names: String = (0..63).map(|n| format!("a{n} ")).collect();
        assert_eq!(active_content(&format!("<p {names}a63>x</p>")), None);
    }
}
