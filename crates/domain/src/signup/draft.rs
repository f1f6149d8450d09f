//! The texts of the sign-up page by field, and what they amount to.

use std::collections::BTreeMap;
use std::fmt;

use lintel_engine::date::Date;
use lintel_engine::money::Cents;

use super::field::{AddressPart, ApplicantPart, PresentLoanPart, SignupField};
use super::read;
use super::{Address, Applicant, PresentLoan, SignupFacts};
use crate::contact;
use crate::lead::{LeadBorrower, PricedLoan};
use crate::loan::Purpose;
use crate::refusal::Rule;

/// The texts of the page. Personal data: its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SignupDraft {
    texts: BTreeMap<SignupField, String>,
}

impl fmt::Debug for SignupDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignupDraft")
            .field("fields", &self.texts.len())
            .finish_non_exhaustive()
    }
}

/// What the page insists on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The state of the property: without it nobody knows which officer may answer. A page that
    /// shows an offer knows it.
    pub property_state: bool,
}

impl SignupDraft {
    /// Puts a text into a field. The first one said stays, so that a link said twice cannot say two
    /// things; what shows nothing says nothing.
    pub fn offer(&mut self, field: SignupField, text: &str) {
        if let Some(text) = read::clean(text) {
            self.texts.entry(field).or_insert(text);
        }
    }

    /// The text of a field; empty when there is none.
    #[must_use]
    pub fn text(&self, field: SignupField) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_ticked(&self, field: SignupField) -> bool {
        read::bit(self.text(field)) == Some(true)
    }

    /// What can be read, in the page's spelling; everything else is left out.
    #[must_use]
    pub fn readable(self, today: Date) -> Self {
        let texts = self.texts.into_iter();
        let mut kept: BTreeMap<SignupField, String> = texts
            .filter_map(|(field, text)| Some((field, spelled(field, &text, today)?)))
            .collect();
        let has_co = kept
            .keys()
            .any(|field| matches!(field, SignupField::CoBorrower(_)));
        if has_co {
            kept.insert(SignupField::HasCoBorrower, "1".to_owned());
        }
        Self { texts: kept }
    }

    /// These texts, and where there is none, those of another draft.
    #[must_use]
    pub fn or(mut self, other: Self) -> Self {
        for (field, text) in other.texts {
            self.texts.entry(field).or_insert(text);
        }
        self
    }

    /// What a lead says of the borrower, as texts.
    #[must_use]
    pub fn of_lead(lead: &LeadBorrower) -> Self {
        let mut draft = Self::default();
        let mut say = |part: ApplicantPart, text: Option<&str>| {
            draft.offer(SignupField::Borrower(part), text.unwrap_or_default());
        };
        let married = lead
            .is_married
            .map(|is| if is { "married" } else { "unmarried" });
        say(ApplicantPart::FirstName, lead.first_name.as_deref());
        say(ApplicantPart::LastName, lead.last_name.as_deref());
        say(ApplicantPart::Email, lead.email.as_deref());
        say(ApplicantPart::PhonePrimary, lead.phone_primary.as_deref());
        say(
            ApplicantPart::PhoneSecondary,
            lead.phone_secondary.as_deref(),
        );
        let born = lead.birth_date.map(read::month_first);
        say(ApplicantPart::BirthDate, born.as_deref());
        say(ApplicantPart::MaritalStatus, married);
        let home = ApplicantPart::Home;
        say(home(AddressPart::Street), lead.street.as_deref());
        say(home(AddressPart::City), lead.city.as_deref());
        say(home(AddressPart::State), lead.state.as_deref());
        say(home(AddressPart::PostalCode), lead.postal_code.as_deref());
        if lead.accepts_terms == Some(true) {
            draft.offer(SignupField::AcceptsTerms, "1");
        }
        draft
    }

    /// What an offer says of the property and the purpose, as texts.
    #[must_use]
    pub fn of_offer(offer: &PricedLoan) -> Self {
        let mut draft = Self::default();
        let mut say = |part: AddressPart, text: Option<&str>| {
            draft.offer(SignupField::Property(part), text.unwrap_or_default());
        };
        say(AddressPart::Street, offer.street.as_deref());
        say(AddressPart::City, offer.city.as_deref());
        say(AddressPart::State, offer.state.as_deref());
        say(AddressPart::PostalCode, Some(&offer.postal_code));
        let purpose = offer.purpose.map(Purpose::as_str);
        draft.offer(SignupField::Purpose, purpose.unwrap_or_default());
        draft
    }

