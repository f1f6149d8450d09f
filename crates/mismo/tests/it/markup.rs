//! Finding places in a document's text, for making mistakes there.

/// Numbers by chance, the same every time.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % bound.max(1)
    }
}

/// Where the value of the nth element of a name stands, whatever its prefix.
pub fn value_at(text: &str, element: &str, nth: usize) -> Option<(usize, usize)> {
    let tag = format!("{element}>");
    let starts = text.match_indices(&tag).filter(|(at, _)| {
        let before = text[..*at].chars().next_back();
        let opening = text[..*at].rfind('<').map_or("", |open| &text[open..*at]);
        matches!(before, Some('<' | ':')) && !opening.starts_with("</")
    });
    let (at, _) = starts.into_iter().nth(nth)?;
    let from = at + tag.len();
    Some((from, from + text[from..].find('<')?))
}

/// The document with another value there.
pub fn value_set(text: &str, element: &str, nth: usize, value: &str) -> Option<String> {
    let (from, to) = value_at(text, element, nth)?;
    Some(format!("{}{value}{}", &text[..from], &text[to..]))
}

/// One of the values of an element, by chance.
pub fn any_value_set(dice: &mut Dice, text: &str, element: &str, value: &str) -> Option<String> {
    let count = (0..)
        .take_while(|nth| value_at(text, element, *nth).is_some())
        .count();
    value_set(text, element, dice.below(count), value)
}

pub fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    text.contains(old).then(|| text.replacen(old, new, 1))
}

/// The prefix a document writes before the standard's names.
pub fn prefix(text: &str) -> &'static str {
    if text.contains("<mismo:LOANS") {
        "mismo:"
    } else {
        ""
    }
}

/// Puts markup before an end tag.
pub fn before_end(text: &str, element: &str, markup: &str) -> Option<String> {
    let end = format!("</{}{element}>", prefix(text));
    replaced(text, &end, &format!("{markup}{end}"))
}

/// The whole of the nth element of a name that has no element of its name inside.
pub fn whole<'t>(text: &'t str, element: &str, nth: usize) -> Option<&'t str> {
    let name = format!("{}{element}", prefix(text));
    let open = format!("<{name}");
    let opens = text.match_indices(&open).map(|(at, _)| at);
    let ends = |at: &usize| matches!(text.as_bytes().get(at + 1 + name.len()), Some(b'>' | b' '));
    let from = opens
        .collect::<Vec<_>>()
        .into_iter()
        .filter(ends)
        .nth(nth)?;
    let close = format!("</{name}>");
    let to = from + text[from..].find(&close)? + close.len();
    Some(&text[from..to])
}

pub fn party_of_borrower(text: &str) -> Option<&str> {
    (0..12)
        .filter_map(|nth| whole(text, "PARTY", nth))
        .find(|party| party.contains("BORROWER>") || party.contains("BORROWER "))
}

pub const STANDARD: &str = "http://www.mismo.org/residential/2009/schemas";

pub fn without_root(text: &str) -> usize {
    text.find("<MESSAGE")
        .or_else(|| text.find("<mismo:MESSAGE"))
        .or_else(|| text.find("<DEAL"))
        .unwrap_or(0)
}

pub fn arc_end(dice: &mut Dice, text: &str) -> Option<(usize, usize)> {
    let arcs = text.find("RELATIONSHIPS>")?;
    let ends: Vec<usize> = text[arcs..]
        .match_indices(":to=\"")
        .map(|(at, mark)| arcs + at + mark.len())
        .collect();
    let from = *ends.get(dice.below(ends.len()))?;
    Some((from, from + text[from..].find('"')?))
}
