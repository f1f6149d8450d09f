//! Every template with every sample: twice the same bytes, nothing unescaped, nothing inline,
//! every tag closed.

use std::collections::BTreeSet;

use lintel_app::context::App;
use lintel_app::keys::KeyRing;
use lintel_app::ports::{FixedClock, SeededRng};
use lintel_domain::id::Instant;
use lintel_edge::Limits;
use lintel_rule_book::RuleBook;
use lintel_store::db::Db;

use super::*;
use crate::pages::Pages;

/// Files that are parts of others.
const PARTS: &[&str] = &["layout.html", "forms.html"];
/// Elements without an end.
const VOID: &[&str] = &["meta", "link", "input", "img", "br", "hr", "rect", "path"];

type Render = fn(&Pages) -> Vec<String>;

macro_rules! sampled {
    ($($type:ty,)+) => {
        /// Every context type, with its file.
        const ALL: &[(&str, Render)] = &[$((<$type>::FILE, render_samples::<$type>),)+];
    };
}

sampled![
    crate::failure::ErrorPage,
    crate::sign_in::SignInPage,
    crate::sign_in::ChoosePage,
    crate::sign_in::CodePage,
    crate::sign_in::ForgotPage,
    crate::sign_in::SentPage,
    crate::sign_in::NewPasswordPage,
    crate::front::FrontPage,
    crate::home::HomePage,
    crate::loans::LoanView,
    crate::loans::ApplicationPage,
    crate::loans::ConditionsPage,
    crate::loans::ConditionPage,
    crate::loans::DocumentsPage,
    crate::loans::DocumentConfirmPage,
    crate::loans::StatusPage,
    crate::loans::HistoryPage,
    crate::loans::ExportPage,
    crate::loans::LeadsPage,
    crate::loans::LoanMessagesPage,
    crate::loans::LoanMessagePage,
    crate::bank::QueuePage,
    crate::bank::CasePage,
    crate::bank::BankSettingsPage,
    crate::bank::NetworksPage,
    crate::desk::TasksPage,
    crate::desk::TaskPage,
    crate::desk::AlertsPage,
    crate::outbox::OutboxPage,
    crate::outbox::MessagePage,
    crate::outbox::SuppressedPage,
    crate::mailbox::MailboxPage,
    crate::mailbox::CaughtPage,
    crate::rates::WatchPage,
    crate::rates::StoppedPage,
    crate::rates::WatchGonePage,
    crate::settings::MessagesPage,
    crate::account::AccountPage,
    crate::account::CodesPage,
    crate::account::RecoveryPage,
    crate::signup::SignupView,
    crate::signup::DoneView,
    crate::signup::GoneView,
    crate::signup::welcome::WelcomeView,
    crate::signup::welcome::LinkGoneView,
    crate::signup::sign_in::SignInView,
    crate::signup::sign_in::ForgotView,
    crate::signup::home::HomeView,
    crate::settings::OverviewPage,
    crate::settings::ProfilePage,
    crate::settings::LicensesPage,
    crate::settings::BrandingPage,
    crate::settings::PeoplePage,
    crate::settings::PersonPage,
    crate::settings::PersonReadPage,
    crate::settings::PersonConfirmPage,
    crate::settings::BranchesPage,
    crate::settings::BranchPage,
    crate::settings::BrokersPage,
    crate::settings::BrokerConfirmPage,
    crate::settings::VendorsPage,
    crate::settings::VendorConfirmPage,
    crate::settings::CredentialsPage,
    crate::settings::CredentialConfirmPage,
    crate::settings::RolesPage,
    crate::setup::StartPage,
    crate::setup::CompanyPage,
    crate::setup::LicensingPage,
    crate::setup::PeoplePage,
    crate::setup::PersonPage,
    crate::setup::BrandingPage,
    crate::setup::ReviewPage,
    crate::setup::DonePage,
    crate::setup::FinishedPage,
];

