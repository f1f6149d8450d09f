//! Readers for drafts: values that a use case judges, told apart into absent, unreadable and given.
//!
//! Nothing is refused here. Whether a value is needed, fits or is too long is a rule of the domain,
//! and so is the order in which mistakes are named; what only a reader can know is that a list stood
//! where a text belongs.

use lintel_domain::entry::Entry;
use lintel_domain::id::Instant;
use serde_json::Value;

use super::{Reader, scalar};

/// Latest second that is looked at: the end of the year 9999.
const TIME_MAX_S: i64 = 253_402_300_799;

impl<'a> Reader<'a> {
    /// An object that was not sent, for drafts of which every member is then absent.
    pub fn without_members(path: &str) -> Self {
        Self {
            members: None,
            path: path.to_owned(),
        }
    }

    fn entry<T>(&self, name: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Entry<T> {
        Entry::translated(self.value(name), read)
    }

    /// A text, trimmed, of any length; a number is taken by its digits.
    pub fn entry_text(&self, name: &str) -> Entry<String> {
        self.entry(name, plain_text)
    }

    /// A choice, spelled exactly as in the table.
    pub fn entry_word<T: Copy>(&self, name: &str, table: &[(&str, T)]) -> Entry<T> {
        self.entry(name, |value| scalar::choice(value, table))
    }

    /// A choice that `translate` knows.
    pub fn entry_as<T>(&self, name: &str, translate: impl FnOnce(&str) -> Option<T>) -> Entry<T> {
        self.entry(name, |value| translate(&plain_text(value)?))
    }

    /// A moment: seconds since 1970, or a day, which is its midnight UTC.
    pub fn entry_time(&self, name: &str) -> Entry<Instant> {
        self.entry(name, |value| match scalar::int(value, &(0..=TIME_MAX_S)) {
            Some(seconds) => Some(Instant::from_seconds(seconds)),
            None => scalar::date(value).map(scalar::start_of),
        })
    }

    /// A flag: 0, 1, true or false, as text or not.
    pub fn entry_bit(&self, name: &str) -> Entry<bool> {
        self.entry(name, scalar::bit)
    }

    /// An object.
    pub fn entry_object(&self, name: &str) -> Entry<Reader<'a>> {
        self.entry(name, |value| Self::at(value, self.path(name)))
    }

    /// At most `max` objects: a list, or what PHP makes of an array whose keys have gaps. An empty
    /// list is given, and empty.
    pub fn entry_objects(&self, name: &str, max: usize) -> Entry<Vec<Reader<'a>>> {
        let path = self.path(name);
        self.entry(name, |value| {
            let items = items(value, max)?.into_iter().enumerate();
            items
                .map(|(index, item)| Self::at(item, format!("{path}[{index}]")))
                .collect()
        })
    }

    /// Whether a member is a list, as JSON or as PHP's forms make one: its items have places.
    pub fn is_list(&self, name: &str) -> bool {
        self.members()
            .any(|(member, value)| member == name && (value.is_array() || value.is_object()))
    }

    /// At most `max` texts: a list, what PHP makes of one, or one text with commas between.
    pub fn entry_texts(&self, name: &str, max: usize) -> Entry<Vec<String>> {
        self.entry(name, |value| match value {
            Value::String(text) => {
                let parts = text.split(',').map(|part| part.trim().to_owned());
                let parts: Vec<String> = parts.take(max.saturating_add(1)).collect();
                (parts.len() <= max).then_some(parts)
            }
            value => items(value, max)?.into_iter().map(plain_text).collect(),
        })
    }
}

/// The items of a list, or of an object whose names are all numbers. An empty object is an empty
/// list: it is how a list without items looks when it was built as an object.
fn items(value: &Value, max: usize) -> Option<Vec<&Value>> {
    let items: Vec<&Value> = match value {
        Value::Array(items) if items.len() <= max => items.iter().collect(),
        Value::Object(members)
            if members.len() <= max && members.keys().all(|name| is_index(name)) =>
        {
            members.values().collect()
        }
        _ => return None,
    };
    Some(items)
}

/// Whether the name of a member is a place in a list.
pub fn is_index(name: &str) -> bool {
    (1..=9).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit())
}

fn plain_text(value: &Value) -> Option<String> {
    scalar::plain(value).map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn absent_unreadable_and_given_are_told_apart() {
        let data = json!({
            "text": " a ", "number": 1.50, "blank": "  ", "null": null, "list": ["a", 7], "yes": true,
            "commas": "a, b,,c", "word": "Broker", "odd": "broker",
        });
        let reader = Reader::new(&data);
        let given = |text: &str| Entry::Given(text.to_owned());
        assert_eq!(reader.entry_text("text"), given("a"));
        assert_eq!(reader.entry_text("number"), given("1.5"));
        for absent in ["blank", "null", "nothing"] {
            assert_eq!(reader.entry_text(absent), Entry::Absent, "{absent}");
            assert_eq!(reader.entry_bit(absent), Entry::Absent, "{absent}");
            assert_eq!(reader.entry_texts(absent, 9), Entry::Absent, "{absent}");
        }
        for unreadable in ["list", "yes"] {
            assert_eq!(reader.entry_text(unreadable), Entry::Unreadable);
        }
        assert_eq!(reader.entry_bit("yes"), Entry::Given(true));
        assert_eq!(reader.entry_bit("text"), Entry::Unreadable);
        let table = [("Broker", 1)];
        assert_eq!(reader.entry_word("word", &table), Entry::Given(1));
        assert_eq!(reader.entry_word("odd", &table), Entry::Unreadable);
        assert_eq!(reader.entry_word("list", &table), Entry::Unreadable);
        let texts = |texts: &[&str]| Entry::Given(texts.iter().map(|t| (*t).to_owned()).collect());
        assert_eq!(reader.entry_texts("list", 2), texts(&["a", "7"]));
        assert_eq!(reader.entry_texts("list", 1), Entry::Unreadable);
        assert_eq!(reader.entry_texts("commas", 4), texts(&["a", "b", "", "c"]));
        assert_eq!(reader.entry_texts("commas", 3), Entry::Unreadable);
    }

    #[test]
    fn lists_in_all_their_shapes() {
        let paths = |value: Value| {
            let data = json!({ "users": value });
            let reader = Reader::new(&data);
            match reader.entry_objects("users", 3) {
                Entry::Given(users) => Some(users.iter().map(|u| u.path("x")).collect::<Vec<_>>()),
                Entry::Absent => panic!("there is something"),
                Entry::Unreadable => None,
            }
        };
        assert_eq!(paths(json!([])).unwrap(), [""; 0]);
        assert_eq!(paths(json!({})).unwrap(), [""; 0]);
        assert_eq!(
            paths(json!([{}, []])).unwrap(),
            ["users[0].x", "users[1].x"]
        );
        assert_eq!(
            paths(json!({ "0": {}, "2": {} })).unwrap(),
            ["users[0].x", "users[1].x"]
        );
        for bad in [
            json!([{}, {}, {}, {}]),
            json!([1]),
            json!(["x"]),
            json!([[1]]),
            json!([null]),
            json!({ "userUID": "x" }),
            json!({ "-1": {} }),
            json!({ "0": "x" }),
            json!("x"),
            json!(7),
        ] {
            assert_eq!(paths(bad.clone()), None, "{bad}");
        }
    }
}
