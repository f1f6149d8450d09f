//! The mail that takes an information sheet (FINE) to a borrower.

use lintel_app::message::{Attachment, MailDraft, MailKind, Mailbox};
use lintel_engine::date::Date;
use lintel_letters::escaped;
use lintel_papers::date;

/// What a mail with an information sheet says, in Portuguese as the sheet is.
#[derive(Debug)]
pub struct FineLetter<'a> {
    /// What the sheet is of, as it stands after "FINE": `da simulação`.
    pub of: &'a str,
    /// Its number.
    pub number: i64,
    /// The last day on which the sheet holds.
    pub last_day: Date,
    /// A sentence about what the sheet is worth.
    pub remark: Option<&'a str>,
    /// The bank's legal name.
    pub bank: &'a str,
    /// The sheet.
    pub pdf: Vec<u8>,
}

impl FineLetter<'_> {
    /// The mail to an address, sent by `actor`.
    #[must_use]
    pub fn draft(self, address: &str, actor: &str) -> MailDraft {
        let (of, number) = (self.of, self.number);
        let greeting = "Bom dia,".to_owned();
        let about = format!(
            "Em anexo encontra a Ficha de Informação Normalizada Europeia (FINE) {of} n.º {number}, \
             válida até {}.",
            date(self.last_day)
        );
        let remark = self.remark.map(str::to_owned);
        let lines = [
            Some(greeting),
            Some(about),
            remark,
            Some(self.bank.to_owned()),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        let html = lines
            .iter()
            .map(|line| format!("<p>{}</p>\n", escaped(line)));
        let to = Mailbox {
            name: String::new(),
            email: address.to_owned(),
        };
        let subject = format!("FINE {of} n.º {number}");
        let (text, html) = (lines.join("\n\n"), Some(html.collect()));
        let attachment = Attachment {
            name: format!("FINE-{number}.pdf"),
            content_type: "application/pdf".to_owned(),
            bytes: self.pdf,
        };
        MailDraft {
            attachments: vec![attachment],
            ..MailDraft::new(MailKind::Fine, to, subject, text, html, actor)
        }
    }
}
