//! Fields of forms, as templates write them: one look, one way to say what is wrong.

mod mistakes;

pub(crate) use mistakes::{MistakeView, Mistakes};

use serde::Serialize;

use crate::posted::Posted;

/// What a field is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// One line.
    Text,
    /// A mail address.
    Email,
    /// A secret.
    Password,
    /// A telephone number.
    Tel,
    /// An address of a site.
    Url,
    /// A day.
    Date,
    /// Several lines.
    Area,
    /// A colour.
    Color,
    /// A file.
    File,
    /// One of a list.
    Select,
    /// One of a few, all seen.
    Radios,
    /// Yes or no.
    Checkbox,
    /// Any of a few.
    Checks,
    /// Not seen.
    Hidden,
}

/// One of a field's choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// More about it.
    pub hint: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

impl Choice {
    /// A choice.
    pub(crate) fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: String::new(),
            is_chosen: false,
        }
    }

    /// Says more about it.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// A field with everything the page says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Field {
    kind: Kind,
    name: String,
    id: String,
    label: String,
    value: String,
    hint: String,
    error: String,
    autocomplete: &'static str,
    inputmode: &'static str,
    accept: &'static str,
    is_required: bool,
    is_checked: bool,
    max_chars: u32,
    choices: Vec<Choice>,
    width: &'static str,
}

