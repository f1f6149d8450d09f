//! Parts of drafts that companies and people share, read from the payload for the use cases to judge.

use lintel_domain::entry::Entry;
use lintel_domain::image::{ImageDraft, ImageSource};
use lintel_domain::license::LicenseDraft;

use crate::form::Reader;
use crate::names::people::IMAGE_FORMATS;

/// Most licences of one company or person that are looked at; there are 56 places to be licensed in.
const LICENSES_MAX: usize = 200;

/// Where a call about people says whose people they are.
pub const LENDER: &str = "company.lenderID";

/// `company.lenderID` as it was sent.
pub fn lender_id(data: &Reader<'_>) -> Entry<String> {
    member(data, "company", "lenderID")
}

/// A text of a group that need not be there.
pub fn member(data: &Reader<'_>, group: &str, name: &str) -> Entry<String> {
    match data.entry_object(group) {
        Entry::Given(group) => group.entry_text(name),
        Entry::Absent => Entry::Absent,
        Entry::Unreadable => Entry::Unreadable,
    }
}

/// A picture: absent, or with whatever is there of it. PHP writes an array without members for one
/// that is not there.
pub fn picture(reader: &Reader<'_>, name: &str) -> Option<ImageDraft> {
    let picture = match reader.entry_object(name) {
        Entry::Absent => return None,
        Entry::Given(picture) => picture,
        Entry::Unreadable => {
            return Some(ImageDraft {
                kind: Entry::Unreadable,
                source: None,
            });
        }
    };
    picture.members().next()?;
    // What is no text is no picture either, and is refused like none.
    let text = picture.entry_text("base64").given();
    Some(ImageDraft {
        kind: picture.entry_word("imageFormat", IMAGE_FORMATS),
        source: text.map(ImageSource::Base64),
    })
}

/// The licences: absent, or a list that may be empty.
pub fn licenses(reader: &Reader<'_>) -> Entry<Vec<LicenseDraft>> {
    let license = |license: &Reader<'_>| LicenseDraft {
        state: license.entry_text("state"),
        number: license.entry_text("licenseNum"),
    };
    match reader.entry_objects("licensing", LICENSES_MAX) {
        Entry::Given(list) => Entry::Given(list.iter().map(license).collect()),
        Entry::Absent => Entry::Absent,
        Entry::Unreadable => Entry::Unreadable,
    }
}
