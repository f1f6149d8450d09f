//! Style sheet, script and pictures of our own, under names that change with their content.

use lintel_edge::one::one;
use std::fmt::Write as _;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use ring::digest::{SHA256, digest};

use crate::Answer;
use crate::failure::Failure;
use crate::pages::Pages;

/// A year, and never asked for again: the name is the content.
pub(crate) const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Characters of the hash in a name.
const HASH_CHARS: usize = 16;

/// One file of ours.
struct Asset {
    stem: &'static str,
    ending: &'static str,
    media_type: &'static str,
    content: &'static str,
}

const ALL: [Asset; 4] = [
    Asset {
        stem: "style",
        ending: "css",
        media_type: "text/css; charset=utf-8",
        content: concat!(
            include_str!("../assets/style.css"),
            include_str!("../assets/loans.css"),
            include_str!("../assets/messages.css"),
            include_str!("../assets/signup.css")
        ),
    },
    Asset {
        stem: "script",
        ending: "js",
        media_type: "text/javascript; charset=utf-8",
        content: concat!(
            include_str!("../assets/script.js"),
            include_str!("../assets/upload.js")
        ),
    },
    Asset {
        stem: "icon",
        ending: "svg",
        media_type: "image/svg+xml",
        content: include_str!("../assets/icon.svg"),
    },
    Asset {
        stem: "equal-housing",
        ending: "svg",
        media_type: "image/svg+xml",
        content: include_str!("../assets/equal-housing.svg"),
    },
];

/// Where each file is found.
pub(crate) struct Assets {
    paths: [String; ALL.len()],
}

impl Assets {
    /// Names every file by its content.
    pub(crate) fn new() -> Self {
        Self {
            paths: ALL.map(|asset| {
                let hash = digest(&SHA256, asset.content.as_bytes());
                let mut path = format!("/assets/{}.", asset.stem);
                for byte in &hash.as_ref()[..HASH_CHARS / 2] {
                    // Writing to a text cannot fail.
                    let _ = write!(path, "{byte:02x}");
                }
                path.push('.');
                path.push_str(asset.ending);
                path
            }),
        }
    }

    /// The style sheet.
    pub(crate) fn style(&self) -> &str {
        &self.paths[0]
    }

    /// The script.
    pub(crate) fn script(&self) -> &str {
        &self.paths[1]
    }

    /// Our own icon.
    pub(crate) fn icon(&self) -> &str {
        &self.paths[2]
    }

    /// The mark of equal housing.
    pub(crate) fn equal_housing(&self) -> &str {
        &self.paths[3]
    }

    fn find(&self, name: &str) -> Option<&'static Asset> {
        let at = self
            .paths
            .iter()
            .position(|path| path.strip_prefix("/assets/") == Some(name))?;
        ALL.get(at)
    }
}

async fn show(State(pages): State<Pages>, Path(name): Path<String>) -> Answer {
    let asset = pages.assets().find(&name).ok_or(Failure::NotFound)?;
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, FOR_EVER)];
    Ok((headers, asset.content).into_response())
}

/// Browsers ask for this name whatever the page says.
async fn favicon(State(pages): State<Pages>) -> Response {
    let headers = [
        (CONTENT_TYPE, "image/svg+xml"),
        (CACHE_CONTROL, "public, max-age=86400"),
    ];
    let icon = pages
        .assets()
        .find(pages.assets().icon().trim_start_matches("/assets/"));
    (headers, icon.map_or("", |icon| icon.content)).into_response()
}

/// `/robots.txt`: nothing here is for search engines.
async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /\n"
}

/// The routes.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route("/assets/{name}", get(one(show)))
        .route("/favicon.ico", get(one(favicon)))
        .route("/robots.txt", get(one(robots)))
}
