//! Files that go with a letter.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A file that goes with a letter. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// What the file is called, without a folder.
    pub name: String,
    /// What it is, such as `application/pdf`.
    pub content_type: String,
    /// The file. Base64 where the letter is kept as JSON.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attachment")
    }
}

fn to_base64<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&STANDARD.encode(bytes))
}

fn from_base64<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(from)?;
    STANDARD
        .decode(text)
        .map_err(|_| de::Error::custom("no base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_none_is_shown() {
        let attachment = Attachment {
            name: "FINE.pdf".to_owned(),
            content_type: "application/pdf".to_owned(),
            bytes: (0..=255).collect(),
        };
        let json = serde_json::to_string(&attachment).expect("written");
        let back: Attachment = serde_json::from_str(&json).expect("read");
        assert_eq!(back, attachment);
        assert_eq!(format!("{attachment:?}"), "Attachment");
        assert!(serde_json::from_str::<Attachment>(&json.replace("AAEC", "!AEC")).is_err());
    }
}
