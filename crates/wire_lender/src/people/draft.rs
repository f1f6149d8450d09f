//! `users` of `/add-users` and `/broker-setup-url`.

use lintel_domain::entry::Entry;
use lintel_domain::license::LicenseDraft;
use lintel_domain::staff::PersonDraft;

use crate::draft::{licenses, picture};
use crate::error::LenderError;
use crate::form::Reader;
use crate::names::people::parse_roles;

/// Most people of one request that are looked at.
pub const PEOPLE_MAX: usize = 1000;
/// Most branches of one person that are looked at.
const BRANCHES_MAX: usize = 200;

/// The people of a request, in its order; none when the list is absent.
pub fn people(data: &Reader<'_>) -> Result<Vec<PersonDraft>, LenderError> {
    match data.entry_objects("users", PEOPLE_MAX) {
        Entry::Absent => Ok(Vec::new()),
        Entry::Given(people) => Ok(people.iter().map(person).collect()),
        Entry::Unreadable => Err(LenderError::missing("users")),
    }
}

/// A text that nothing in the domain accepts, because no name, number or address holds it: stands for
/// a list, an object or a flag where a text belongs.
const UNREADABLE: &str = "\u{0}";

fn person(reader: &Reader<'_>) -> PersonDraft {
    let text = |name: &str| text_of(reader.entry_text(name));
    PersonDraft {
        uid: text("userUID"),
        timezone: text("timezone"),
        headshot: picture(reader, "headshot"),
        first_name: text("firstName"),
        preferred_name: text("firstNamePreferred"),
        // Not in the text, which puts it behind the first name; answers have it.
        middle_name: text("middleName"),
        last_name: text("lastName"),
        phone: text("phonePrimary"),
        phone_extension: text("phoneExtension"),
        email: text("email"),
        roles: reader.entry_as("role", parse_roles),
        nmls: text("loanOfficer_nmls"),
        los_id: None,
        primary_branch: text("primaryBranchID"),
        secondary_branches: match reader.entry_texts("secondaryBranchIDs", BRANCHES_MAX) {
            Entry::Absent => None,
            Entry::Given(branches) => Some(branches),
            Entry::Unreadable => Some(vec![UNREADABLE.to_owned()]),
        },
        licenses: match licenses(reader) {
            Entry::Absent => None,
            Entry::Given(licenses) => Some(licenses),
            Entry::Unreadable => Some(vec![LicenseDraft {
                state: Entry::Unreadable,
                number: Entry::Unreadable,
            }]),
        },
        is_assignable: None,
        wants_mail: None,
    }
}

fn text_of(entry: Entry<String>) -> Option<String> {
    match entry {
        Entry::Absent => None,
        Entry::Given(text) => Some(text),
        Entry::Unreadable => Some(UNREADABLE.to_owned()),
    }
}