    /// What the page may guess when nobody said what the loan is for: taking cash out, replacing a
    /// loan, or buying at an address.
    #[must_use]
    pub fn with_likely_purpose(mut self) -> Self {
        let says = |field: fn(&SignupField) -> bool| self.texts.keys().any(field);
        let likely = if says(|f| matches!(f, SignupField::CashOut)) {
            Purpose::RefinanceCashOut
        } else if says(|f| matches!(f, SignupField::PresentLoan(_))) {
            Purpose::Refinance
        } else if says(|f| matches!(f, SignupField::Property(_))) {
            Purpose::Purchase
        } else {
            return self;
        };
        self.offer(SignupField::Purpose, likely.as_str());
        self
    }

    /// What the texts amount to.
    ///
    /// # Errors
    /// Everything that is missing or cannot be read, in the page's order.
    pub fn check(
        &self,
        asked: Asked,
        today: Date,
    ) -> Result<SignupFacts, Vec<(SignupField, Rule)>> {
        let mut check = Check {
            draft: self,
            today,
            mistakes: Vec::new(),
        };
        let facts = check.facts(asked);
        if check.mistakes.is_empty() {
            return Ok(facts);
        }
        let order = SignupField::all();
        let place = |field: &SignupField| order.iter().position(|f| f == field);
        check.mistakes.sort_by_key(|(field, _)| place(field));
        check.mistakes.dedup_by_key(|(field, _)| *field);
        Err(check.mistakes)
    }
}

/// Reads field by field and gathers what is wrong.
struct Check<'a> {
    draft: &'a SignupDraft,
    today: Date,
    mistakes: Vec<(SignupField, Rule)>,
}

impl Check<'_> {
    /// A field that may be empty.
    fn read<T>(&mut self, field: SignupField, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.draft.text(field);
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.mistakes.push((field, Rule::Malformed));
        }
        value
    }

    fn need(&mut self, field: SignupField) {
        if self.draft.text(field).is_empty() {
            self.mistakes.push((field, Rule::Missing));
        }
    }

    /// A field the page does not show: nobody can correct it, so that a bad value says nothing.
    fn quiet<T>(&self, field: SignupField, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        read(self.draft.text(field))
    }

    fn tick(&mut self, field: SignupField) -> bool {
        let is_ticked = self.draft.is_ticked(field);
        if !is_ticked {
            self.mistakes.push((field, Rule::Missing));
        }
        is_ticked
    }

    fn facts(&mut self, asked: Asked) -> SignupFacts {
        for part in [
            ApplicantPart::FirstName,
            ApplicantPart::LastName,
            ApplicantPart::Email,
            ApplicantPart::PhonePrimary,
        ] {
            self.need(SignupField::Borrower(part));
        }
        let borrower = self.applicant(SignupField::Borrower);
        let co_borrower = self.draft.is_ticked(SignupField::HasCoBorrower).then(|| {
            self.need(SignupField::CoBorrower(ApplicantPart::FirstName));
            self.need(SignupField::CoBorrower(ApplicantPart::LastName));
            self.applicant(SignupField::CoBorrower)
        });
        let stops_without_property = self.quiet(SignupField::StopsWithoutProperty, read::bit);
        if asked.property_state {
            self.need(SignupField::Property(AddressPart::State));
        }
        if stops_without_property == Some(true) {
            for part in AddressPart::ALL {
                self.need(SignupField::Property(part));
            }
        }
        let purpose = self.read(SignupField::Purpose, read::purpose);
        // The page shows nothing about a present loan to somebody who buys.
        let (present_loan, cash_out) = match purpose {
            Some(Purpose::Purchase) => (PresentLoan::default(), None),
            Some(Purpose::Refinance | Purpose::RefinanceCashOut) | None => (
                self.present_loan(),
                self.read(SignupField::CashOut, read::amount),
            ),
        };
        SignupFacts {
            borrower,
            co_borrower,
            property: self.address(SignupField::Property),
            purpose,
            present_loan,
            cash_out,
            solar_cost: self.read(SignupField::SolarCost, read::amount),
            improves_energy: self.quiet(SignupField::ImprovesEnergy, read::bit),
            wholesale_loan_id: self.quiet(SignupField::WholesaleLoanId, read::foreign_id),
            temporary_user_id: self.quiet(SignupField::TemporaryUserId, read::foreign_id),
            borrower_uid: self.quiet(SignupField::BorrowerUid, read::foreign_id),
            channel: self.quiet(SignupField::Channel, read::channel),
            scope: self.quiet(SignupField::Scope, read::scope),
            stops_without_property,
            accepts_terms: self.tick(SignupField::AcceptsTerms),
            takes_electronic_records: self.tick(SignupField::TakesElectronicRecords),
        }
    }

    fn applicant(&mut self, of: fn(ApplicantPart) -> SignupField) -> Applicant {
        let today = self.today;
        Applicant {
            first_name: self.read(of(ApplicantPart::FirstName), read::line),
            last_name: self.read(of(ApplicantPart::LastName), read::line),
            email: self.read(of(ApplicantPart::Email), contact::email),
            phone_primary: self.read(of(ApplicantPart::PhonePrimary), contact::phone),
            phone_secondary: self.read(of(ApplicantPart::PhoneSecondary), contact::phone),
            birth_date: self.read(of(ApplicantPart::BirthDate), |text| {
                read::birth_date(text, today)
            }),
            is_married: self.read(of(ApplicantPart::MaritalStatus), read::is_married),
            home: self.address(|part| of(ApplicantPart::Home(part))),
        }
    }

    fn address(&mut self, of: impl Fn(AddressPart) -> SignupField) -> Address {
        Address {
            street: self.read(of(AddressPart::Street), read::line),
            city: self.read(of(AddressPart::City), read::line),
            state: self.read(of(AddressPart::State), read::state),
            postal_code: self.read(of(AddressPart::PostalCode), contact::postal_code),
        }
    }

    fn present_loan(&mut self) -> PresentLoan {
        let of = SignupField::PresentLoan;
        PresentLoan {
            balance: self.read(of(PresentLoanPart::Balance), read::amount),
            note_rate: self.read(of(PresentLoanPart::NoteRate), read::note_rate),
            monthly_payment: self.read(of(PresentLoanPart::MonthlyPayment), read::amount),
        }
    }
}

