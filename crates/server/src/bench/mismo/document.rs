//! A large, legal application made from one of our own fixtures: four borrowers, and as many
//! assets, debts and expenses as it takes. Everybody in it is invented.

const FIXTURE: &str = include_str!("../../../../mismo/tests/fixtures/purchase-conventional.xml");

/// Borrowers an agency accepts.
const BORROWERS: usize = 4;

/// A document of at least so many bytes, at most one copy of the holdings more.
pub(super) fn of_size(bytes: usize) -> String {
    let party = within(FIXTURE, "<PARTIES>", "</PARTIES>");
    let party = &party[..party.find("</PARTY>").map_or(0, |at| at + "</PARTY>".len())];
    let lists = ["ASSETS", "EXPENSES", "LIABILITIES", "RELATIONSHIPS"]
        .map(|name| (name, within(FIXTURE, &open(name), &close(name))));
    let mut added = [const { String::new() }; 4];
    let mut parties = String::new();
    for copy in 1..BORROWERS {
        let person = party
            .replace("orla.quill@", &format!("orla.quill{copy}@"))
            .replace("900990001", &format!("90099000{}", copy + 1));
        parties.push_str(&relabelled(&person, copy));
    }
    let mut copy = 0_usize;
    let length = |parts: &[String]| parts.iter().map(String::len).sum::<usize>();
    while FIXTURE.len() + parties.len() + length(&added) < bytes {
        copy += 1;
        for ((name, text), added) in lists.iter().zip(&mut added) {
            for entry in text.split_inclusive('\n') {
                let is_persons =
                    entry.contains("COUNSELING_EVENT") || entry.contains("INCOME_ITEM");
                if *name != "RELATIONSHIPS" || !is_persons || copy < BORROWERS {
                    added.push_str(&relabelled(entry, copy));
                }
            }
        }
    }
    let mut whole = FIXTURE
        .replacen("</PARTY>", &format!("</PARTY>{parties}"), 1)
        .replace("<BorrowerCount>1<", &format!("<BorrowerCount>{BORROWERS}<"));
    for ((name, _), added) in lists.iter().zip(&added) {
        whole = whole.replacen(&close(name), &format!("{added}{}", close(name)), 1);
    }
    whole
}

fn open(name: &str) -> String {
    format!("<{name}>")
}

fn close(name: &str) -> String {
    format!("</{name}>")
}

/// What stands between two marks; nothing when they are not there.
fn within<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).map_or(text.len(), |at| at + start.len());
    let rest = text.get(from..).unwrap_or("");
    rest.split(end).next().unwrap_or("")
}

/// The same with labels of its own; people keep theirs up to the fourth and share them after that.
fn relabelled(text: &str, copy: usize) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("xlink:") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let Some((head, value, tail)) = attribute(from) else {
            break;
        };
        out.push_str(head);
        let is_person = [
            "BORROWER_",
            "EMPLOYER_",
            "CURRENT_INCOME_ITEM_",
            "COUNSELING_EVENT_",
        ]
        .iter()
        .any(|start| value.starts_with(start));
        let is_shared = value.starts_with("HOUSING_") || head.starts_with("xlink:arcrole");
        match (is_shared, if is_person { copy % BORROWERS } else { copy }) {
            (true, _) | (false, 0) => out.push_str(value),
            (false, copy) => out.push_str(&format!("{value}_{copy}")),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `name="` and the value and the rest of a text that begins with an attribute.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.find('"')? + 1;
    let end = start + text.get(start..)?.find('"')?;
    Some((text.get(..start)?, text.get(start..end)?, text.get(end..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lintel_mismo::{Limits, Severity, read_str};

    #[test]
    fn the_large_document_is_a_good_one() {
        let text = of_size(250_000);
        assert!((250_000..260_000).contains(&text.len()), "{}", text.len());
        let import = read_str(&text, &Limits::default()).unwrap();
        assert!(
            import.findings.iter().all(|f| f.severity == Severity::Note),
            "{:#?}",
            import.findings
        );
        let loan = &import.application;
        assert_eq!(loan.borrowers.len(), BORROWERS);
        assert!(loan.assets.len() > 100 && loan.liabilities.len() > 100);
        assert!(loan.assets.iter().all(|asset| asset.owners.len() == 1));
        assert!(
            loan.borrowers
                .iter()
                .all(|who| who.incomes[0].employment.is_some())
        );
    }
}
