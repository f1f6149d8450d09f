//! The registry of error codes as a list.

use crate::codes;
use crate::language::Language;
use crate::names;
use crate::write::{Object, Value, list};

/// Every code, with the field it is about as a request spells it.
pub(super) fn all(language: Language) -> Value {
    list(codes::registry().map(|entry| {
        let name = names::of(entry.field);
        let field = language.of(name.pt, name.en);
        Object::new()
            .with("id", entry.id)
            .with("code", format!("{:06}", entry.id))
            .with(
                "description",
                format!("{field}: {}.", entry.kind.said(language)),
            )
            .with("isActive", true)
            .with("field", name.path)
    }))
}
