//! Whose page it is: name, logo, colours; and the style sheet the colours travel in.

use lintel_edge::one::one;
use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use lintel_app::company::{self, Brand};
use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;

use crate::Answer;
use crate::colour::{Colour, NIGHT, PAPER};
use crate::failure::Failure;
use crate::layout::BrandView;
use crate::pages::Pages;

/// The brand of an organisation, as its own people see it.
pub(crate) async fn of_organisation(app: &App, org: &Organisation) -> Result<BrandView, Fault> {
    let brand = company::brand_of(app, org).await?;
    Ok(view(&brand))
}

/// A brand as pages show it.
pub(crate) fn view(brand: &Brand) -> BrandView {
    let has_colours = brand.brand_color.is_some() || brand.accent_color.is_some();
    BrandView {
        name: brand.name.clone(),
        logo: brand.logo_url.as_deref().and_then(own_path),
        favicon: brand.favicon_url.as_deref().and_then(own_path),
        style: has_colours.then(|| format!("/brand/{}.css?v={}", brand.lender_id, brand.version)),
        nmls: brand.nmls.clone(),
        is_ours: false,
    }
}

/// The path of a picture from its full address: pages ask their own host, whatever it is called.
fn own_path(url: &str) -> Option<String> {
    url.find("/images/").map(|at| url[at..].to_owned())
}

/// The path of a picture by its name.
pub(crate) fn picture_path(name: &impl std::fmt::Display) -> String {
    format!("/images/{name}")
}

/// The style sheet of a brand's colours: custom properties, each with the text that is readable on
/// it. Nothing but checked colours gets into it.
fn style_sheet(brand: &Brand) -> String {
    let read = |text: &Option<String>| text.as_deref().and_then(Colour::parse);
    let mut css = String::new();
    let mut write = |scheme: &str, properties: &[(&str, Colour)]| {
        // Writing to a text cannot fail.
        let _ = write!(css, "{scheme}{{:root{{");
        for (name, colour) in properties {
            let _ = write!(css, "--{name}:{};", colour.css());
        }
        css.push_str("}}\n");
    };
    let Some(main) = read(&brand.brand_color).or_else(|| read(&brand.accent_color)) else {
        return css;
    };
    let accent = read(&brand.accent_color).unwrap_or(main);
    let fill = [
        ("brand", main),
        ("on-brand", main.text_on()),
        ("brand-pressed", main.pressed()),
        ("on-brand-pressed", main.pressed().text_on()),
        ("accent", accent),
        ("on-accent", accent.text_on()),
    ];
    write("@media all", &fill);
    write(
        "@media (prefers-color-scheme: light), print",
        &[("brand-ink", main.readable_on(PAPER))],
    );
    write(
        "@media (prefers-color-scheme: dark)",
        &[("brand-ink", main.readable_on(NIGHT))],
    );
    css
}

async fn style(State(pages): State<Pages>, Path(name): Path<String>) -> Answer {
    let id = name.strip_suffix(".css").and_then(PublicId::parse);
    let id = id.ok_or(Failure::NotFound)?;
    let brand = company::brand(pages.app(), &id).await?;
    let css = style_sheet(&brand.ok_or(Failure::NotFound)?);
    // Pages ask for it with its version, so a change is seen at once.
    let headers = [
        (CONTENT_TYPE, "text/css; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    Ok((headers, css).into_response())
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new().route("/brand/{name}", get(one(style)))
}
