//! The templates: compiled into the binary, strict about names, escaping whatever is inserted.
//!
//! A page is a file here and a type with `impl Template`. One test renders every type's samples.

use lintel_app::error::Fault;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, Error, Output, UndefinedBehavior, escape_formatter};
use serde::Serialize;

use crate::layout::Layout;

/// Every template file, by the name other templates use for it.
const FILES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("forms.html", include_str!("../templates/forms.html")),
    ("error.html", include_str!("../templates/error.html")),
    ("front.html", include_str!("../templates/front.html")),
    (
        "loans/home.html",
        include_str!("../templates/loans/home.html"),
    ),
    (
        "loans/loan.html",
        include_str!("../templates/loans/loan.html"),
    ),
    (
        "loans/_parts.html",
        include_str!("../templates/loans/_parts.html"),
    ),
    (
        "loans/application.html",
        include_str!("../templates/loans/application.html"),
    ),
    (
        "loans/condition.html",
        include_str!("../templates/loans/condition.html"),
    ),
    (
        "loans/conditions.html",
        include_str!("../templates/loans/conditions.html"),
    ),
    (
        "loans/document_confirm.html",
        include_str!("../templates/loans/document_confirm.html"),
    ),
    (
        "loans/documents.html",
        include_str!("../templates/loans/documents.html"),
    ),
    (
        "loans/export.html",
        include_str!("../templates/loans/export.html"),
    ),
    (
        "loans/history.html",
        include_str!("../templates/loans/history.html"),
    ),
    (
        "loans/status.html",
        include_str!("../templates/loans/status.html"),
    ),
    (
        "loans/leads.html",
        include_str!("../templates/loans/leads.html"),
    ),
    (
        "sign_in/sign_in.html",
        include_str!("../templates/sign_in/sign_in.html"),
    ),
    (
        "sign_in/choose.html",
        include_str!("../templates/sign_in/choose.html"),
    ),
    (
        "sign_in/code.html",
        include_str!("../templates/sign_in/code.html"),
    ),
    (
        "sign_in/forgot.html",
        include_str!("../templates/sign_in/forgot.html"),
    ),
    (
        "sign_in/sent.html",
        include_str!("../templates/sign_in/sent.html"),
    ),
    (
        "sign_in/new_password.html",
        include_str!("../templates/sign_in/new_password.html"),
    ),
    (
        "account/account.html",
        include_str!("../templates/account/account.html"),
    ),
    (
        "account/codes.html",
        include_str!("../templates/account/codes.html"),
    ),
    (
        "account/recovery.html",
        include_str!("../templates/account/recovery.html"),
    ),
    (
        "signup/_cards.html",
        include_str!("../templates/signup/_cards.html"),
    ),
    (
        "signup/_loans.html",
        include_str!("../templates/signup/_loans.html"),
    ),
    (
        "signup/form.html",
        include_str!("../templates/signup/form.html"),
    ),
    (
        "signup/done.html",
        include_str!("../templates/signup/done.html"),
    ),
    (
        "signup/gone.html",
        include_str!("../templates/signup/gone.html"),
    ),
    (
        "signup/link_gone.html",
        include_str!("../templates/signup/link_gone.html"),
    ),
    (
        "signup/welcome.html",
        include_str!("../templates/signup/welcome.html"),
    ),
    (
        "signup/sign_in.html",
        include_str!("../templates/signup/sign_in.html"),
    ),
    (
        "signup/forgot.html",
        include_str!("../templates/signup/forgot.html"),
    ),
    (
        "signup/home.html",
        include_str!("../templates/signup/home.html"),
    ),
    (
        "settings/_company.html",
        include_str!("../templates/settings/_company.html"),
    ),
    (
        "settings/_parts.html",
        include_str!("../templates/settings/_parts.html"),
    ),
    (
        "settings/branch.html",
        include_str!("../templates/settings/branch.html"),
    ),
    (
        "settings/branches.html",
        include_str!("../templates/settings/branches.html"),
    ),
    (
        "settings/branding.html",
        include_str!("../templates/settings/branding.html"),
    ),
    (
        "settings/broker_confirm.html",
        include_str!("../templates/settings/broker_confirm.html"),
    ),
    (
        "settings/brokers.html",
        include_str!("../templates/settings/brokers.html"),
    ),
    (
        "settings/company.html",
        include_str!("../templates/settings/company.html"),
    ),
    (
        "settings/credential_confirm.html",
        include_str!("../templates/settings/credential_confirm.html"),
    ),
    (
        "settings/credentials.html",
        include_str!("../templates/settings/credentials.html"),
    ),
    (
        "settings/licenses.html",
        include_str!("../templates/settings/licenses.html"),
    ),
    (
        "settings/overview.html",
        include_str!("../templates/settings/overview.html"),
    ),
    (
        "settings/people.html",
        include_str!("../templates/settings/people.html"),
    ),
    (
        "settings/person.html",
        include_str!("../templates/settings/person.html"),
    ),
    (
        "settings/person_confirm.html",
        include_str!("../templates/settings/person_confirm.html"),
    ),
    (
        "settings/person_read.html",
        include_str!("../templates/settings/person_read.html"),
    ),
    (
        "settings/roles.html",
        include_str!("../templates/settings/roles.html"),
    ),
    (
        "settings/vendor_confirm.html",
        include_str!("../templates/settings/vendor_confirm.html"),
    ),
    (
        "settings/vendors.html",
        include_str!("../templates/settings/vendors.html"),
    ),
    (
        "setup/_parts.html",
        include_str!("../templates/setup/_parts.html"),
    ),
    (
        "setup/branding.html",
        include_str!("../templates/setup/branding.html"),
    ),
    (
        "setup/company.html",
        include_str!("../templates/setup/company.html"),
    ),
    (
        "setup/done.html",
        include_str!("../templates/setup/done.html"),
    ),
    (
        "setup/finished.html",
        include_str!("../templates/setup/finished.html"),
    ),
    (
        "setup/licensing.html",
        include_str!("../templates/setup/licensing.html"),
    ),
    (
        "setup/people.html",
        include_str!("../templates/setup/people.html"),
    ),
    (
        "setup/person.html",
        include_str!("../templates/setup/person.html"),
    ),
    (
        "setup/review.html",
        include_str!("../templates/setup/review.html"),
    ),
    (
        "setup/start.html",
        include_str!("../templates/setup/start.html"),
    ),
];

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

#[derive(Serialize)]
struct Context<'a, T> {
    page: &'a Layout,
    it: &'a T,
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
        let broken = |e: Error| Fault::internal(format!("template {}", T::FILE)).caused_by(e);
        let template = self.environment.get_template(T::FILE).map_err(broken)?;
        template
            .render(Value::from(Serde(Context { page, it })))
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
