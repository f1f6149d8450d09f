//! Single values on their way into a tree.

use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use serde::ser::Impossible;
use serde::{Serialize, Serializer};

use super::camel;
use super::error::Unwritable;
use super::members::{Items, Members};
use crate::tree::Node;

/// What a whole number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Itself.
    Plain,
    /// Cents: shown in dollars.
    Cents,
    /// Billionths of a percent: shown in percent.
    Pct,
    /// A sensitive text: shown shortened.
    Secret,
}

/// Writes one value; what is absent becomes `None`.
pub struct Writer(pub Unit);

/// Name serde knows `lintel_domain::application::sensitive::Sensitive` by.
const SENSITIVE: &str = "Sensitive";
/// Characters of a sensitive value that are shown.
const SHOWN: usize = 4;

type Written = Result<Option<Node>, Unwritable>;

/// `900123456` as `*****3456`. What is too short to leave something out shows nothing.
fn shortened(text: &str) -> String {
    let count = text.chars().count();
    let hidden = if count >= 2 * SHOWN {
        count - SHOWN
    } else {
        count
    };
    let shown = text.chars().skip(hidden);
    std::iter::repeat_n('*', hidden).chain(shown).collect()
}

impl Writer {
    fn whole(&self, number: i64) -> Node {
        match self.0 {
            Unit::Plain => Node::Int(number),
            Unit::Cents => Node::text(Cents::new(number).to_string()),
            Unit::Pct => Node::text(Pct::new(number).to_string()),
            Unit::Secret => Node::text(shortened(&number.to_string())),
        }
    }
}

impl Serializer for Writer {
    type Ok = Option<Node>;
    type Error = Unwritable;
    type SerializeSeq = Items;
    type SerializeTuple = Impossible<Option<Node>, Unwritable>;
    type SerializeTupleStruct = Impossible<Option<Node>, Unwritable>;
    type SerializeTupleVariant = Impossible<Option<Node>, Unwritable>;
    type SerializeMap = Impossible<Option<Node>, Unwritable>;
    type SerializeStruct = Members;
    type SerializeStructVariant = Impossible<Option<Node>, Unwritable>;

    fn serialize_bool(self, v: bool) -> Written {
        Ok(Some(Node::Bool(v)))
    }

    fn serialize_i8(self, v: i8) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_i16(self, v: i16) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_i32(self, v: i32) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_i64(self, v: i64) -> Written {
        Ok(Some(self.whole(v)))
    }

    fn serialize_u8(self, v: u8) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_u16(self, v: u16) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_u32(self, v: u32) -> Written {
        Ok(Some(self.whole(v.into())))
    }

    fn serialize_u64(self, v: u64) -> Written {
        let v = i64::try_from(v).map_err(|_| Unwritable)?;
        Ok(Some(self.whole(v)))
    }

    fn serialize_f32(self, _: f32) -> Written {
        Err(Unwritable)
    }

    fn serialize_f64(self, _: f64) -> Written {
        Err(Unwritable)
    }

    fn serialize_char(self, v: char) -> Written {
        self.serialize_str(&v.to_string())
    }

    fn serialize_str(self, v: &str) -> Written {
        Ok(Some(Node::text(match self.0 {
            Unit::Secret => shortened(v),
            Unit::Plain | Unit::Cents | Unit::Pct => v.to_owned(),
        })))
    }

    fn serialize_bytes(self, _: &[u8]) -> Written {
        Err(Unwritable)
    }

    fn serialize_none(self) -> Written {
        Ok(None)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        Ok(None)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        Ok(None)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        Ok(Some(Node::text(camel(variant, true))))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Written {
        if name == SENSITIVE {
            return value.serialize(Self(Unit::Secret));
        }
        value.serialize(self)
    }

    /// A word no list knows: the document's own.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Written {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Unwritable> {
        Ok(Items::default())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Members, Unwritable> {
        Ok(Members::default())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_show_four_characters_of_eight_or_more() {
        assert_eq!(shortened("900123456"), "*****3456");
        assert_eq!(shortened("1234567"), "*******");
        assert_eq!(shortened("äöüßäöüß"), "****äöüß");
        assert_eq!(shortened(""), "");
    }
}
