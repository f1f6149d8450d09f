//! The templates: compiled into the binary, strict about names, escaping whatever is inserted.
//!
//! A page is a file here and a type with `impl Template`. One test renders every type's samples.

mod files;

use lintel_app::error::Fault;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, Output, UndefinedBehavior, context, escape_formatter};
use serde::Serialize;

use crate::layout::Layout;
use files::FILES;

/// What one template is filled with.
pub(crate) trait Template: Serialize {
    /// The file's name.
    const FILE: &'static str;

    /// Contexts that between them reach every branch of the template; for the test that renders all.
    #[cfg(test)]
    fn samples() -> Vec<Self>
    where
        Self: Sized;
}

/// Text that must never reach a page as it is: samples use it wherever people write something.
#[cfg(test)]
pub(crate) const HOSTILE: &str = "<sample onload='x'>\"' & {{ it }}";

/// The engine with all templates read.
pub(crate) struct Engine {
    environment: Environment<'static>,
}

impl Engine {
    /// Reads all templates.
    pub(crate) fn try_new() -> Result<Self, Fault> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .map_err(|e| Fault::internal("template syntax").caused_by(e))?;
        environment.set_syntax(syntax);
        // What is absent on purpose prints as nothing; what is not there at all is an error.
        environment.set_formatter(|out, state, value| {
            if value.is_none() {
                return Ok(());
            }
            match value.as_str() {
                Some(text) if !value.is_safe() => escape(out, text),
                Some(_) | None => escape_formatter(out, state, value),
            }
        });
        environment.add_filter("mail_link", |email: String| crate::show::mail_link(&email));
        for (name, source) in FILES {
            environment
                .add_template(name, source)
                .map_err(|e| Fault::internal(format!("template {name}")).caused_by(e))?;
        }
        Ok(Self { environment })
    }

    /// Fills a template.
    pub(crate) fn render<T: Template>(&self, page: &Layout, it: &T) -> Result<String, Fault> {
        self.render_value(T::FILE, page, Value::from(Serde(it)))
    }

    /// The same for any type: one function, however many pages there are.
    pub(crate) fn render_value(
        &self,
        file: &'static str,
        page: &Layout,
        it: Value,
    ) -> Result<String, Fault> {
        let broken = |e: Error| Fault::internal(format!("template {file}")).caused_by(e);
        let template = self.environment.get_template(file).map_err(broken)?;
        template
            .render(context! { page => Value::from(Serde(page)), it })
            .map_err(broken)
    }
}

/// Writes a text for any place between tags or quotes. The engine's own way also turns slashes into
/// numbers, which nobody needs and everybody has to read.
fn escape(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        // The bytes looked for are ASCII: both cuts are between characters.
        out.write_str(&text[done..at])?;
        out.write_str(entity)?;
        done = at + 1;
    }
    out.write_str(&text[done..])?;
    Ok(())
}

#[cfg(test)]
mod tests;
