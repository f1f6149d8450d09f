//! The list readers: objects and texts, each with a bound on length.

use super::{Read, Reader, scalar};
use crate::error::LenderError;
use serde_json::Value;

/// How a list field is refused: differently when it is required.
type Refuse = fn(&str) -> LenderError;

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

    /// A required value, or a list of one to `max` of them, each read by `read`. A value that is
    /// refused is named with its place, unless it stands alone.
    pub(super) fn one_or_more<T>(
        &self,
        name: &str,
        max: usize,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Read<Vec<T>> {
        let path = self.path(name);
        let missing = || LenderError::missing(&path);
        match self.value(name).ok_or_else(missing)? {
            Value::Array(items) if items.is_empty() || items.len() > max => Err(missing()),
            Value::Array(items) => {
                let item = |(index, item)| {
                    read(item).ok_or_else(|| LenderError::missing(&format!("{path}[{index}]")))
                };
                items.iter().enumerate().map(item).collect()
            }
            value => Ok(vec![read(value).ok_or_else(missing)?]),
        }
    }

    /// One required choice or a list of at most `max`, spelled exactly as in the table.
    pub fn req_choices<T: Copy>(
        &self,
        name: &str,
        max: usize,
        table: &[(&str, T)],
    ) -> Read<Vec<T>> {
        self.one_or_more(name, max, |value| scalar::choice(value, table))
    }

    /// An optional list of at most `max` texts of at most `max_len` characters.
    pub fn opt_list_of_text(
        &self,
        name: &str,
        max: usize,
        max_len: usize,
    ) -> Read<Option<Vec<String>>> {
        let Some(value) = self.value(name) else {
            return Ok(None);
        };
        let path = self.path(name);
        let items = value.as_array().filter(|items| items.len() <= max);
        let items = items.ok_or_else(|| LenderError::invalid(&path))?;
        let text = |(index, item): (usize, &Value)| {
            let blank = item.as_str().is_some_and(|text| text.trim().is_empty());
            let text = if blank {
                None
            } else {
                scalar::text(item, max_len)
            };
            text.ok_or_else(|| LenderError::invalid(&format!("{path}[{index}]")))
        };
        items
            .iter()
            .enumerate()
            .map(text)
            .collect::<Read<_>>()
            .map(Some)
    }
}