/// The `id` of a field: its name without brackets.
pub(crate) fn id_of(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '_' {
            id.push(c);
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_end_matches('-').to_owned()
}

macro_rules! makers {
    ($($(#[$meta:meta])* $maker:ident = $kind:ident;)+) => {
        $(
            $(#[$meta])*
            pub(crate) fn $maker(name: &str, label: &str) -> Self {
                Self::new(Kind::$kind, name, label)
            }
        )+
    };
}

impl Field {
    fn new(kind: Kind, name: &str, label: &str) -> Self {
        Self {
            kind,
            id: id_of(name),
            name: name.to_owned(),
            label: label.to_owned(),
            value: String::new(),
            hint: String::new(),
            error: String::new(),
            autocomplete: "",
            inputmode: "",
            accept: "",
            is_required: false,
            is_checked: false,
            max_chars: 0,
            choices: Vec::new(),
            width: "full",
        }
    }

    makers! {
        /// One line.
        text = Text;
        /// A mail address.
        email = Email;
        /// A secret. Never filled again.
        password = Password;
        /// A telephone number.
        tel = Tel;
        /// An address of a site.
        url = Url;
        /// A day.
        date = Date;
        /// Several lines.
        area = Area;
        /// A colour.
        color = Color;
        /// Yes or no.
        checkbox = Checkbox;
    }

    /// A file of these kinds, such as `image/png,image/jpeg`.
    pub(crate) fn file(name: &str, label: &str, accept: &'static str) -> Self {
        Self {
            accept,
            ..Self::new(Kind::File, name, label)
        }
    }

    /// One of a list.
    pub(crate) fn select(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self {
            choices,
            ..Self::new(Kind::Select, name, label)
        }
    }

    /// One of a few, all seen.
    pub(crate) fn radios(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self {
            choices,
            ..Self::new(Kind::Radios, name, label)
        }
    }

    /// Any of a few; sent as `name[]`.
    pub(crate) fn checks(name: &str, label: &str, choices: Vec<Choice>) -> Self {
        Self {
            choices,
            ..Self::new(Kind::Checks, name, label)
        }
    }

    /// Not seen.
    pub(crate) fn hidden(name: &str, value: &str) -> Self {
        Self::new(Kind::Hidden, name, "").value(value)
    }

    /// What it is called in the form.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it holds; for choices, the chosen one.
    #[must_use]
    pub(crate) fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        for choice in &mut self.choices {
            choice.is_chosen = choice.value == self.value;
        }
        self
    }

    /// What it holds, if anything.
    #[must_use]
    pub(crate) fn maybe(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.value(value),
            None => self,
        }
    }

    /// The chosen ones of several.
    #[must_use]
    pub(crate) fn chosen(mut self, values: &[&str]) -> Self {
        for choice in &mut self.choices {
            choice.is_chosen = values.contains(&&*choice.value);
        }
        self
    }

    /// Ticked or not.
    #[must_use]
    pub(crate) const fn checked(mut self, is_checked: bool) -> Self {
        self.is_checked = is_checked;
        self
    }

    /// What helps to fill it in.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What the browser may fill it with (HTML, section 4.10.18.7).
    #[must_use]
    pub(crate) const fn auto(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub(crate) const fn keys(mut self, inputmode: &'static str) -> Self {
        self.inputmode = inputmode;
        self
    }

    /// It has to be filled in.
    #[must_use]
    pub(crate) const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Most characters.
    #[must_use]
    pub(crate) const fn max(mut self, chars: u32) -> Self {
        self.max_chars = chars;
        self
    }

    /// Half as wide, where there is room.
    #[must_use]
    pub(crate) const fn half(mut self) -> Self {
        self.width = "half";
        self
    }

    /// A third as wide, where there is room.
    #[must_use]
    pub(crate) const fn third(mut self) -> Self {
        self.width = "third";
        self
    }

    /// Fills it with what was sent, secrets and files left out.
    #[must_use]
    pub(crate) fn with(mut self, form: &Posted) -> Self {
        match self.kind {
            Kind::Password | Kind::File => self,
            Kind::Checkbox => {
                self.is_checked = form.is_on(&self.name);
                self
            }
            Kind::Checks => {
                let chosen = form.list(&self.name);
                self.chosen(&chosen)
            }
            Kind::Text
            | Kind::Email
            | Kind::Tel
            | Kind::Url
            | Kind::Date
            | Kind::Area
            | Kind::Color
            | Kind::Select
            | Kind::Radios
            | Kind::Hidden => {
                let sent = form.raw(&self.name).to_owned();
                self.value(sent)
            }
        }
    }

    /// Says what is wrong with it, if anything is.
    #[must_use]
    pub(crate) fn error(mut self, mistakes: &Mistakes) -> Self {
        if let Some(text) = mistakes.text(&self.name) {
            self.error = text.to_owned();
        }
        self
    }

    /// One of every kind, with everything that can be said about it.
    #[cfg(test)]
    pub(crate) fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let choices = || {
            vec![
                Choice::new(HOSTILE, HOSTILE).hint(HOSTILE),
                Choice::new("other", "Other"),
            ]
        };
        let kinds = [
            Kind::Text,
            Kind::Email,
            Kind::Password,
            Kind::Tel,
            Kind::Url,
            Kind::Date,
            Kind::Area,
            Kind::Color,
            Kind::File,
            Kind::Select,
            Kind::Radios,
            Kind::Checkbox,
            Kind::Checks,
            Kind::Hidden,
        ];
        let mut fields = Vec::new();
        for (index, kind) in kinds.into_iter().enumerate() {
            let name = format!("sample[{index}][a]");
            let mut mistakes = Mistakes::default();
            mistakes.add(&name, HOSTILE);
            let full = Self {
                choices: choices(),
                ..Self::new(kind, &name, HOSTILE)
            };
            fields.push(
                full.value(HOSTILE)
                    .hint(HOSTILE)
                    .required()
                    .max(9)
                    .error(&mistakes),
            );
            fields.push(Self::new(kind, &format!("plain{index}"), "Plain"));
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_no_brackets() {
        for (name, id) in [
            ("email", "email"),
            ("people[0][email]", "people-0-email"),
            ("roles[]", "roles"),
            ("a b\"c", "a-b-c"),
        ] {
            assert_eq!(id_of(name), id);
        }
    }

    #[test]
    fn choices_know_which_is_chosen() {
        let choices = vec![Choice::new("a", "A"), Choice::new("b", "B")];
        let field = Field::select("x", "X", choices.clone()).value("b");
        let chosen: Vec<bool> = field.choices.iter().map(|c| c.is_chosen).collect();
        assert_eq!(chosen, [false, true]);
        let field = Field::checks("x", "X", choices).chosen(&["a", "b", "c"]);
        assert!(field.choices.iter().all(|c| c.is_chosen));
    }
}
