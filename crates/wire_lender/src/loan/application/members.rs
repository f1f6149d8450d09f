//! Lists and structs on their way into a tree.

use serde::Serialize;
use serde::ser::{SerializeSeq, SerializeStruct};

use super::error::Unwritable;
use super::named;
use super::scalar::{Unit, Writer};
use crate::tree::{Name, Node};

/// The items of a list.
#[derive(Default)]
pub struct Items(Vec<Node>);

impl SerializeSeq for Items {
    type Ok = Option<Node>;
    type Error = Unwritable;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        let item = value.serialize(Writer(Unit::Plain))?;
        self.0.push(item.unwrap_or_default());
        Ok(())
    }

    fn end(self) -> Result<Option<Node>, Unwritable> {
        // An empty list says no more than its absence.
        Ok(Some(self.0)
            .filter(|items| !items.is_empty())
            .map(Node::List))
    }
}

/// The members of a struct that are there.
#[derive(Default)]
pub struct Members(Vec<(Name, Node)>);

impl SerializeStruct for Members {
    type Ok = Option<Node>;
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        let (name, unit) = named(key);
        if let Some(node) = value.serialize(Writer(unit))? {
            self.0.push((Name::Owned(name), node));
        }
        Ok(())
    }

    fn end(self) -> Result<Option<Node>, Unwritable> {
        Ok(Some(self.0)
            .filter(|members| !members.is_empty())
            .map(Node::Object))
    }
}
