//! What was sent to whom: who sees it, what a hostile letter can do to the page, having it sent again,
//! addresses that are not written to, and the catcher's mailbox.

use std::sync::Arc;

use lintel_app::job::drain;
use lintel_app::loan::{self, LoanCaller};
use lintel_app::message::caught::{Caught, catch};
use lintel_app::message::{self, Attachment, Channel, MailDraft, MailKind, Mailbox};
use lintel_app::ports::{MemoryPost, MemorySms};
use lintel_domain::id::{PublicId, RowId};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::permission::Permission as P;
use lintel_domain::role::Role;
use lintel_testkit::both;

use crate::office::Office;
use crate::pipeline::loan as a_loan;
use crate::tab::{Tab, form, leads_to, value};

/// Everything a stranger's letter may try.
const HOSTILE: &str = "<p>Dear <b>Wren</b>,</p><script>document.title='gone'</script>\
     <img src=\"https://tracker.example/pixel.gif\" onerror=\"alert(1)\">\
     <a href=\"javascript:alert(2)\">click</a><a href=\"https://example.com/offer\">offer</a>\
     <iframe src=\"https://evil.example/\"></iframe><form action=\"https://evil.example/\"><input name=q></form>\
     <link rel=stylesheet href=\"https://evil.example/x.css\"><meta http-equiv=refresh content=\"0;url=https://evil.example/\">\
     <style>@import url(https://evil.example/y.css); body { background: url(https://evil.example/z.png) }</style>\
     <svg onload=alert(3)><base href=\"https://evil.example/\">";
/// What must not be left of it.
const NEVER: [&str; 14] = [
    "<script",
    "document.title",
    "onerror",
    "onload",
    "javascript:",
    "<iframe",
    "<form",
    "<input",
    "<link",
    "http-equiv",
    "@import",
    "tracker.example",
    "evil.example",
    "<svg",
];

fn handlers(post: &Arc<MemoryPost>) -> lintel_app::job::Handlers {
    message::handlers(post.clone(), Arc::new(MemorySms::default()))
}

/// A mail of an organisation, about a loan if one is named; its public id.
async fn mail(office: &Office, org: &Organisation, subject: &str, loan: Option<RowId>) -> String {
    let to = Mailbox {
        name: "Wren <b>Ashdown</b>".to_owned(),
        email: "wren@example.com".to_owned(),
    };
    let html = Some(HOSTILE.to_owned());
    let text = "Dear Wren,\nas promised.".to_owned();
    let mut draft = MailDraft::new(MailKind::Crm, to, subject.to_owned(), text, html, "test");
    draft.loan_id = loan;
    draft.crm_code = Some("OUR-TEMPLATE".to_owned());
    let mut tx = office.app.db().begin().await.expect("begun");
    let made = message::mail_in(&office.app, &mut tx, org, &draft).await;
    tx.commit().await.expect("kept");
    made.expect("written").public_id.to_string()
}

/// The row of a loan.
async fn row_of(office: &Office, org: &Organisation, id: &str) -> RowId {
    let id = PublicId::parse(id).expect("an id");
    let caller = office.caller(org);
    let head = loan::find(&office.app, &LoanCaller::Program(&caller), &id).await;
    head.expect("a loan").line.id
}

async fn status(tab: &mut Tab, path: &str) -> u16 {
    tab.get(path).await.status.as_u16()
}

/// A file with markup in it.
fn attachment(name: &str, kind: &str) -> Attachment {
    Attachment {
        name: name.to_owned(),
        content_type: kind.to_owned(),
        bytes: b"%PDF-1.7 <script>".to_vec(),
    }
}