fn render_samples<T: Template>(pages: &Pages) -> Vec<String> {
    let mut written = Vec::new();
    for sample in T::samples() {
        for is_full in [true, false] {
            let layout = Layout::sample(pages, is_full);
            let render = || match pages.engine().render(&layout, &sample) {
                Ok(html) => html,
                Err(fault) => panic!("{}: {:?}", T::FILE, std::error::Error::source(&fault)),
            };
            let html = render();
            assert_eq!(html, render(), "{} is not the same twice", T::FILE);
            written.push(html);
        }
    }
    assert!(!written.is_empty(), "{} has no samples", T::FILE);
    written
}

async fn pages() -> Pages {
    let folder = tempfile::tempdir().unwrap();
    let db = Db::open_sqlite(&folder.path().join("lintel.sqlite"))
        .await
        .unwrap();
    let rng = std::sync::Arc::new(SeededRng::new(7));
    let keys = KeyRing::in_memory(&*rng).unwrap();
    let clock = std::sync::Arc::new(FixedClock::at(Instant::from_seconds(0)));
    let app = App::new(db, keys, clock, rng, RuleBook::embedded().unwrap());
    Pages::try_new(app, &Limits::default()).unwrap()
}

#[tokio::test]
async fn every_template_renders_every_sample_the_same_twice_and_escapes_it() {
    let pages = pages().await;
    for (file, render) in ALL {
        for html in render(&pages) {
            check(file, &html);
        }
    }
}

fn check(file: &str, html: &str) {
    assert!(!html.contains("<sample"), "{file} does not escape");
    assert!(
        !html.contains("onload='x'"),
        "{file} does not escape quotes"
    );
    assert!(!html.contains("&amp;lt;"), "{file} escapes twice");
    for inline in [
        " style=",
        "<style",
        " onclick=",
        " onchange=",
        "javascript:",
    ] {
        assert!(!html.contains(inline), "{file} has {inline} inside");
    }
    let scripts = html.matches("<script").count();
    assert_eq!(scripts, html.matches("<script src=").count(), "{file}");
    for form in html.split("<form").skip(1) {
        let form = form.split("</form>").next().unwrap_or_default();
        let is_post = form
            .split('>')
            .next()
            .unwrap_or_default()
            .contains("method=\"post\"");
        assert_eq!(
            is_post,
            form.contains("name=\"form_token\""),
            "{file}: a form without token"
        );
    }
    assert_eq!(
        html.matches("<h1").count(),
        1,
        "{file} needs one first heading"
    );
    let mut ids = BTreeSet::new();
    for part in html.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap_or_default();
        let is_sample = id.contains("sample") || id.starts_with("plain");
        assert!(
            ids.insert(id.to_owned()) || is_sample,
            "{file}: id {id} twice"
        );
    }
    for tag in html.split("<img").skip(1) {
        assert!(
            tag.split('>').next().unwrap_or_default().contains("alt="),
            "{file}: alt"
        );
    }
    for part in html.split("<table").skip(1) {
        assert!(part.contains("<caption"), "{file}: a table without caption");
    }
    balanced(file, html);
}

/// Every element that begins ends, in order.
fn balanced(file: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in html.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        if tag.starts_with('!') {
            continue;
        }
        let name = tag
            .trim_start_matches('/')
            .split([' ', '\n', '/'])
            .next()
            .unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{file}: </{name}>");
        } else if !VOID.contains(&name) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{file}");
}

#[test]
fn every_file_is_known_and_every_page_sampled() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path
                    .strip_prefix(&folder)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned();
                found.insert(name);
            }
        }
    }
    let known: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, known, "templates on disk and in FILES");
    let sampled: BTreeSet<&str> = ALL.iter().map(|(file, _)| *file).collect();
    let pages = FILES
        .iter()
        .map(|(name, _)| *name)
        .filter(|n| !PARTS.contains(n) && !n.contains("/_"));
    for page in pages {
        assert!(sampled.contains(page), "{page} has no sampled type");
    }
    for (name, source) in FILES {
        assert!(
            !source.contains("|safe") && !source.contains("| safe"),
            "{name}"
        );
        assert!(!source.contains("autoescape"), "{name}");
    }
}
