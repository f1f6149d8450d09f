//! The list readers: objects, texts and choices, each with a bound on length.

use super::{Read, Reader, scalar};
use crate::error::LenderError;
use serde_json::Value;

/// How a list field is refused: differently when it is required.
type Refuse = fn(&str) -> LenderError;

/// Whether one bare scalar may stand for a list of one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bare {
    Refused,
    Taken,
}

impl<'a> Reader<'a> {
    /// A required list of at most `max` objects. It may be empty; what that means is the caller's
    /// rule (see [`Reader::filled_list`]).
    pub fn list(&self, name: &str, max: usize) -> Read<Vec<Reader<'a>>> {
        match self.value(name) {
            Some(value) => self.objects(name, value, max, LenderError::missing),
            None => Err(LenderError::missing(&self.path(name))),
        }
    }

    /// A required list of one to `max` objects; an empty one is "cannot be empty".
    pub fn filled_list(&self, name: &str, max: usize) -> Read<Vec<Reader<'a>>> {
        let items = self.list(name, max)?;
        if items.is_empty() {
            Err(LenderError::empty(&self.path(name)))
        } else {
            Ok(items)
        }
    }

    /// An optional list of at most `max` objects.
    pub fn opt_list(&self, name: &str, max: usize) -> Read<Option<Vec<Reader<'a>>>> {
        let value = self.value(name);
        value
            .map(|value| self.objects(name, value, max, LenderError::invalid))
            .transpose()
    }

    fn objects(
        &self,
        name: &str,
        value: &'a Value,
        max: usize,
        refuse: Refuse,
    ) -> Read<Vec<Reader<'a>>> {
        let path = self.path(name);
        let items = value.as_array().filter(|items| items.len() <= max);
        let items = items.ok_or_else(|| refuse(&path))?;
        let object = |(index, item): (usize, &'a Value)| {
            let path = format!("{path}[{index}]");
            Reader::at(item, path.clone()).ok_or_else(|| refuse(&path))
        };
        items.iter().enumerate().map(object).collect()
    }

    /// A required list of at most `max` texts of at most `max_len` characters.
    pub fn list_of_text(&self, name: &str, max: usize, max_len: usize) -> Read<Vec<String>> {
        self.req_scalars(name, max, Bare::Refused, |v| scalar::text(v, max_len))
    }

    /// An optional list of texts.
    pub fn opt_list_of_text(
        &self,
        name: &str,
        max: usize,
        max_len: usize,
    ) -> Read<Option<Vec<String>>> {
        self.opt_scalars(name, max, Bare::Refused, |v| scalar::text(v, max_len))
    }

    /// A required text, or a list of them.
    pub fn text_or_list(&self, name: &str, max: usize, max_len: usize) -> Read<Vec<String>> {
        self.req_scalars(name, max, Bare::Taken, |v| scalar::text(v, max_len))
    }

    /// An optional text, or a list of them.
    pub fn opt_text_or_list(
        &self,
        name: &str,
        max: usize,
        max_len: usize,
    ) -> Read<Option<Vec<String>>> {
        self.opt_scalars(name, max, Bare::Taken, |v| scalar::text(v, max_len))
    }

    /// A required choice, or a list of them.
    pub fn enum_or_list<T: Copy>(
        &self,
        name: &str,
        max: usize,
        table: &[(&str, T)],
    ) -> Read<Vec<T>> {
        self.req_scalars(name, max, Bare::Taken, |v| scalar::choice(v, table))
    }

    /// An optional choice, or a list of them.
    pub fn opt_enum_or_list<T: Copy>(
        &self,
        name: &str,
        max: usize,
        table: &[(&str, T)],
    ) -> Read<Option<Vec<T>>> {
        self.opt_scalars(name, max, Bare::Taken, |v| scalar::choice(v, table))
    }

    fn req_scalars<T>(
        &self,
        name: &str,
        max: usize,
        bare: Bare,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Read<Vec<T>> {
        let path = self.path(name);
        match self.value(name) {
            Some(value) => scalars(&path, listed(value, max, bare), LenderError::missing, read),
            None => Err(LenderError::missing(&path)),
        }
    }

    fn opt_scalars<T>(
        &self,
        name: &str,
        max: usize,
        bare: Bare,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Read<Option<Vec<T>>> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let items = listed(value, max, bare);
        scalars(&self.path(name), items, LenderError::invalid, read).map(Some)
    }
}

/// The items of a list that is short enough, or the one bare value.
fn listed(value: &Value, max: usize, bare: Bare) -> Option<&[Value]> {
    match value {
        Value::Array(items) => (items.len() <= max).then_some(items.as_slice()),
        Value::String(_) | Value::Number(_) if bare == Bare::Taken => {
            Some(std::slice::from_ref(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            None
        }
    }
}

/// Reads each item; a blank or unreadable one is refused by its own path.
fn scalars<T>(
    path: &str,
    items: Option<&[Value]>,
    refuse: Refuse,
    read: impl Fn(&Value) -> Option<T>,
) -> Read<Vec<T>> {
    let items = items.ok_or_else(|| refuse(path))?;
    let blank = |item: &Value| item.as_str().is_some_and(|text| text.trim().is_empty());
    let read_one = |(index, item): (usize, &Value)| {
        let scalar = if blank(item) { None } else { read(item) };
        scalar.ok_or_else(|| refuse(&format!("{path}[{index}]")))
    };
    items.iter().enumerate().map(read_one).collect()
}
