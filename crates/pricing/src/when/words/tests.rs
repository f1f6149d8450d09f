//! Words of names, edges and steps.

use super::*;

#[test]
fn a_rules_name_stands_inside_the_sentence() {
    for (name, sentence) in [
        ("Second home", "no for second home"),
        ("second home", "no for second home"),
        ("FHA minimum score", "no for FHA minimum score"),
        ("HomeReady income", "no for HomeReady income"),
        ("New York rules", "no for New York rules"),
        ("Cash-out refinance", "no for cash-out refinance"),
        ("2-4 units", "no for 2-4 units"),
        ("A", "no for A"),
        ("Éire", "no for Éire"),
        ("  ", "no"),
    ] {
        assert_eq!(named("no", name), sentence);
    }
}

#[test]
fn edges_of_steps_and_bands_are_said_as_they_fail() {
    let step = |at_least, below| Some(Step { at_least, below });
    assert_eq!(
        whole_failure("score", step(Some(620), None), Some(620)),
        None
    );
    let low = whole_failure("score", step(Some(620), None), Some(619));
    assert_eq!(low.unwrap(), "score 619 < 620");
    let high = whole_failure("units", step(None, Some(3)), Some(3));
    assert_eq!(high.unwrap(), "units 3 > 2");
    let unknown = whole_failure("score", step(Some(1), None), None);
    assert_eq!(unknown.unwrap(), "score not known");
    let band = Some(Band {
        over: Some(30),
        up_to: Some(60),
    });
    let say = |sign: &str, edge: u32| format!("{sign} {edge}");
    assert_eq!(beyond(band, 30, say).unwrap(), "<= 30");
    assert_eq!(beyond(band, 61, say).unwrap(), "> 60");
    assert_eq!(beyond(band, 31, say), None);
}
