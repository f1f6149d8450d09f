//! Branches: the places an organisation works from.

use crate::contact;
use crate::id::{PublicId, RowId};
use crate::license::StateCode;
use crate::refusal::{BranchField, Rule};

/// Longest name, street, city.
const LINE_MAX_CHARS: usize = 200;

/// A branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Row id.
    pub id: RowId,
    /// Whose.
    pub org_id: RowId,
    /// The `branchID` partners see.
    pub public_id: PublicId,
    /// What is known about it.
    pub facts: BranchFacts,
    /// Off means: nobody can be put there and it is in no list for partners.
    pub is_active: bool,
}

/// What is known about a branch, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BranchFacts {
    /// Name.
    pub name: String,
    /// Street and house number.
    pub street: Option<String>,
    /// Second line of the address.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State: two letters.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Telephone, as [`contact::phone`] stores it.
    pub phone: Option<String>,
    /// Registry number of the branch.
    pub nmls: Option<String>,
}

/// A branch as somebody filled it in. Blank counts as absent; only the name is needed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BranchDraft {
    /// Name.
    pub name: Option<String>,
    /// Street and house number.
    pub street: Option<String>,
    /// Second line of the address.
    pub unit: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State: two letters.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Registry number of the branch.
    pub nmls: Option<String>,
}

impl From<&BranchFacts> for BranchDraft {
    /// As a form shows it.
    fn from(facts: &BranchFacts) -> Self {
        let BranchFacts {
            name,
            street,
            unit,
            city,
            state,
            postal_code,
            phone,
            nmls,
        } = facts.clone();
        Self {
            name: Some(name),
            street,
            unit,
            city,
            state,
            postal_code,
            phone,
            nmls,
        }
    }
}

impl BranchDraft {
    /// Reads the draft and says everything that is wrong with it.
    ///
    /// # Errors
    /// Every mistake, in the order of the fields.
    pub fn check(&self) -> Result<BranchFacts, Vec<(BranchField, Rule)>> {
        let mut mistakes = Vec::new();
        if is_blank(self.name.as_deref()) {
            mistakes.push((BranchField::Name, Rule::Missing));
        }
        let line = |text: &str| contact::line(text, LINE_MAX_CHARS);
        let state = |text: &str| StateCode::parse(text.trim()).map(|s| s.as_str().to_owned());
        let mut read = |field, text: &Option<String>, read: &dyn Fn(&str) -> Option<String>| {
            let text = text.as_deref().filter(|text| !text.trim().is_empty())?;
            let value = read(text);
            if value.is_none() {
                mistakes.push((field, Rule::Malformed));
            }
            value
        };
        let facts = BranchFacts {
            name: read(BranchField::Name, &self.name, &line).unwrap_or_default(),
            street: read(BranchField::Street, &self.street, &line),
            unit: read(BranchField::Unit, &self.unit, &line),
            city: read(BranchField::City, &self.city, &line),
            state: read(BranchField::State, &self.state, &state),
            postal_code: read(
                BranchField::PostalCode,
                &self.postal_code,
                &contact::postal_code,
            ),
            phone: read(BranchField::Phone, &self.phone, &contact::phone),
            nmls: read(BranchField::Nmls, &self.nmls, &contact::nmls),
        };
        if mistakes.is_empty() {
            Ok(facts)
        } else {
            Err(mistakes)
        }
    }
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_name_is_enough() {
        let draft = BranchDraft {
            name: some(" Harbor branch "),
            state: some("  "),
            ..BranchDraft::default()
        };
        let facts = draft.check().expect("good");
        assert_eq!(facts.name, "Harbor branch");
        assert_eq!(facts.state, None);
        assert_eq!(BranchDraft::from(&facts).check(), Ok(facts));
    }

    #[test]
    fn every_mistake_is_named() {
        let draft = BranchDraft {
            name: None,
            street: some("a\nb"),
            unit: some(&"x".repeat(201)),
            city: some("Bremerton"),
            state: some("XX"),
            postal_code: some("1234"),
            phone: some("12"),
            nmls: some("12a"),
        };
        let fields: Vec<_> = draft.check().expect_err("bad");
        assert_eq!(
            fields,
            [
                (BranchField::Name, Rule::Missing),
                (BranchField::Street, Rule::Malformed),
                (BranchField::Unit, Rule::Malformed),
                (BranchField::State, Rule::Malformed),
                (BranchField::PostalCode, Rule::Malformed),
                (BranchField::Phone, Rule::Malformed),
                (BranchField::Nmls, Rule::Malformed),
            ]
        );
    }
}
