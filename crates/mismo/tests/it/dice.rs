//! Applications made by chance, in the form a reader gives them: derived fields agree with what
//! they are derived from, and every value is one the standard can say.

use lintel_domain::application::borrower::*;
use lintel_domain::application::closing::*;
use lintel_domain::application::declaration::*;
use lintel_domain::application::employment::*;
use lintel_domain::application::holding::*;
use lintel_domain::application::partial_date::PartialDate;
use lintel_domain::application::party::*;
use lintel_domain::application::place::Address;
use lintel_domain::application::sensitive::Sensitive;
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

/// A source of chance; with `all`, everything optional is there and lists are never empty.
pub struct Dice {
    state: u64,
    pub all: bool,
}

/// Texts with everything that could be written wrongly.
const TEXTS: &[&str] = &[
    "Ann",
    "O'Brien & \"Søn\" <GmbH>",
    "漢字 Übermaß",
    "]]> --> &amp; &#65;",
    "two\nlines\tand a tab",
    "a\rcarriage",
    "\u{1F3E0} house",
    "0",
    "x",
];

impl Dice {
    pub const fn new(state: u64, all: bool) -> Self {
        Self { state, all }
    }

    /// A number below a bound (splitmix64).
    pub fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        usize::try_from(z % bound as u64).expect("below a bound")
    }

    pub fn coin(&mut self) -> bool {
        self.below(2) == 0
    }

    pub fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.all || self.coin()).then(|| make(self))
    }

    pub fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let least = usize::from(self.all);
        let count = least + self.below(most + 1 - least);
        (0..count).map(|_| make(self)).collect()
    }

    pub fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        let place = self.below(list.len());
        list[place].clone()
    }

    pub fn plain(&mut self) -> String {
        format!("{} {}", self.pick(TEXTS), self.below(10_000))
    }

    pub fn text(&mut self) -> Option<String> {
        self.maybe(Self::plain)
    }

    pub fn flag(&mut self) -> Option<bool> {
        self.maybe(Self::coin)
    }

    pub fn count(&mut self) -> Option<u32> {
        self.maybe(|dice| u32::try_from(dice.below(5_000_000)).expect("small"))
    }

    pub fn positive(&mut self) -> Option<Cents> {
        self.maybe(|dice| {
            Cents::new(1 + i64::try_from(dice.below(10_usize.pow(12))).expect("fits"))
        })
    }

    pub fn cents(&mut self) -> Option<Cents> {
        let amount = self.positive();
        let negative = self.coin();
        amount.map(|amount| {
            if negative {
                Cents::new(-amount.get())
            } else {
                amount
            }
        })
    }

    pub fn rate(&mut self) -> Option<Pct> {
        let scale = self.pick(&[1_000_000_000, 125_000_000, 1_000, 1]);
        self.maybe(|dice| {
            let e9 = 250_000_000 + i64::try_from(dice.below(29_000_000_000)).expect("fits");
            Pct::new(e9 / scale * scale)
        })
        .map(|rate| rate.max(Pct::new(1_000_000_000)))
    }

    pub fn date(&mut self) -> Option<Date> {
        self.maybe(|dice| {
            let text = format!(
                "{:04}-{:02}-{:02}",
                1930 + dice.below(150),
                1 + dice.below(12),
                1 + dice.below(28)
            );
            Date::parse_iso(&text).expect("a date")
        })
    }

    pub fn partial_date(&mut self) -> Option<PartialDate> {
        let full = self.date()?.to_string();
        let length = self.pick(&[4, 7, 10]);
        PartialDate::parse(&full[..length])
    }

    fn state_code(&mut self) -> Option<String> {
        self.maybe(|dice| dice.pick(&["CA", "ME", "DC"]).to_owned())
    }

    pub fn address(&mut self) -> Address {
        Address {
            line: self.text(),
            unit: self.text(),
            city: self.text(),
            state: self.state_code(),
            postal_code: self
                .maybe(|dice| dice.pick(&["12345", "123456789", "SW1A-1AA"]).to_owned()),
            county: self.text(),
            country: self.text(),
        }
    }

    pub fn address_or_none(&mut self) -> Option<Address> {
        Some(self.address()).filter(|address| !address.is_empty())
    }

    pub fn name(&mut self) -> PersonName {
        PersonName {
            first: self.text(),
            middle: self.text(),
            last: self.text(),
            suffix: self.text(),
            full: self.text(),
        }
    }

    pub fn emails(&mut self) -> Vec<String> {
        let count = self.some(3, |_| ()).len();
        let at = self.below(1000);
        (0..count)
            .map(|n| format!("o'neil+{n}&{at}@example.com"))
            .collect()
    }

    pub fn phones(&mut self) -> Vec<Phone> {
        let other = PhoneKind::Other("Other".to_owned());
        let kinds = [PhoneKind::Home, PhoneKind::Mobile, PhoneKind::Work, other];
        self.some(3, |dice| Phone {
            number: format!("555010{:04}", dice.below(10_000)),
            extension: dice.text(),
            kind: dice.maybe(|dice| dice.pick(&kinds)),
        })
    }

    pub fn licenses(&mut self) -> Vec<License> {
        use LicenseAuthority::{Federal, Local, Nmls, State};
        let other = LicenseAuthority::Other("Other".to_owned());
        let authorities = [Nmls, State, Federal, Local, other];
        self.some(3, |dice| License {
            authority: dice.maybe(|dice| dice.pick(&authorities)),
            number: dice.plain(),
            state: dice.state_code(),
        })
    }

    /// Owners of something: some of a number of borrowers, ascending.
    pub fn among(&mut self, count: usize) -> Vec<usize> {
        (0..count).filter(|_| self.all || self.coin()).collect()
    }

    pub fn borrower(&mut self) -> Borrower {
        Borrower {
            name: PersonName {
                first: Some(self.plain()),
                last: Some(self.plain()),
                ..self.name()
            },
            aliases: self.some(2, Self::name),
            is_marked_primary: self.all || self.coin(),
            emails: self.emails(),
            phones: self.phones(),
            tax_id: self.maybe(|dice| TaxId {
                kind: dice.pick(&[TaxIdKind::Ssn, TaxIdKind::Itin]),
                value: Sensitive::new(format!("9{:08}", dice.below(100_000_000))),
            }),
            birth_date: self.date().map(Sensitive::new),
            marital_status: self.maybe(|dice| {
                let raw = ["Unknown", "Other"].map(|raw| MaritalStatus::Other(raw.to_owned()));
                let [unknown, other] = raw;
                dice.pick(&[
                    MaritalStatus::Married,
                    MaritalStatus::NotProvided,
                    unknown,
                    other,
                ])
            }),
            dependent_count: self.count(),
            dependent_ages: self.some(3, |dice| u32::try_from(dice.below(30)).expect("small")),
            domestic_relationship: DomesticRelationship {
                exists: self.flag(),
                kind: self.maybe(|_| DomesticRelationshipKind::CivilUnion),
                state: self.state_code(),
            },
            is_community_property_resident: self.flag(),
            citizenship: self.maybe(|dice| {
                let unknown = Citizenship::Other("Unknown".to_owned());
                dice.pick(&[
                    Citizenship::UsCitizen,
                    Citizenship::NonResidentAlien,
                    unknown,
                ])
            }),
            signed_date: self.date(),
            language: Language {
                code: self.text(),
                description: self.text(),
                is_refused: self.flag(),
            },
            military: self.military(),
            mailing_address: self.address_or_none(),
            residences: self.some(3, Self::residence),
            employments: self.some(3, Self::employment),
            incomes: Vec::new(),
            declarations: self.declarations(),
            demographics: Some(self.demographics()).filter(|d| *d != Demographics::default()),
            counseling: Vec::new(),
        }
    }

    fn military(&mut self) -> Military {
        let services = self.some(3, |dice| MilitaryService {
            status: Some(dice.plain()),
            expected_completion: dice.partial_date(),
        });
        Military {
            has_served: self.flag(),
            statuses: services.iter().filter_map(|s| s.status.clone()).collect(),
            expected_completion: services.iter().find_map(|s| s.expected_completion),
            services,
            va_federal_tax_cents: self.cents(),
        }
    }

    fn residence(&mut self) -> Residence {
        Residence {
            address: self.address(),
            time: self.maybe(|dice| dice.pick(&[ResidencyTime::Current, ResidencyTime::Prior])),
            basis: self.maybe(|dice| {
                let unknown = ResidencyBasis::Other("Unknown".to_owned());
                dice.pick(&[ResidencyBasis::Own, ResidencyBasis::LivingRentFree, unknown])
            }),
            duration_months: self.count(),
            monthly_rent_cents: self.cents(),
        }
    }

    fn employment(&mut self) -> Employment {
        let person = self.name();
        let is_person = self.coin() && person != PersonName::default();
        let full = [&person.first, &person.last].into_iter().flatten();
        let full = full.map(String::as_str).collect::<Vec<_>>().join(" ");
        let of_person = person
            .full
            .clone()
            .or(Some(full).filter(|full| !full.is_empty()));
        Employment {
            employer_name: if is_person { of_person } else { self.text() },
            employer_person: is_person.then_some(person),
            employer_phone: self.text(),
            address: self.address(),
            time: self
                .maybe(|dice| dice.pick(&[EmploymentTime::Current, EmploymentTime::Previous])),
            rank: self
                .maybe(|dice| dice.pick(&[EmploymentRank::Primary, EmploymentRank::Secondary])),
            start: self.partial_date(),
            end: self.partial_date(),
            position: self.text(),
            line_of_work_months: self.count(),
            is_self_employed: self.flag(),
            ownership: self.maybe(|dice| {
                let other = OwnershipShare::Other("Other".to_owned());
                dice.pick(&[
                    OwnershipShare::AtLeast25Percent,
                    OwnershipShare::LessThan25Percent,
                    other,
                ])
            }),
            monthly_income_cents: self.cents(),
            is_employed_by_party: self.flag(),
            is_foreign_income: self.flag(),
            is_seasonal_income: self.flag(),
        }
    }

    fn declarations(&mut self) -> Declarations {
        use lintel_domain::application::property::Usage;
        let answers = [Answer::Yes, Answer::No, Answer::Unknown];
        Declarations {
            will_occupy: self.maybe(|dice| dice.pick(&answers)),
            owned_home_in_three_years: self.maybe(|dice| dice.pick(&answers)),
            prior_usage: self.maybe(|_| Usage::Other("Other".to_owned())),
            prior_title: self.maybe(|_| PriorTitle::JointWithOtherThanSpouse),
            is_fha_secondary_residence: self.flag(),
            is_related_to_seller: self.flag(),
            borrows_undisclosed_funds: self.flag(),
            undisclosed_funds_cents: self.cents(),
            applies_for_other_mortgage: self.flag(),
            applies_for_other_credit: self.flag(),
            plans_clean_energy_lien: self.flag(),
            is_undisclosed_comaker: self.flag(),
            has_outstanding_judgments: self.flag(),
            is_delinquent_on_federal_debt: self.flag(),
            is_party_to_lawsuit: self.flag(),
            had_deed_in_lieu: self.flag(),
            had_short_sale: self.flag(),
            had_foreclosure: self.flag(),
            had_bankruptcy: self.flag(),
            bankruptcy_chapters: self.some(3, |dice| {
                let unknown = BankruptcyChapter::Other("Unknown".to_owned());
                dice.pick(&[
                    BankruptcyChapter::Seven,
                    BankruptcyChapter::Fifteen,
                    unknown,
                ])
            }),
            explanations: self.some(2, |dice| Explanation {
                about: dice.text(),
                text: dice.plain(),
            }),
        }
    }

    fn collection(&mut self) -> Collection {
        Collection {
            is_refused: self.flag(),
            is_observed: self.flag(),
        }
    }

    fn demographics(&mut self) -> Demographics {
        let origins = self.some(3, |dice| OriginAnswer {
            origin: Some(dice.plain()),
            description: dice.text(),
        });
        Demographics {
            application_method: self.text(),
            ethnicity_collection: self.collection(),
            ethnicities: self.some(3, Self::plain),
            ethnicity_origins: origins.iter().filter_map(|o| o.origin.clone()).collect(),
            ethnicity_origin_description: origins.iter().find_map(|o| o.description.clone()),
            ethnicity_origin_answers: origins,
            sex_collection: self.collection(),
            sex: self.text(),
            race_collection: self.collection(),
            races: self.some(3, Self::race),
        }
    }

    fn race(&mut self) -> RaceAnswer {
        let tribe = self.text();
        let answers = self.some(3, |dice| DesignationAnswer {
            designation: Some(dice.plain()),
            other_asian: dice.text(),
            other_pacific_islander: dice.text(),
        });
        let mut descriptions: Vec<String> = tribe.iter().cloned().collect();
        for answer in &answers {
            descriptions.extend(answer.other_asian.clone());
            descriptions.extend(answer.other_pacific_islander.clone());
        }
        RaceAnswer {
            race: self.text(),
            designations: answers
                .iter()
                .filter_map(|a| a.designation.clone())
                .collect(),
            descriptions,
            tribe,
            designation_answers: answers,
        }
    }

    pub fn income(&mut self, borrowers: &[Borrower]) -> IncomeItem {
        let owner = self.below(borrowers.len());
        let jobs = borrowers[owner].employments.len();
        let job = (jobs > 0).then(|| self.below(jobs));
        let is_other = self.coin();
        IncomeItem {
            kind: Some(match is_other {
                true => IncomeKind::Other("Other".to_owned()),
                false => self.pick(&[
                    IncomeKind::Base,
                    IncomeKind::AccessoryUnit,
                    IncomeKind::VaBenefits,
                ]),
            }),
            description: self.text(),
            monthly_cents: self.cents(),
            is_from_employment: self.flag(),
            employment: job.map(|employment| EmploymentRef {
                borrower: owner,
                employment,
            }),
        }
    }

    pub fn asset(&mut self, borrowers: usize) -> Asset {
        let other = AssetKind::Other("Other".to_owned());
        Asset {
            kind: self
                .maybe(|dice| dice.pick(&[AssetKind::Stock, AssetKind::RealEstateOwned, other])),
            description: self.text(),
            value_cents: self.cents(),
            account: self.text().map(Sensitive::new),
            holder: self.text(),
            funds_source: self.text(),
            is_in_listed_account: self.flag(),
            owners: self.among(borrowers),
        }
    }

    pub fn owned_property(&mut self, borrowers: usize, debts: usize) -> OwnedProperty {
        use lintel_domain::application::property::Usage;
        let value_cents = self.positive();
        OwnedProperty {
            address: self.address(),
            is_subject: self.flag(),
            disposition: self.maybe(|dice| dice.pick(&[Disposition::Retain, Disposition::Sold])),
            value_cents,
            is_value_listed: value_cents.is_some() && self.coin(),
            lien_balance_cents: self.cents(),
            maintenance_cents: self.cents(),
            gross_rent_cents: self.cents(),
            net_rent_cents: self.cents(),
            current_usage: self.maybe(|_| Usage::Investment),
            intended_usage: self.maybe(|_| Usage::Other("Other".to_owned())),
            liabilities: self.among(debts),
            owners: self.among(borrowers),
        }
    }

    pub fn liability(&mut self, borrowers: usize) -> Liability {
        use lintel_domain::application::terms::Program;
        let other = LiabilityKind::Other("Other".to_owned());
        Liability {
            kind: self
                .maybe(|dice| dice.pick(&[LiabilityKind::Heloc, LiabilityKind::Taxes, other])),
            description: self.text(),
            account: self.text().map(Sensitive::new),
            holder: self.text(),
            monthly_payment_cents: self.cents(),
            balance_cents: self.positive(),
            credit_limit_cents: self.cents(),
            remaining_months: self.count(),
            is_paid_off: self.flag(),
            is_excluded: self.flag(),
            includes_escrow: self.flag(),
            mortgage_program: self.maybe(|_| Program::Usda),
            owners: self.among(borrowers),
        }
    }

    pub fn expense(&mut self, borrowers: usize) -> Expense {
        let other = ExpenseKind::Other("Other".to_owned());
        Expense {
            kind: self
                .maybe(|dice| dice.pick(&[ExpenseKind::Alimony, ExpenseKind::JobRelated, other])),
            description: self.text(),
            monthly_payment_cents: self.cents(),
            remaining_months: self.count(),
            owners: self.among(borrowers),
        }
    }

    pub fn housing_expense(&mut self, borrower: Option<usize>) -> HousingExpense {
        let other = HousingExpenseKind::Other("Other".to_owned());
        HousingExpense {
            kind: Some(self.pick(&[
                HousingExpenseKind::Rent,
                HousingExpenseKind::FirstMortgagePiti,
                other,
            ])),
            description: self.text(),
            time: self.maybe(|dice| {
                dice.pick(&[HousingExpenseTime::Present, HousingExpenseTime::Proposed])
            }),
            monthly_cents: self.cents(),
            borrower,
        }
    }
}
