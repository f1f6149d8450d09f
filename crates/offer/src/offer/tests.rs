//! Offers as documents: what is read, and every mistake that is told.

use super::*;

const DEMO: &str = include_str!("../../../../data/demo_bank/offer.toml");

fn mistakes(text: &str) -> Vec<String> {
    let error = Offer::parse(text).unwrap_err();
    error
        .mistakes
        .into_iter()
        .map(|m| format!("{}: {}", m.path, m.what))
        .collect()
}

#[test]
fn the_demo_bank_is_whole() {
    let offer = Offer::parse(DEMO).unwrap();
    assert!(offer.bank().legal_name.contains("demonstração"));
    assert_eq!(offer.edition(), "2026-1");
    assert!(offer.branch(9).unwrap().retired);
    assert!(offer.branch(8).is_none());
    assert!(offer.scheme(99).unwrap().retired);
    assert_eq!(offer.schemes().len(), 8);
}

#[test]
fn every_mistake_is_told_with_its_path() {
    let wrong = DEMO
        .replace("nipc = \"500000000\"", "nipc = \"500000001\"")
        .replace("min_age = 18", "min_age = 17")
        .replace("per_mille = \"1.30\"", "per_mille = 1.30")
        .replace("kind = \"valuation\"", "kind = \"valuations\"")
        .replace("tenors = [3, 6, 12]", "tenors = [3, 5, 12]")
        .replace("\"works\", \"construction\"]", "\"works\", \"castle\"]")
        .replace(
            "{ product = \"card\", percent = \"0.10\" }",
            "{ product = \"boat\", percent = \"0.10\" }",
        )
        .replace("edition = \"2026-1\"", "editon = \"2026-1\"");
    let told = mistakes(&wrong);
    for path in [
        "edition: is missing",
        "editon: is not a name",
        "bank.nipc: ",
        "terms.min_age: ",
        "multi_risk.per_mille: must be written in quotes",
        "charge[1].kind: ",
        "scheme[0].variable.tenors: ",
        "scheme[3].loan_purposes[1]: ",
        "scheme[0].discounts[1].product: ",
    ] {
        assert!(
            told.iter().any(|line| line.starts_with(path)),
            "{path} in {told:#?}"
        );
    }
}

#[test]
fn figures_that_lead_nowhere_are_mistakes() {
    let told = mistakes(&DEMO.replace("{ percent = \"1.75\" },", "{ percent = \"0.10\" },"));
    assert!(
        told[0].contains("discounts would bring below 0"),
        "{told:?}"
    );
    let told = mistakes(&DEMO.replace("{ percent = \"1.75\" },", ""));
    assert!(told[0].contains("has no row"), "{told:?}");
    let told =
        mistakes(&DEMO.replace("max_utilisation_months = 24", "max_utilisation_months = 60"));
    assert!(told[0].contains("below min_term_months"), "{told:?}");
    let told = mistakes(&DEMO.replace(
        "amount = \"290\"",
        "amount = \"290\"\npercent_of_credit = \"1\"",
    ));
    assert!(told[0].starts_with("charge[0].amount"), "{told:?}");
}

#[test]
fn what_is_no_document_is_one_mistake() {
    assert_eq!(mistakes("a = [").len(), 1);
    assert!(mistakes(&" ".repeat(MAX_BYTES + 1))[0].contains("bytes"));
    assert!(
        mistakes("")
            .iter()
            .any(|line| line.starts_with("bank: is missing"))
    );
    let many: String = (0..300).map(|n| format!("unknown{n} = 1\n")).collect();
    assert!(mistakes(&many).len() <= crate::error::MOST);
}
