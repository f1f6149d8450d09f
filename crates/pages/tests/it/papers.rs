//! Papers of a loan over the pages: uploading with every kind of mishap, seeing, taking along,
//! removing.

use std::sync::Arc;

use lintel_app::document::rules::DocumentRules;
use lintel_app::ports::MarkScanner;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::role::Role;
use lintel_edge::test_client::{Answer, Part};
use lintel_testkit::both;

use crate::office::Office;
use crate::pipeline::loan;
use crate::tab::{Tab, leads_to};

/// The smallest thing that counts as a PDF, with a word to tell two apart.
pub fn pdf(word: &str) -> Vec<u8> {
    format!("%PDF-1.4\n1 0 obj\n<< /Title ({word}) >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n")
        .into_bytes()
}

fn paper(name: &str, bytes: &[u8]) -> Part {
    Part::file("file", name, "application/pdf", bytes)
}

/// A loan's page of documents with somebody at it.
struct Desk {
    office: Office,
    lender: Organisation,
    ada: Tab,
    path: String,
    token: String,
}

impl Desk {
    async fn on(db: &lintel_store::db::Db) -> Self {
        let office = Office::on(db);
        let lender = office.lender().await;
        let id = loan(&office, &lender, "A", "Wren", "olive@example.com").await;
        let mut ada = office.desk(&lender, "ada", Role::Admin).await;
        let path = format!("/lender/loans/{id}/documents");
        let token = ada.token(&path).await;
        Self {
            office,
            lender,
            ada,
            path,
            token,
        }
    }

    /// As the form without script sends it.
    async fn form(&mut self, filing: &str, files: &[Part]) -> Answer {
        let mut parts = vec![
            Part::text("form_token", &self.token),
            Part::text("filing", filing),
        ];
        parts.extend_from_slice(files);
        self.ada
            .parts(&format!("{}/upload", self.path), &parts, None)
            .await
    }

    /// As the script sends one.
    async fn script(&mut self, filing: &str, file: Part) -> Answer {
        let parts = [Part::text("filing", filing), file];
        let token = self.token.clone();
        self.ada
            .parts(&format!("{}/upload", self.path), &parts, Some(&token))
            .await
    }

    async fn list(&mut self) -> String {
        let path = self.path.clone();
        self.ada.page(&path, 200).await
    }

    async fn nothing_is_there(&mut self) {
        for table in ["loan_document", "blob_upload"] {
            assert_eq!(self.office.rows(table).await, 0, "{table}");
        }
    }
}

