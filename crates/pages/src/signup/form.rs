//! The form of the sign-up page: its fields, and what was sent in them.

mod told;

use lintel_app::context::App;
use lintel_app::error::Fault;
use lintel_app::signup::{self, Offer};
use lintel_domain::signup::{
    AddressPart, ApplicantPart, PresentLoanPart, SignupDraft, SignupField,
};
use serde::Serialize;

use super::names;
use crate::fields::{Choice, Field, Mistakes};
use crate::posted::Posted;
use crate::settings::states;
use crate::visit::Query;

pub(super) use told::mistakes;

/// The hidden field that names one sending of the form.
pub(super) const SUBMISSION: &str = "submission";
/// The lead somebody is, as a link says it and the form repeats it.
pub(super) const SOURCE: &str = "leadReferralSource";

/// The fields, by the parts of the page.
#[derive(Debug, Serialize)]
pub(super) struct SignupForm {
    you: Vec<Field>,
    home: Vec<Field>,
    purpose: Option<Field>,
    property: Vec<Field>,
    present_loan: Vec<Field>,
    energy: Vec<Field>,
    energy_is_open: bool,
    has_co_borrower: Field,
    co_borrower: Vec<Field>,
    consent: Vec<Field>,
    hidden: Vec<Field>,
}

/// What the form depends on beside its texts.
pub(super) struct About<'a> {
    /// Whose page.
    pub company: &'a str,
    /// Whether the page shows an offer.
    pub has_offer: bool,
    /// Whether that offer says what the loan is for.
    pub has_purpose: bool,
    /// Names this sending.
    pub submission: String,
    /// The lead somebody is.
    pub source: Option<String>,
}

impl<'a> About<'a> {
    /// A form nobody has sent yet.
    pub(super) fn new(
        app: &App,
        company: &'a str,
        offer: Option<&Offer>,
        source: Option<String>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            company,
            has_offer: offer.is_some(),
            has_purpose: says_purpose(offer),
            submission: signup::new_submission(app)?,
            source,
        })
    }
}

/// Whether an offer says what the loan is for; one that does not leaves the question to the form.
pub(super) fn says_purpose(offer: Option<&Offer>) -> bool {
    offer.is_some_and(|offer| offer.loan.purpose.is_some())
}

/// What a link says, field by field; nothing it says is stored.
pub(super) fn of_query(query: &Query) -> SignupDraft {
    let mut draft = SignupDraft::default();
    for field in SignupField::all() {
        if names::may_be_prefilled(field)
            && let Some(text) = query.text(names::name(field))
        {
            draft.offer(field, names::stored(field, text));
        }
    }
    draft
}

/// What was sent.
pub(super) fn of_post(form: &Posted) -> SignupDraft {
    let mut draft = SignupDraft::default();
    for field in SignupField::all() {
        draft.offer(field, names::stored(field, form.raw(names::name(field))));
    }
    draft
}

/// Fills fields with the draft's texts and the mistakes about them.
struct Maker<'a> {
    draft: &'a SignupDraft,
    mistakes: &'a Mistakes,
}

impl SignupForm {
    /// The form with its texts, and what is wrong with them.
    pub(super) fn new(about: &About<'_>, draft: &SignupDraft, mistakes: &Mistakes) -> Self {
        let make = Maker { draft, mistakes };
        Self {
            you: make.person(SignupField::Borrower),
            home: make.home(SignupField::Borrower, true),
            purpose: (!about.has_purpose).then(|| make.purpose()),
            property: make.property(about.has_offer),
            present_loan: make.present_loan(),
            energy: make.energy(),
            energy_is_open: make.says_energy(),
            has_co_borrower: make.tick(
                SignupField::HasCoBorrower,
                "Somebody else will be on the loan with me",
            ),
            co_borrower: make.co_borrower(),
            consent: make.consent(about.company),
            hidden: make.hidden(about),
        }
    }
}

