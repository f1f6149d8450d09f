//! Ids as texts and instants as microseconds, as notices are kept.

/// An id.
pub(super) mod id {
    use lintel_domain::id::RowId;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in crate::notice) fn serialize<S: Serializer>(
        id: &RowId,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(id.as_str())
    }

    pub(in crate::notice) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<RowId, D::Error> {
        String::deserialize(from).map(RowId::new)
    }
}

/// An id, or none.
pub(super) mod id_if_any {
    use lintel_domain::id::RowId;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(in crate::notice) fn serialize<S: Serializer>(
        id: &Option<RowId>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        id.as_ref().map(RowId::as_str).serialize(to)
    }

    pub(in crate::notice) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<RowId>, D::Error> {
        Ok(Option::<String>::deserialize(from)?.map(RowId::new))
    }
}

/// An instant.
pub(super) mod at {
    use lintel_domain::id::Instant;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(in crate::notice) fn serialize<S: Serializer>(
        at: &Instant,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.micros())
    }

    pub(in crate::notice) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Instant, D::Error> {
        i64::deserialize(from).map(Instant::from_micros)
    }
}
