//! The templates: compiled into the binary, strict about names, escaping whatever is inserted.
//!
//! A letter is one file and a type with `impl Letter`. The file is read twice: with the parts of
//! `parts.html` and with those of `parts.txt`, so that text and HTML never say different things.

use std::fmt;
use std::sync::OnceLock;

use lintel_domain::message::MailKind;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{
    AutoEscape, Environment, Error, Output, State, UndefinedBehavior, escape_formatter,
};
use serde::Serialize;

use crate::brand::{Brand, Shades};

/// Longest subject, in characters.
const SUBJECT_MAX_CHARS: usize = 200;

/// Layouts and parts, by name.
const FRAMES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("layout.txt", include_str!("../templates/layout.txt")),
    ("parts.html", include_str!("../templates/parts.html")),
    ("parts.txt", include_str!("../templates/parts.txt")),
];

/// The letters, by [`Letter::NAME`].
const LETTERS: &[(&str, &str)] = &[
    (
        "password_reset",
        include_str!("../templates/password_reset.jinja"),
    ),
    (
        "password_changed",
        include_str!("../templates/password_changed.jinja"),
    ),
    ("welcome", include_str!("../templates/welcome.jinja")),
    ("sign_up", include_str!("../templates/sign_up.jinja")),
    (
        "signing_ready",
        include_str!("../templates/signing_ready.jinja"),
    ),
    (
        "loan_invitation",
        include_str!("../templates/loan_invitation.jinja"),
    ),
    (
        "application_invitation",
        include_str!("../templates/application_invitation.jinja"),
    ),
    (
        "rate_update",
        include_str!("../templates/rate_update.jinja"),
    ),
    (
        "rate_reached",
        include_str!("../templates/rate_reached.jinja"),
    ),
    (
        "callback_off",
        include_str!("../templates/callback_off.jinja"),
    ),
];

/// What one template is filled with.
pub trait Letter: Serialize {
    /// The template's name.
    const NAME: &'static str;
    /// What the mail is about.
    const KIND: MailKind;

    /// The subject. What no header can hold is taken out of it afterwards.
    fn subject(&self, brand: &Brand) -> String;

    /// Letters that between them reach every branch of the template; for tests and for looking at.
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// A letter as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line of at most 200 characters.
    pub subject: String,
    /// As text.
    pub text: String,
    /// As an HTML document.
    pub html: String,
}

/// A template that cannot be read or filled: our mistake.
#[derive(Debug)]
pub struct RenderError {
    template: String,
    cause: Option<Error>,
}

impl fmt::Display for RenderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "letter template {}", self.template)
    }
}

impl std::error::Error for RenderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let cause = self.cause.as_ref()?;
        Some(cause)
    }
}

#[derive(Serialize)]
struct Context<'a, L> {
    brand: &'a Brand,
    shades: &'a Shades,
    subject: &'a str,
    layout: String,
    parts: String,
    it: &'a L,
}

/// Fills a letter's template.
///
/// # Errors
/// A template that cannot be read or filled; a test fills every template with its samples.
pub fn render<L: Letter>(brand: &Brand, letter: &L) -> Result<Rendered, RenderError> {
    static ENGINE: OnceLock<Result<Environment<'static>, String>> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| environment().map_err(|e| e.to_string()));
    let engine = engine.as_ref().map_err(|e| RenderError {
        template: e.clone(),
        cause: None,
    })?;
    let subject = one_line(&letter.subject(brand));
    let shades = brand.shades();
    let fill = |ending: &str| {
        let name = format!("{}.{ending}", L::NAME);
        let context = Context {
            brand,
            shades: &shades,
            subject: &subject,
            layout: format!("layout.{ending}"),
            parts: format!("parts.{ending}"),
            it: letter,
        };
        let filled = engine
            .get_template(&name)
            .and_then(|t| t.render(Value::from(Serde(context))));
        filled.map_err(|e| RenderError {
            template: name,
            cause: Some(e),
        })
    };
    Ok(Rendered {
        text: tidy(&fill("txt")?),
        html: fill("html")?,
        subject,
    })
}

fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".txt") {
            AutoEscape::None
        } else {
            AutoEscape::Html
        }
    });
    environment.set_formatter(format);
    environment.add_filter("line", |text: String| joined(&text));
    environment.add_filter("has_room", |text: String| text.len() <= 200);
    environment.add_filter("is_site", |url: String| {
        url.starts_with("https://") || url.starts_with("http://")
    });
    for (name, source) in FRAMES {
        environment.add_template(name, source)?;
    }
    for (name, source) in LETTERS {
        environment.add_template_owned(format!("{name}.html"), *source)?;
        environment.add_template_owned(format!("{name}.txt"), *source)?;
    }
    Ok(environment)
}

/// What is absent on purpose prints as nothing; what is not there at all is an error. What no letter
/// needs and some programs stumble over is left out.
fn format(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_none() {
        return Ok(());
    }
    let Some(text) = value.as_str() else {
        return escape_formatter(out, state, value);
    };
    if value.is_safe() {
        return Ok(out.write_str(text)?);
    }
    let text: String = text.chars().filter(|c| !is_unwanted(*c)).collect();
    match state.auto_escape() {
        AutoEscape::None => Ok(out.write_str(&text)?),
        _ => Ok(out.write_str(&escaped(&text))?),
    }
}

/// Characters that turn the direction of what follows, and controls.
pub(crate) fn is_unwanted(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_noncharacter = matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}');
    turns || is_noncharacter || (c.is_control() && !matches!(c, '\n' | '\t'))
}

/// A text as it stands in the HTML of a letter, between tags or quotes.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Blanks and line ends as one blank each.
fn joined(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// A subject that can stand in a header.
fn one_line(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !is_unwanted(*c))
        .collect();
    let line = joined(&plain);
    if line.chars().count() <= SUBJECT_MAX_CHARS {
        return line;
    }
    let mut short: String = line.chars().take(SUBJECT_MAX_CHARS - 1).collect();
    short.push('…');
    short
}

/// A text without blanks at the ends of lines and without more than one empty line in a row.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty_lines = 0_usize;
    for line in text.trim().lines() {
        let line = line.trim_end();
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines <= 1 {
            tidy.push_str(line);
            tidy.push('\n');
        }
    }
    tidy
}

#[cfg(test)]
mod tests;