both! {
    async fn every_role_sees_the_messages_it_may(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let loan = a_loan(&office, &lender, "A", "Wren", "nobody@example.com").await;
        let row = row_of(&office, &lender, &loan).await;
        let of_loan = mail(&office, &lender, "About the loan", Some(row)).await;
        let general = mail(&office, &lender, "About nothing", None).await;
        for (n, role) in Role::ALL.iter().enumerate() {
            let mut tab = office.desk(&lender, &format!("p{n}"), *role).await;
            let edits = role.may(P::EditMessages);
            let outbox = if edits { 200 } else { 403 };
            for path in [
                "/lender/outbox".to_owned(),
                "/lender/outbox/suppressed".to_owned(),
                format!("/lender/outbox/{general}"),
                format!("/lender/outbox/{general}/preview"),
            ] {
                assert_eq!(status(&mut tab, &path).await, outbox, "{role} {path}");
            }
            let sees = if role.may(P::SeeAllLoans) { 200 } else { 404 };
            let base = format!("/lender/loans/{loan}/messages");
            for path in [base.clone(), format!("{base}/{of_loan}"), format!("{base}/{of_loan}/preview")] {
                assert_eq!(status(&mut tab, &path).await, sees, "{role} {path}");
            }
            assert_eq!(status(&mut tab, &format!("{base}/{general}")).await, 404, "of no loan");
            let token = tab.token("/lender/account").await;
            let token = vec![("form_token".to_owned(), token)];
            for act in ["retry", "cancel"] {
                let answer = tab.post(&format!("/lender/outbox/{general}/{act}"), &token).await;
                assert_eq!(answer.status.as_u16(), if edits { 303 } else { 403 }, "{role} {act}");
            }
            let home = tab.page("/lender/account", 200).await;
            assert_eq!(home.contains("href=\"/lender/outbox\""), edits, "{role}");
        }
    }

    async fn a_hostile_letter_is_harmless(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let id = mail(&office, &lender, "<script>alert(1)</script> & \"you\"", None).await;
        let path = format!("/lender/outbox/{id}");
        let page = ada.get(&path).await;
        let html = page.text().into_owned();
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;you&quot;"));
        assert!(html.contains("Wren &lt;b&gt;Ashdown&lt;/b&gt;"));
        let frame = html.split("<iframe").nth(1).expect("a frame");
        let frame = frame.split('>').next().unwrap_or_default();
        assert!(frame.contains(&format!("src=\"{path}/preview\"")) && frame.contains("sandbox=\"\""), "{frame}");
        assert!(frame.contains("title=\""), "{frame}");
        let policy = page.header("content-security-policy").to_owned();
        assert!(policy.contains("frame-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        let plain = ada.get("/lender/outbox").await;
        assert!(!plain.header("content-security-policy").contains("frame-src"));

        let preview = ada.get(&format!("{path}/preview")).await;
        let policy = preview.header("content-security-policy");
        for part in ["default-src 'none'", "img-src 'self' data:", "frame-ancestors 'self'", "form-action 'none'", "sandbox"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("script-src") && !policy.contains("allow-"), "{policy}");
        assert_eq!(preview.header("x-content-type-options"), "nosniff");
        assert_eq!(preview.header("x-frame-options"), "SAMEORIGIN");
        assert!(preview.headers.get("set-cookie").is_none());
        let shown = preview.text().into_owned();
        for never in NEVER {
            assert!(!shown.contains(never), "{never} in {shown}");
        }
        assert!(shown.contains("<b>Wren</b>") && shown.contains("https://example.com/offer"), "{shown}");
        let mut nobody = Tab::new(&office.router);
        assert_eq!(leads_to(&nobody.get(&format!("{path}/preview")).await).split('?').next(), Some("/lender/sign-in"));
    }

    async fn a_letter_belongs_to_one_company_and_one_loan(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let stranger = office.org(OrganisationKind::Retail, None).await;
        let broker = office.org(OrganisationKind::Broker, Some(&lender)).await;
        let (one, two) = (
            a_loan(&office, &lender, "A", "Wren", "x@example.com").await,
            a_loan(&office, &lender, "B", "Robin", "x@example.com").await,
        );
        let id = mail(&office, &lender, "Hello", Some(row_of(&office, &lender, &one).await)).await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        assert_eq!(status(&mut ada, &format!("/lender/loans/{one}/messages/{id}")).await, 200);
        for part in ["", "/preview"] {
            let path = format!("/lender/loans/{two}/messages/{id}{part}");
            assert_eq!(status(&mut ada, &path).await, 404, "another loan's");
        }
        let list = ada.page(&format!("/lender/loans/{one}/messages"), 200).await;
        assert!(list.contains(">Hello<") && list.contains("OUR-TEMPLATE"));
        assert!(ada.page(&format!("/lender/loans/{two}/messages"), 200).await.contains("No messages"));
        let page = ada.page(&format!("/lender/outbox/{id}"), 200).await;
        assert!(page.contains(&format!("href=\"/lender/loans/{one}\"")), "the loan is a link");
        for (org, name) in [(&stranger, "cat"), (&broker, "bob")] {
            let mut tab = office.desk(org, name, Role::Admin).await;
            let token = vec![("form_token".to_owned(), tab.token("/lender/account").await)];
            for part in ["", "/preview"] {
                assert_eq!(status(&mut tab, &format!("/lender/outbox/{id}{part}")).await, 404, "{name}");
            }
            for act in ["retry", "cancel"] {
                let answer = tab.post(&format!("/lender/outbox/{id}/{act}"), &token).await;
                assert_eq!(answer.status.as_u16(), 404, "{name} {act}");
            }
            assert!(!tab.page("/lender/outbox", 200).await.contains(&id), "{name}");
        }
    }

    async fn what_failed_is_found_and_sent_again(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let post = Arc::new(MemoryPost::default());
        post.refuse("wren@example.com", true);
        let id = mail(&office, &lender, "Hello", None).await;
        let page = format!("/lender/outbox/{id}");
        assert!(ada.page(&page, 200).await.contains(">Waiting<"));
        drain(&office.app, &handlers(&post)).await.expect("handed over");
        let shown = ada.page(&page, 200).await;
        assert!(shown.contains(">Failed<") && shown.contains("Its server says there is nobody"), "{shown}");
        let found = |html: &str| html.contains(&format!("href=\"{page}\""));
        for (query, is_there) in [
            ("state=failed", true),
            ("state=sent", false),
            ("address=WREN%40example.com", true),
            ("address=wren", false),
            ("kind=crm&channel=mail", true),
            ("kind=welcome", false),
            ("channel=sms", false),
            ("state=%3Cb%3E&page=-1", true),
        ] {
            let list = ada.page(&format!("/lender/outbox?{query}"), 200).await;
            assert_eq!(found(&list), is_there, "{query}");
            assert!(!list.contains("<b>"), "{query}");
        }
        // The address is written to again, and now its server takes it.
        let list = ada.page("/lender/outbox/suppressed", 200).await;
        assert!(list.contains("wren@example.com"));
        let released = ada.send(&page, "/lender/outbox/suppressed/release", &[]).await;
        assert_eq!(leads_to(&released), page, "back to the message");
        let post = Arc::new(MemoryPost::default());
        assert_eq!(leads_to(&ada.send(&page, &format!("{page}/retry"), &[]).await), page);
        drain(&office.app, &handlers(&post)).await.expect("handed over");
        assert_eq!(post.letters().len(), 1);
        let shown = ada.page(&page, 200).await;
        assert!(shown.contains(">Sent<") && !shown.contains("Send again"));
        // Nothing is left to try, and asking all the same says so.
        let token = vec![("form_token".to_owned(), ada.token("/lender/account").await)];
        leads_to(&ada.post(&format!("{page}/retry"), &token).await);
        assert!(ada.page(&page, 200).await.contains("Nothing of it could be sent again."));
    }

    async fn what_waits_is_taken_back_and_addresses_are_put_away(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let id = mail(&office, &lender, "Hello", None).await;
        let page = format!("/lender/outbox/{id}");
        leads_to(&ada.send(&page, &format!("{page}/cancel"), &[]).await);
        let shown = ada.page(&page, 200).await;
        assert!(shown.contains("What still waited is taken back.") && shown.contains(">Taken back<"));
        let post = Arc::new(MemoryPost::default());
        drain(&office.app, &handlers(&post)).await.expect("handed over");
        assert_eq!(post.letters().len(), 0);
        let list = "/lender/outbox/suppressed";
        for (address, channel, status) in [
            ("", "mail", 422),
            ("no address", "mail", 422),
            ("a@example.com\r\nBcc: b@example.com", "mail", 422),
            ("12", "sms", 422),
            ("a@example.com", "fax", 400),
            ("A@Example.com", "mail", 303),
            ("(312) 555-0100", "sms", 303),
        ] {
            let sent = [("address", address), ("channel", channel)];
            let answer = ada.send(list, list, &sent).await;
            assert_eq!(answer.status.as_u16(), status, "{address}");
        }
        let html = ada.page(list, 200).await;
        assert!(html.contains("a@example.com") && html.contains("312"), "{html}");
        let fields = form(&html, "/lender/outbox/suppressed/release");
        leads_to(&ada.post("/lender/outbox/suppressed/release", &fields).await);
        assert_eq!(office.rows("suppression").await, 1);
    }

    async fn the_mailbox_is_there_only_while_mail_is_caught(db) {
        let office = Office::on(&db);
        let mut tab = Tab::new(&office.router);
        for path in ["/mailbox", "/mailbox/x", "/mailbox/x/html"] {
            assert_eq!(status(&mut tab, path).await, 404, "{path}");
        }
        assert!(!tab.page("/", 200).await.contains("/mailbox"));
        office.app.set_catching(true);
        assert!(tab.page("/", 200).await.contains("href=\"/mailbox\""));
        assert!(tab.page("/mailbox", 200).await.contains("Nothing here yet"));
        let caught = Caught {
            attachments: vec![
                attachment("FINE \"<b>ç\".pdf", "application/pdf"),
                attachment("x.html", "text/html"),
            ],
            channel: Channel::Mail,
            sender: "Lintel <no-reply@example.com>".to_owned(),
            recipient: "wren@example.com".to_owned(),
            subject: "<b>Hello</b>".to_owned(),
            text: "Go to https://loans.example.com/app/welcome/abc?x=1&y=2.".to_owned(),
            html: Some(HOSTILE.to_owned()),
            raw: b"Subject: <b>Hello</b>\r\n\r\n<script>".to_vec(),
        };
        catch(&office.app, &caught).await.expect("caught");
        let list = tab.page("/mailbox", 200).await;
        assert!(list.contains("&lt;b&gt;Hello&lt;/b&gt;") && list.contains("catcher"));
        let href = list.split("href=\"/mailbox/").nth(1).and_then(|t| t.split('"').next()).expect("a link");
        let path = format!("/mailbox/{href}");
        let page = tab.page(&path, 200).await;
        assert!(page.contains("href=\"https://loans.example.com/app/welcome/abc?x=1&amp;y=2\""), "{page}");
        assert!(page.contains(&format!("src=\"{path}/html\"")));
        let source = tab.page(&format!("{path}?as=source"), 200).await;
        assert!(source.contains("&lt;script&gt;") && !source.contains("<iframe"));
        let letter = tab.get(&format!("{path}/html")).await;
        let policy = letter.header("content-security-policy").to_owned();
        assert!(policy.contains("default-src 'none'") && !policy.contains("allow-scripts") && !policy.contains("allow-same-origin"));
        let shown = letter.text().into_owned();
        for never in NEVER {
            assert!(!shown.contains(never), "{never} in {shown}");
        }
        assert!(page.contains("FINE &#34;&lt;b&gt;ç&#34;.pdf") || page.contains("FINE &quot;&lt;b&gt;ç&quot;.pdf"), "{page}");
        for (n, kind) in [(0, "application/pdf"), (1, "application/octet-stream")] {
            let file = tab.get(&format!("{path}/files/{n}")).await;
            assert_eq!(file.header("content-type"), kind);
            assert!(file.header("content-disposition").starts_with("attachment; filename*=UTF-8''"));
            assert_eq!(file.text(), "%PDF-1.7 <script>");
        }
        for none in ["2", "-1", "x", "99999999999999999999999"] {
            assert_eq!(status(&mut tab, &format!("{path}/files/{none}")).await, 404, "{none}");
        }
        for unknown in ["/mailbox/nobody", "/mailbox/%F0%9F%98%80", "/mailbox/..%2F..%2Fetc"] {
            assert_eq!(status(&mut tab, unknown).await, 404, "{unknown}");
        }
        let forged = tab.post("/mailbox/clear", &[]).await;
        assert_eq!(forged.status.as_u16(), 403, "a form of another page");
        leads_to(&tab.send("/mailbox", "/mailbox/clear", &[]).await);
        assert!(tab.page("/mailbox", 200).await.contains("The mailbox is empty."));
    }

    async fn how_a_company_writes_is_set_on_its_page(db) {
        let office = Office::on(&db);
        let lender = office.lender().await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let mut olive = office.desk(&lender, "olive", Role::LoanOfficer).await;
        let page = "/lender/settings/messages";
        assert_eq!(status(&mut olive, page).await, 403);
        let html = ada.page(page, 200).await;
        assert_eq!(value(&html, page, "timezone"), "America/New_York");
        assert_eq!(value(&html, page, "watch_minute"), "480");
        let good = [
            ("sender_name", "Quay Street Loans"),
            ("reply_to", "answers@example.com"),
            ("timezone", "America/Phoenix"),
            ("watch_minute", "450"),
        ];
        leads_to(&ada.send(page, page, &good).await);
        let html = ada.page(page, 200).await;
        for (name, wanted) in good {
            assert_eq!(value(&html, page, name), wanted);
        }
        for (name, bad) in [
            ("sender_email", "someone@not-ours.example"),
            ("sender_email", "no address"),
            ("reply_to", "a@example.com, b@example.com"),
            ("sender_name", "A\r\nBcc: b@example.com"),
            ("timezone", "Mars/Olympus"),
            ("watch_minute", "1440"),
            ("watch_minute", "-1"),
        ] {
            let answer = ada.send(page, page, &[(name, bad)]).await;
            assert_eq!(answer.status.as_u16(), 422, "{name} {bad}");
            assert!(answer.text().contains(&format!("id=\"{name}-error\"")), "{name} {bad}");
        }
        // Domains are the operator's: a form that names some changes nothing.
        leads_to(&ada.send(page, page, &[("sender_domains", "evil.example")]).await);
        let now = message::settings::load(&office.app, &lender.id).await.expect("read");
        assert!(now.sender_domains.is_empty());
    }
}
