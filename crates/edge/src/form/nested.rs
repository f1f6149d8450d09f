//! Bracket names (`data[search][zip]`, `list[]`, `rows[0][rate]`) built into nested values.

use super::{DEEPEST_NAME, LONGEST_NAME, MOST_NAMES};
use crate::body::BodyError;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Collects named texts and builds them into one map. Bounded in names, depth and name length.
#[derive(Debug, Default)]
pub(crate) struct Nest {
    root: Branches,
    names: usize,
}

/// The branches of one array in PHP's sense: a map that remembers order and its next free index.
#[derive(Debug, Default)]
struct Branches {
    items: Vec<(String, Branch)>,
    positions: HashMap<String, usize>,
    next_index: usize,
}

#[derive(Debug)]
enum Branch {
    Leaf(String),
    Array(Branches),
}

impl Nest {
    /// Adds one field; a later one of the same name replaces it.
    pub(crate) fn insert(&mut self, name: &str, text: String) -> Result<(), BodyError> {
        if name.len() > LONGEST_NAME {
            let what = format!("a field name is longer than {LONGEST_NAME} bytes");
            return Err(BodyError::BadForm(what));
        }
        let (first, steps) = split(name);
        if steps.len() > DEEPEST_NAME {
            return Err(BodyError::TooDeep);
        }
        // Every step may make an array, so steps are counted like fields.
        self.names += 1 + steps.len();
        if self.names > 2 * MOST_NAMES {
            return Err(BodyError::TooManyFields);
        }
        self.root.insert(first, &steps, text);
        Ok(())
    }

    pub(crate) fn finish(self) -> Map<String, Value> {
        self.root
            .items
            .into_iter()
            .map(|(name, branch)| (name, branch.into_value()))
            .collect()
    }
}

/// Splits `a[b][]` into `a` and `[b, ""]`. A name whose brackets are not in order is a plain name.
pub(crate) fn split(name: &str) -> (&str, Vec<&str>) {
    let plain = (name, Vec::new());
    let Some(open) = name.find('[').filter(|open| *open > 0) else {
        return plain;
    };
    let (first, mut rest) = name.split_at(open);
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let Some((step, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) else {
            return plain;
        };
        steps.push(step);
        rest = after;
    }
    (first, steps)
}

impl Branches {
    /// The position of `key`; an empty key is the next free index, as in PHP.
    fn position(&mut self, key: &str) -> usize {
        let key = if key.is_empty() {
            self.next_index.to_string()
        } else {
            key.to_owned()
        };
        if let Some(index) = index(&key) {
            self.next_index = self.next_index.max(index.saturating_add(1));
        }
        match self.positions.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                self.items
                    .push((entry.key().clone(), Branch::Leaf(String::new())));
                *entry.insert(self.items.len() - 1)
            }
        }
    }

    fn insert(&mut self, key: &str, steps: &[&str], text: String) {
        let position = self.position(key);
        let branch = &mut self.items[position].1;
        let Some((step, deeper)) = steps.split_first() else {
            *branch = Branch::Leaf(text);
            return;
        };
        if matches!(branch, Branch::Leaf(_)) {
            *branch = Branch::Array(Branches::default());
        }
        if let Branch::Array(branches) = branch {
            branches.insert(step, deeper, text);
        }
    }

    /// An array whose keys are exactly 0..n becomes a list, in the order of its indices.
    fn into_value(self) -> Value {
        let count = self.items.len();
        let indices: Option<Vec<usize>> = self
            .items
            .iter()
            .map(|(key, _)| index(key).filter(|i| *i < count))
            .collect();
        let Some(indices) = indices else {
            let items = self
                .items
                .into_iter()
                .map(|(key, branch)| (key, branch.into_value()));
            return Value::Object(items.collect());
        };
        // Keys are distinct and below n, so each place is filled exactly once.
        let mut list = vec![Value::Null; count];
        for (index, (_, branch)) in indices.into_iter().zip(self.items) {
            list[index] = branch.into_value();
        }
        Value::Array(list)
    }
}

impl Branch {
    fn into_value(self) -> Value {
        match self {
            Self::Leaf(text) => Value::String(text),
            Self::Array(branches) => branches.into_value(),
        }
    }
}

/// An index in its only spelling: `0`, `7`, `12`, but not `07` or `+7`.
fn index(key: &str) -> Option<usize> {
    let plain = key.bytes().all(|b| b.is_ascii_digit()) && (key == "0" || !key.starts_with('0'));
    plain.then(|| key.parse().ok()).flatten()
}