/// A text as its field shows it; none when the field cannot be read from it.
fn spelled(field: SignupField, text: &str, today: Date) -> Option<String> {
    let as_said = || text.to_owned();
    let amount = |text: &str| read::amount(text).map(|_: Cents| as_said());
    match field {
        SignupField::Borrower(part) | SignupField::CoBorrower(part) => {
            applicant_text(part, text, today)
        }
        SignupField::Property(part) => address_text(part, text),
        SignupField::Purpose => read::purpose(text).map(|_| as_said()),
        SignupField::PresentLoan(part) => match part {
            PresentLoanPart::Balance | PresentLoanPart::MonthlyPayment => amount(text),
            PresentLoanPart::NoteRate => read::note_rate(text).map(|_| as_said()),
        },
        SignupField::CashOut | SignupField::SolarCost => amount(text),
        SignupField::WholesaleLoanId | SignupField::TemporaryUserId | SignupField::BorrowerUid => {
            read::foreign_id(text)
        }
        SignupField::Channel => read::channel(text).map(|_| as_said()),
        SignupField::Scope => read::scope(text).map(|_| as_said()),
        SignupField::ImprovesEnergy
        | SignupField::HasCoBorrower
        | SignupField::StopsWithoutProperty
        | SignupField::AcceptsTerms
        | SignupField::TakesElectronicRecords => {
            read::bit(text).map(|is| if is { "1" } else { "0" }.to_owned())
        }
    }
}

fn applicant_text(part: ApplicantPart, text: &str, today: Date) -> Option<String> {
    match part {
        ApplicantPart::FirstName | ApplicantPart::LastName => read::line(text),
        ApplicantPart::Email => contact::email(text),
        ApplicantPart::PhonePrimary | ApplicantPart::PhoneSecondary => {
            contact::phone(text).map(|_| text.to_owned())
        }
        ApplicantPart::BirthDate => read::birth_date(text, today).map(read::month_first),
        ApplicantPart::MaritalStatus => read::is_married(text).map(|_| text.to_owned()),
        ApplicantPart::Home(part) => address_text(part, text),
    }
}

fn address_text(part: AddressPart, text: &str) -> Option<String> {
    match part {
        AddressPart::Street | AddressPart::City => read::line(text),
        AddressPart::State => read::state(text),
        AddressPart::PostalCode => contact::postal_code(text),
    }
}

#[cfg(test)]
mod tests;
