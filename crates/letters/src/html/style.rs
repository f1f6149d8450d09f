//! Inline styles: a list of properties, and values that are nothing but words, numbers and colours.

/// Properties that stay. Nothing that takes an element out of its place, over others or out of sight.
pub(super) const PROPERTIES: &[&str] = &[
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-style",
    "border-top",
    "border-width",
    "color",
    "font-family",
    "font-size",
    "font-style",
    "font-weight",
    "line-height",
    "list-style-type",
    "max-width",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "text-align",
    "text-decoration",
    "text-transform",
    "vertical-align",
    "white-space",
    "width",
    "word-break",
    "overflow-wrap",
];

/// Properties that stay beside those in letters of our own.
pub(super) const OWN_PROPERTIES: &[&str] = &["display", "height", "margin", "object-fit"];

/// Longest value, in bytes.
const VALUE_MAX_LEN: usize = 120;
/// Most declarations of one element.
const MAX_DECLARATIONS: usize = 40;
/// Most digits of a number; a thousand pixels and more break a page.
const MAX_DIGITS: usize = 3;

/// The declarations of a `style` attribute that may stay, as they stand in an attribute again.
pub(super) fn declarations(style: &str, is_own: bool) -> String {
    let mut kept = String::new();
    for declaration in style.split(';').take(MAX_DECLARATIONS) {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim();
        let is_listed = PROPERTIES.contains(&name.as_str())
            || (is_own && OWN_PROPERTIES.contains(&name.as_str()));
        if is_listed && is_plain(value) {
            kept.push_str(&name);
            kept.push(':');
            // An attribute's quotes are double ones.
            kept.push_str(&value.replace('"', "'"));
            kept.push(';');
        }
    }
    kept
}

/// Whether a value has no function but a colour's, no escape, no comment, no address, no number that
/// is less than zero or huge.
fn is_plain(value: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b" #.,%()'\"-!/".contains(&b);
    if value.is_empty() || value.len() > VALUE_MAX_LEN || !value.bytes().all(fits) {
        return false;
    }
    let folded = value.to_ascii_lowercase();
    let functions = folded.split('(').rev().skip(1);
    let mut names = functions.map(|before| {
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        name.into_iter().next().unwrap_or_default().to_owned()
    });
    let are_colours = names.all(|name| matches!(name.as_str(), "rgb" | "rgba" | "hsl" | "hsla"));
    let is_even = folded.matches('(').count() == folded.matches(')').count();
    are_colours && is_even && !folded.contains("/*") && numbers_are_modest(&folded)
}

fn numbers_are_modest(value: &str) -> bool {
    let bytes = value.as_bytes();
    let (mut digits, mut is_colour) = (0_usize, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'#' => is_colour = true,
            b'-' if bytes
                .get(at + 1)
                .is_some_and(|b| b.is_ascii_digit() || *b == b'.') =>
            {
                return false;
            }
            b if b.is_ascii_digit() => {
                digits += 1;
                if digits > MAX_DIGITS && !is_colour {
                    return false;
                }
            }
            // Digits after the dot make nothing large.
            b'.' => digits = 0,
            b if b.is_ascii_alphabetic() && is_colour => {}
            b => {
                // `1e9` is a number too.
                if b.eq_ignore_ascii_case(&b'e')
                    && digits > 0
                    && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                {
                    return false;
                }
                digits = 0;
                is_colour = false;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_values_stay() {
        for style in [
            "color:#1f2933;",
            "color:rgb(1, 2, 3);",
            "padding:12px 0 4px;",
            "font-family:'Segoe UI',Arial,sans-serif;",
            "width:100%;",
            "line-height:1.375;",
        ] {
            assert_eq!(declarations(style, false), style);
        }
        assert_eq!(declarations("COLOR : red ; ", false), "color:red;");
        assert_eq!(
            declarations("font-family:\"A B\"", false),
            "font-family:'A B';"
        );
    }

    #[test]
    fn anything_else_goes() {
        for style in [
            "",
            "color",
            "background:url(https://x)",
            "background-color:url(https://x)",
            "width:expression(alert(1))",
            "width:exp/**/ression(1)",
            "color:\\72 ed",
            "position:fixed",
            "margin:-999px",
            "padding:-1px",
            "width:99999px",
            "width:1e9px",
            "font-size:5000%",
            "display:none",
            "color:red}body{color:blue",
            "behavior:url(x)",
            "-moz-binding:x",
            "color:calc(1)",
            "color:rgb(1",
            "color:var(--x)",
            "color:é",
            "color:&quot;",
        ] {
            assert_eq!(declarations(style, false), "", "{style}");
        }
        let many = "color:red;".repeat(1000);
        assert!(declarations(&many, false).len() <= many.len() / 10);
    }
}
