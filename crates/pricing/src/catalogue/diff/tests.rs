//! What a change says about itself.

use super::*;
use crate::codec::{Parts, parse};

fn catalogue(part: Part, text: &str) -> Catalogue {
    parse(&Parts::from([(part, text.to_owned())])).unwrap_or_else(|found| panic!("{found:?}"))
}

fn told(part: Part, old: &str, new: &str) -> String {
    diff(&catalogue(part, old), &catalogue(part, new)).to_string()
}

const FEE: &str = "[[fee]]\nname=\"Appraisal\"\nposition=1\ntype=\"AppraisalFee\"\namount=575\n";

#[test]
fn a_changed_amount_is_told_in_words() {
    let new = FEE.replace("575", "600");
    let words = "fees: 1 changed\n  fee 'Appraisal': amount 575.00 -> 600.00\n";
    assert_eq!(told(Part::Fees, FEE, &new), words);
    assert_eq!(told(Part::Fees, FEE, FEE), "no changes\n");
}

#[test]
fn rows_come_go_and_change_places() {
    let other = FEE.replace("Appraisal\"", "Second\"");
    assert_eq!(
        told(Part::Fees, "", FEE),
        "fees: 1 added\n  fee 'Appraisal' added\n"
    );
    assert_eq!(
        told(Part::Fees, FEE, ""),
        "fees: 1 removed\n  fee 'Appraisal' removed\n"
    );
    let (first, second) = (format!("{FEE}{other}"), format!("{other}{FEE}"));
    assert_eq!(told(Part::Fees, &first, &second), "fees: another order\n");
    let twice = format!("{FEE}{FEE}");
    let words = told(Part::Fees, FEE, &twice);
    assert!(words.contains("(number 2 of that name) added"), "{words}");
}

#[test]
fn conditions_and_lists_are_told_by_their_keys() {
    let new = format!("{FEE}when.states = [\"CA\", \"NY\"]\nwhen.ltv = {{ over = 80 }}\n");
    let words = told(Part::Fees, FEE, &new);
    assert!(
        words.contains("when.ltv.over 80 added; when.states CA, NY added"),
        "{words}"
    );
    assert!(told(Part::Fees, &new, FEE).contains("when.states CA, NY removed"));
}

#[test]
fn a_changed_grid_counts_its_cells() {
    let grid = "[[adjustment]]\nname=\"g\"\ngrid=\"\"\"\nscore,points\n700,-1\nbelow,-2\n\"\"\"\n";
    let words = told(Part::Adjustments, grid, &grid.replace("-2", "-2.5"));
    assert!(
        words.contains("grid: 1 of 2 cells changed, at most by -0.5"),
        "{words}"
    );
    let words = told(Part::Adjustments, grid, &grid.replace("700", "720"));
    assert!(words.contains("grid: other bands"), "{words}");
}

#[test]
fn an_id_the_server_gave_is_no_change() {
    let product = "[[product]]\ncode=\"A\"\nname=\"A\"\nprogram=\"fha\"\nterm_years=30\n";
    let with_id = format!("{product}public_id=\"ABCD1234\"\n");
    assert_eq!(told(Part::Products, &with_id, product), "no changes\n");
    let other = with_id.replace("ABCD", "EFGH");
    assert!(told(Part::Products, &with_id, &other).contains("public_id ABCD1234 -> EFGH1234"));
}

#[test]
fn sheets_tell_how_far_prices_moved() {
    let sheets = |text: &str| {
        let text = format!("product,lock_days,rate,price,index,margin\n{text}");
        crate::codec::sheet::read_sheets(&text)
            .unwrap()
            .remove("A")
            .unwrap()
    };
    let old = sheets("A,30,6,99,,\nA,30,6.125,99.5,,\nA,30,6.25,100,,\n");
    let new = sheets("A,30,6,99,4,\nA,30,6.125,99.375,,\nA,30,6.375,100,,\n");
    let words = sheet_diff("A", Some(&old), &new).to_string();
    let wanted = "A: 3 rows, 1 added, 1 removed, 1 prices changed, max move 0.125, index none -> 4";
    assert_eq!(words, wanted);
    assert_eq!(
        sheet_diff("A", Some(&old), &old).to_string(),
        "A: 3 rows, no changes"
    );
    assert_eq!(
        sheet_diff("A", None, &old).to_string(),
        "A: 3 rows, a new sheet"
    );
}