impl Maker<'_> {
    /// A field with its text; `new` gives it its kind.
    fn field(&self, field: SignupField, label: &str, new: fn(&str, &str) -> Field) -> Field {
        let made = new(names::name(field), label);
        self.filled(field, made)
    }

    fn filled(&self, field: SignupField, made: Field) -> Field {
        let text = names::sent(field, self.draft.text(field));
        made.value(text).error(self.mistakes)
    }

    fn tick(&self, field: SignupField, label: &str) -> Field {
        let made = Field::checkbox(names::name(field), label);
        made.checked(self.draft.is_ticked(field))
            .error(self.mistakes)
    }

    fn person(&self, of: fn(ApplicantPart) -> SignupField) -> Vec<Field> {
        // Browsers know the borrower; of anybody else they would fill in the borrower.
        let is_borrower = matches!(of(ApplicantPart::Email), SignupField::Borrower(_));
        let auto = |known: &'static str| if is_borrower { known } else { "off" };
        let need = |field: Field, is_needed: bool| {
            if is_needed { field.required() } else { field }
        };
        let text = Field::text;
        vec![
            self.field(of(ApplicantPart::FirstName), "First and middle name", text)
                .auto(auto("given-name"))
                .max(100)
                .required()
                .half(),
            self.field(of(ApplicantPart::LastName), "Last name", text)
                .auto(auto("family-name"))
                .max(100)
                .required()
                .half(),
            need(
                self.field(of(ApplicantPart::Email), "Email", Field::email),
                is_borrower,
            )
            .auto(auto("email"))
            .max(254),
            need(
                self.field(of(ApplicantPart::PhonePrimary), "Phone", Field::tel),
                is_borrower,
            )
            .auto(auto("tel"))
            .max(40)
            .half(),
            self.field(of(ApplicantPart::PhoneSecondary), "Other phone", Field::tel)
                .auto("off")
                .max(40)
                .half(),
            self.field(of(ApplicantPart::BirthDate), "Born (MM/DD/YYYY)", text)
                .keys("numeric")
                .auto("off")
                .max(10)
                .half(),
            self.marital(of(ApplicantPart::MaritalStatus)),
        ]
    }

    fn marital(&self, field: SignupField) -> Field {
        let none = std::iter::once(Choice::new("", "Choose"));
        let words = names::MARITAL.iter();
        let choices = none.chain(words.map(|(sent, _, label)| Choice::new(*sent, *label)));
        let made = Field::select(names::name(field), "Marital status", choices.collect());
        self.filled(field, made).half()
    }

    fn home(&self, of: fn(ApplicantPart) -> SignupField, is_borrower: bool) -> Vec<Field> {
        self.address(
            |part| of(ApplicantPart::Home(part)),
            if is_borrower {
                [
                    "street-address",
                    "address-level2",
                    "address-level1",
                    "postal-code",
                ]
            } else {
                ["off"; 4]
            },
            false,
        )
    }

    fn address(
        &self,
        of: impl Fn(AddressPart) -> SignupField,
        auto: [&'static str; 4],
        needs_state: bool,
    ) -> Vec<Field> {
        let [street, city, state, postal_code] = auto;
        let states = Field::select(
            names::name(of(AddressPart::State)),
            "State",
            states::options("Choose"),
        );
        let states = self.filled(of(AddressPart::State), states).auto(state);
        vec![
            self.field(of(AddressPart::Street), "Street address", Field::text)
                .auto(street)
                .max(100),
            self.field(of(AddressPart::City), "City", Field::text)
                .auto(city)
                .max(100)
                .third(),
            if needs_state {
                states.required()
            } else {
                states
            }
            .third(),
            self.field(of(AddressPart::PostalCode), "ZIP code", Field::text)
                .auto(postal_code)
                .keys("numeric")
                .max(10)
                .third(),
        ]
    }

    fn purpose(&self) -> Field {
        let none = std::iter::once(Choice::new("", "I am not sure yet"));
        let words = names::PURPOSES.iter();
        let choices = none.chain(words.map(|(sent, _, label)| Choice::new(*sent, *label)));
        let field = SignupField::Purpose;
        let made = Field::select(names::name(field), "I would like to", choices.collect());
        self.filled(field, made)
    }

    fn property(&self, has_offer: bool) -> Vec<Field> {
        self.address(SignupField::Property, ["off"; 4], !has_offer)
    }

    fn present_loan(&self) -> Vec<Field> {
        let of = SignupField::PresentLoan;
        let amount = |field, label| {
            self.field(field, label, Field::text)
                .keys("decimal")
                .max(20)
                .half()
        };
        vec![
            amount(of(PresentLoanPart::Balance), "You still owe ($)"),
            self.field(
                of(PresentLoanPart::NoteRate),
                "Interest rate (%)",
                Field::text,
            )
            .keys("decimal")
            .max(12)
            .half(),
            amount(of(PresentLoanPart::MonthlyPayment), "Monthly payment ($)"),
            amount(SignupField::CashOut, "Cash to take out ($)"),
        ]
    }

    fn energy(&self) -> Vec<Field> {
        vec![
            self.tick(
                SignupField::ImprovesEnergy,
                "I want to finance improvements that save energy",
            ),
            self.field(
                SignupField::SolarCost,
                "Cost of solar panels ($)",
                Field::text,
            )
            .keys("decimal")
            .max(20)
            .half(),
        ]
    }

    /// Whether anything is said about energy: then the part is open.
    fn says_energy(&self) -> bool {
        let fields = [SignupField::ImprovesEnergy, SignupField::SolarCost];
        fields
            .iter()
            .any(|field| !self.draft.text(*field).is_empty())
    }

    fn co_borrower(&self) -> Vec<Field> {
        let mut fields = self.person(SignupField::CoBorrower);
        fields.extend(self.home(SignupField::CoBorrower, false));
        fields
    }

    fn consent(&self, company: &str) -> Vec<Field> {
        vec![
            self.tick(
                SignupField::AcceptsTerms,
                &format!("I accept the terms of use and the privacy policy of {company}."),
            )
            .required(),
            self.tick(
                SignupField::TakesElectronicRecords,
                "I agree to receive records and notices in electronic form.",
            )
            .required(),
        ]
    }

    fn hidden(&self, about: &About<'_>) -> Vec<Field> {
        let mut hidden = vec![Field::hidden(SUBMISSION, &about.submission)];
        if let Some(source) = &about.source {
            hidden.push(Field::hidden(SOURCE, source));
        }
        let mut carried = vec![
            SignupField::WholesaleLoanId,
            SignupField::TemporaryUserId,
            SignupField::BorrowerUid,
            SignupField::Channel,
            SignupField::Scope,
            SignupField::StopsWithoutProperty,
        ];
        if about.has_purpose {
            carried.push(SignupField::Purpose);
        }
        for field in carried {
            let text = names::sent(field, self.draft.text(field));
            if !text.is_empty() {
                hidden.push(Field::hidden(names::name(field), text));
            }
        }
        hidden
    }
}