/// The ids behind the links of a page of documents, each once, in order.
fn ids(html: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in html.split("href=\"/lender/documents/").skip(1) {
        let id = part.split(['"', '/']).next().unwrap_or_default().to_owned();
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

both! {
    async fn papers_go_in_and_come_out_again(db) {
        let mut desk = Desk::on(&db).await;
        let (first, second) = (pdf("one"), pdf("two"));
        let answer = desk.form("credit", &[paper("a.pdf", &first), paper("b.pdf", &second)]).await;
        assert_eq!(leads_to(&answer), desk.path);
        let html = desk.list().await;
        assert!(html.contains("The documents are filed."));
        assert!(html.contains(">Credit") && html.contains("kept until"));
        let ids = ids(&html);
        assert_eq!(ids.len(), 2);
        for id in &ids {
            let path = format!("/lender/documents/{id}");
            let shown = desk.ada.get(&path).await;
            assert_eq!(shown.status.as_u16(), 200);
            assert!(shown.body == first || shown.body == second, "the same bytes");
            assert_eq!(shown.header("content-type"), "application/pdf");
            assert!(shown.header("content-disposition").starts_with("inline; filename=\""));
            assert_eq!(shown.header("cache-control"), "private, no-store");
            assert_eq!(shown.header("x-content-type-options"), "nosniff");
            assert!(shown.header("content-security-policy").starts_with("default-src 'none'"));
            assert_eq!(shown.header("content-length"), shown.body.len().to_string());
            let kept = desk.ada.get(&format!("{path}/download")).await;
            assert!(kept.header("content-disposition").starts_with("attachment; "));
            assert_eq!(kept.body, shown.body);
        }
        let fields: Vec<(String, String)> = std::iter::once(("form_token".to_owned(), desk.token.clone()))
            .chain(ids.iter().map(|id| ("doc[]".to_owned(), id.clone())))
            .collect();
        let zip = desk.ada.post(&format!("{}/zip", desk.path), &fields).await;
        assert_eq!(zip.header("content-type"), "application/zip");
        assert!(zip.body.starts_with(b"PK") && zip.header("content-disposition").contains("-documents.zip"));
        let names = zip.text().into_owned();
        assert!(names.contains("a.pdf") && names.contains("b.pdf"));
        let none = desk.ada.post(&format!("{}/zip", desk.path), &fields[..1]).await;
        assert_eq!(leads_to(&none), desk.path, "nothing chosen");
        let removing = format!("/lender/documents/{}/remove", ids[0]);
        desk.ada.page(&removing, 200).await;
        let gone = desk.ada.send(&removing, &removing, &[]).await;
        assert_eq!(leads_to(&gone), desk.path);
        assert_eq!(desk.ada.get(&format!("/lender/documents/{}", ids[0])).await.status.as_u16(), 404);
        assert!(!desk.list().await.contains(&ids[0]));
    }

    async fn the_script_is_told_what_is_wrong_with_each(db) {
        let mut desk = Desk::on(&db).await;
        desk.office.app.set_document_rules(DocumentRules { max_bytes: 2000, ..DocumentRules::default() });
        let large = [pdf("x"), vec![b' '; 3000], b"%%EOF\n".to_vec()].concat();
        let text = b"just some words".to_vec();
        for (filing, bytes, status, says) in [
            ("credit", pdf("x"), 200, "\"isNew\":true"),
            ("credit", pdf("x"), 200, "\"isNew\":false"),
            ("credit", pdf("y"), 200, "\"version\":2"),
            ("credit", Vec::new(), 422, "the file is empty."),
            ("credit", text, 422, "this is not a PDF file."),
            ("credit", large, 422, "larger than 2.0 KB."),
            ("", pdf("x"), 422, "choose what it is."),
            ("<b>", pdf("x"), 422, "choose what it is."),
            ("condition:ZZZZ0000", pdf("x"), 422, "the condition is not there any more."),
            ("condition:not an id", pdf("x"), 422, "choose what it is."),
        ] {
            let answer = desk.script(filing, paper("a.pdf", &bytes)).await;
            assert_eq!(answer.status.as_u16(), status, "{filing} {}", answer.text());
            assert_eq!(answer.header("content-type"), "application/json");
            assert!(answer.text().contains(says), "{filing} {}", answer.text());
        }
        let marked = [pdf("x"), MarkScanner::MARK.to_vec(), b"\n%%EOF\n".to_vec()].concat();
        desk.office.app.set_scanner(Arc::new(MarkScanner::default()));
        let answer = desk.script("credit", paper("b.pdf", &marked)).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("the virus scanner refused it."), "{}", answer.text());
        assert_eq!(desk.office.rows("loan_document").await, 2);
        assert_eq!(desk.office.rows("blob_upload").await, 0, "nothing is left behind");
        let html = desk.list().await;
        assert!(html.contains("Version 2") && html.contains("1 earlier version"));
    }

    async fn without_its_scanner_nothing_is_taken(db) {
        let mut desk = Desk::on(&db).await;
        desk.office.app.set_scanner(Arc::new(MarkScanner::failing()));
        let answer = desk.script("credit", paper("b.pdf", &pdf("z"))).await;
        assert_eq!(answer.status.as_u16(), 503, "{}", answer.text());
        let answer = desk.form("credit", &[paper("b.pdf", &pdf("z"))]).await;
        assert_eq!(answer.status.as_u16(), 503);
        desk.nothing_is_there().await;
    }

    async fn names_are_kept_and_harmless(db) {
        let mut desk = Desk::on(&db).await;
        for (n, name) in [
            "%22quoted%22.pdf", "<b>bold & co<b>.pdf", "\u{202e}fdp.exe", "Zoë 😀.pdf", "noending",
            "..", "C:\\folder\\paper.pdf", "/etc/passwd", "' onload='x.pdf", "a;b=c.pdf",
        ].into_iter().enumerate() {
            let answer = desk.script("misc", paper(name, &pdf(&n.to_string()))).await;
            let status = answer.status.as_u16();
            assert!(matches!(status, 200 | 422), "{name}: {}", answer.text());
        }
        let long = format!("{}.pdf", "x".repeat(300));
        let answer = desk.script("misc", paper(&long, &pdf("long"))).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.text());
        assert!(answer.text().contains("the name is too long"), "{}", answer.text());
        let html = desk.list().await;
        assert!(!html.contains("<b>bold") && html.contains("&lt;b&gt;bold &amp; co&lt;b&gt;.pdf"));
        assert!(!html.contains("' onload='x"));
        for id in ids(&html) {
            let kept = desk.ada.get(&format!("/lender/documents/{id}/download")).await;
            assert_eq!(kept.status.as_u16(), 200);
            let named = kept.header("content-disposition").to_owned();
            assert!(named.starts_with("attachment; filename=\"") && named.is_ascii(), "{named}");
        }
        // Two files of one name in one form: two versions, or one when they are the same.
        let both = [paper("twice.pdf", &pdf("one")), paper("twice.pdf", &pdf("two"))];
        let answer = desk.form("misc", &both).await;
        assert_eq!(leads_to(&answer), desk.path);
        assert!(desk.list().await.contains(">twice.pdf<"));
    }

    async fn a_form_is_taken_whole_or_not_at_all(db) {
        let mut desk = Desk::on(&db).await;
        let answer = desk.form("credit", &[paper("good.pdf", &pdf("x")), paper("bad.pdf", b"words")]).await;
        assert_eq!(answer.status.as_u16(), 422);
        assert!(answer.text().contains("bad.pdf: this is not a PDF file."));
        desk.nothing_is_there().await;
        for files in [vec![], vec![paper("", b"")]] {
            let answer = desk.form("credit", &files).await;
            assert_eq!(answer.status.as_u16(), 422);
            assert!(answer.text().contains("Choose at least one file."), "{}", answer.text());
        }
        let upload = format!("{}/upload", desk.path);
        let head = format!(
            "--B\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{}\r\n\
             --B\r\nContent-Disposition: form-data; name=\"filing\"\r\n\r\ncredit\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\n1 0 obj",
            desk.token,
        );
        let torn = desk.ada.raw(&upload, "multipart/form-data; boundary=B", head.as_bytes()).await;
        assert_eq!(torn.status.as_u16(), 400, "stopped in the middle");
        for (kind, body) in [
            ("application/pdf", pdf("x")),
            ("multipart/form-data", head.clone().into_bytes()),
            ("application/json", b"{}".to_vec()),
            ("", Vec::new()),
        ] {
            let answer = desk.ada.raw(&upload, kind, &body).await;
            assert!(answer.status.is_client_error(), "{kind} {}", answer.status);
        }
        desk.nothing_is_there().await;
    }

    async fn foreign_forms_leave_nothing(db) {
        let mut desk = Desk::on(&db).await;
        let (upload, file) = (format!("{}/upload", desk.path), paper("a.pdf", &pdf("x")));
        let filing = Part::text("filing", "credit");
        let token = Part::text("form_token", &desk.token);
        let wrong = Part::text("form_token", "0123456789abcdef0123456789abcdef");
        let none: Option<&str> = None;
        let large = paper("a.pdf", &[pdf("x"), vec![b' '; 100_000], b"%%EOF\n".to_vec()].concat());
        for (parts, header) in [
            (vec![filing.clone(), file.clone()], none),
            (vec![wrong, filing.clone(), file.clone()], none),
            // The token has to come before the paper, by more than what is looked at in one go.
            (vec![filing.clone(), large, token], none),
            (vec![filing.clone(), file.clone()], Some("nonsense")),
            (vec![filing.clone(), file.clone()], Some("")),
        ] {
            let answer = desk.ada.parts(&upload, &parts, header).await;
            assert_eq!(answer.status.as_u16(), 403, "{}", answer.text());
        }
        let mut out = Tab::new(&desk.office.router);
        let token = desk.token.clone();
        let answer = out.parts(&upload, &[filing.clone(), file.clone()], Some(&token)).await;
        assert_eq!(answer.status.as_u16(), 401, "{}", answer.text());
        let answer = out.parts(&upload, &[filing, file], None).await;
        assert_eq!(leads_to(&answer), "/lender/sign-in");
        desk.nothing_is_there().await;
    }

    async fn others_papers_are_unknown(db) {
        let mut desk = Desk::on(&db).await;
        desk.script("credit", paper("a.pdf", &pdf("x"))).await;
        let id = ids(&desk.list().await).remove(0);
        let stranger = desk.office.org(OrganisationKind::Retail, None).await;
        let mut cat = desk.office.desk(&stranger, "cat", Role::Admin).await;
        let mut olaf = desk.office.desk(&desk.lender, "olaf", Role::LoanOfficer).await;
        for tab in [&mut cat, &mut olaf] {
            for rest in ["", "/download", "/remove"] {
                let unknown = tab.page(&format!("/lender/documents/ZZZZ0000{rest}"), 404).await;
                let foreign = tab.page(&format!("/lender/documents/{id}{rest}"), 404).await;
                assert_eq!(foreign.replace(&id, "ZZZZ0000"), unknown, "{rest}");
            }
            let token = tab.token("/lender/account").await;
            let fields = [("form_token".to_owned(), token.clone()), ("doc[]".to_owned(), id.clone())];
            for path in [format!("/lender/documents/{id}/remove"), format!("{}/zip", desk.path)] {
                assert_eq!(tab.post(&path, &fields).await.status.as_u16(), 404, "{path}");
            }
            let parts = [Part::text("filing", "credit"), paper("a.pdf", &pdf("y"))];
            let answer = tab.parts(&format!("{}/upload", desk.path), &parts, Some(&token)).await;
            assert_eq!(answer.status.as_u16(), 404, "{}", answer.text());
        }
        // A zip holds papers of its loan only.
        let other = loan(&desk.office, &desk.lender, "B", "Tam", "olive@example.com").await;
        let fields = [("form_token".to_owned(), desk.token.clone()), ("doc[]".to_owned(), id)];
        let answer = desk.ada.post(&format!("/lender/loans/{other}/documents/zip"), &fields).await;
        assert_eq!(answer.status.as_u16(), 404);
        assert_eq!(desk.office.rows("loan_document").await, 1);
    }
}
