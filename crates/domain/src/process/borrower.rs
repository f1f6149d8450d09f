//! What is known of a borrower, and what is still missing for a decision.

use std::fmt;

use lintel_engine::{Cents, Date};
use serde::{Deserialize, Serialize};

use crate::application::codec::{cents_opt, date_opt};
use crate::finding::{CreditField as F, CreditRule};

/// What is known of a borrower of a process. Numbers without a unit are ids of the lists they are
/// named after. `Debug` shows nothing: all of it is personal.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BorrowerFacts {
    /// Type of borrower; the key borrower's follows from being one.
    pub borrower_type: Option<u32>,
    /// Relation to the key borrower.
    pub key_relation: Option<u32>,
    /// Kind of person.
    pub entity_type: Option<u32>,
    /// Full name.
    pub name: Option<String>,
    /// NIF, nine digits.
    pub nif: Option<String>,
    /// Birth date.
    #[serde(with = "date_opt")]
    pub birth_date: Option<Date>,
    /// Gender.
    pub gender: Option<u32>,
    /// Country of nationality.
    pub nationality: Option<u32>,
    /// Kind of identification document.
    pub identification_document: Option<u32>,
    /// Its number.
    pub identification_number: Option<String>,
    /// Last day it is valid.
    #[serde(with = "date_opt")]
    pub identification_validity: Option<Date>,
    /// Marital status.
    pub marital_status: Option<u32>,
    /// Matrimonial regime.
    pub matrimonial_regime: Option<u32>,
    /// Dependants.
    pub dependents: Option<u32>,
    /// Kind of residence.
    pub residence_type: Option<u32>,
    /// Lives there since.
    #[serde(with = "date_opt")]
    pub residence_since: Option<Date>,
    /// Country of residence.
    pub residence_country: Option<u32>,
    /// District of residence.
    pub residence_district: Option<u32>,
    /// Municipality of residence.
    pub residence_county: Option<u32>,
    /// Parish of residence.
    pub residence_parish: Option<u32>,
    /// Street and number.
    pub residence_address: Option<String>,
    /// First digits of the postal code, or a foreign postal code whole.
    pub residence_zip_code: Option<String>,
    /// Last three digits of a Portuguese postal code.
    pub residence_zip_code_local: Option<String>,
    /// Profession.
    pub profession: Option<u32>,
    /// Kind of employment contract.
    pub employment_contract_type: Option<u32>,
    /// Employment situation.
    pub employment_situation: Option<u32>,
    /// Position.
    pub employment_position: Option<u32>,
    /// Employer.
    pub employer: Option<String>,
    /// Employed there since.
    #[serde(with = "date_opt")]
    pub employed_since: Option<Date>,
    /// Net income a month.
    #[serde(with = "cents_opt")]
    pub monthly_net_income: Option<Cents>,
    /// Other income a month.
    #[serde(with = "cents_opt")]
    pub other_income: Option<Cents>,
    /// Instalments a month of other credit.
    #[serde(with = "cents_opt")]
    pub other_instalments: Option<Cents>,
    /// Taxable income a year.
    #[serde(with = "cents_opt")]
    pub yearly_taxable_income: Option<Cents>,
    /// Resident in Portugal for tax.
    pub tax_resident: Option<bool>,
    /// Owns housing already.
    pub owns_housing: Option<bool>,
    /// Buys a first own permanent home.
    pub first_own_home: Option<bool>,
    /// Counted as somebody's dependant for income tax.
    pub tax_dependent: Option<bool>,
    /// No debts to tax or social security.
    pub clean_tax_record: Option<bool>,
    /// Retired already.
    pub retired: Option<bool>,
    /// Mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Agreed to the use of the data for this credit.
    pub data_consent: Option<bool>,
    /// Agreed to the question to the central credit register.
    pub credit_bureau_consent: Option<bool>,
    /// Agreed to marketing; a free choice.
    pub marketing_consent: Option<bool>,
}

impl fmt::Debug for BorrowerFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BorrowerFacts(*)")
    }
}

/// What a borrower's other facts make necessary. The lists say which values do: this crate does not
/// know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BorrowerNeeds {
    /// It is the key borrower.
    pub is_key: bool,
    /// The marital status comes with a matrimonial regime.
    pub regime: bool,
    /// The situation is that of somebody who works for somebody: contract, position, employer, since.
    pub employment: bool,
    /// The situation is that of somebody with a profession.
    pub profession: bool,
    /// The residence is in Portugal: district, municipality, postal code in two parts.
    pub portuguese_address: bool,
    /// Parishes of the municipality can be named.
    pub parish: bool,
    /// The day it is asked.
    pub today: Date,
}

impl BorrowerFacts {
    /// What is missing for a decision, in the order fields are listed in.
    #[must_use]
    pub fn gaps(&self, needs: &BorrowerNeeds) -> Vec<(F, CreditRule)> {
        let mut gaps: Vec<(F, CreditRule)> = self
            .needed(needs)
            .into_iter()
            .filter(|(_, is_needed, is_there)| *is_needed && !is_there)
            .map(|(field, _, _)| (field, CreditRule::Missing))
            .collect();
        if self
            .identification_validity
            .is_some_and(|last| last < needs.today)
        {
            gaps.push((F::IdentificationValidity, CreditRule::Expired));
        }
        let consents = [
            (F::DataConsent, self.data_consent),
            (F::CreditBureauConsent, self.credit_bureau_consent),
        ];
        // A consent that was asked for and refused is a gap, too.
        let refused = consents.iter().filter(|(_, given)| *given == Some(false));
        gaps.extend(refused.map(|(field, _)| (*field, CreditRule::NotDone)));
        gaps.sort_by_key(|(field, _)| *field);
        gaps
    }

    /// Field, whether it is needed, whether it is there.
    fn needed(&self, needs: &BorrowerNeeds) -> Vec<(F, bool, bool)> {
        let mut all = self.needed_of_person(needs).to_vec();
        all.extend(self.needed_of_living(needs));
        all
    }

    /// Who it is.
    fn needed_of_person(&self, needs: &BorrowerNeeds) -> [(F, bool, bool); 17] {
        let text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        [
            (
                F::KeyBorrowerRelation,
                !needs.is_key,
                self.key_relation.is_some(),
            ),
            (F::BorrowerName, true, text(&self.name)),
            (F::BorrowerNif, true, text(&self.nif)),
            (F::BirthDate, true, self.birth_date.is_some()),
            (F::BorrowerEmail, true, text(&self.email)),
            (F::BorrowerPhone, true, text(&self.phone)),
            (F::MonthlyNetIncome, true, self.monthly_net_income.is_some()),
            (F::OtherInstalments, true, self.other_instalments.is_some()),
            (F::Gender, true, self.gender.is_some()),
            (F::Nationality, true, self.nationality.is_some()),
            (
                F::IdentificationDocument,
                true,
                self.identification_document.is_some(),
            ),
            (
                F::IdentificationNumber,
                true,
                text(&self.identification_number),
            ),
            (
                F::IdentificationValidity,
                true,
                self.identification_validity.is_some(),
            ),
            (F::MaritalStatus, true, self.marital_status.is_some()),
            (
                F::MatrimonialRegime,
                needs.regime,
                self.matrimonial_regime.is_some(),
            ),
            (F::DataConsent, true, self.data_consent.is_some()),
            (
                F::CreditBureauConsent,
                true,
                self.credit_bureau_consent.is_some(),
            ),
        ]
    }

    /// Where it lives and what it lives from.
    fn needed_of_living(&self, needs: &BorrowerNeeds) -> [(F, bool, bool); 15] {
        let local = needs.portuguese_address;
        let works = needs.employment;
        let text = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
        [
            (F::ResidenceType, true, self.residence_type.is_some()),
            (F::ResidenceSince, true, self.residence_since.is_some()),
            (F::ResidenceCountry, true, self.residence_country.is_some()),
            (
                F::ResidenceDistrict,
                local,
                self.residence_district.is_some(),
            ),
            (F::ResidenceCounty, local, self.residence_county.is_some()),
            (
                F::ResidenceParish,
                local && needs.parish,
                self.residence_parish.is_some(),
            ),
            (F::ResidenceAddress, true, text(&self.residence_address)),
            (F::ResidenceZipCode, true, text(&self.residence_zip_code)),
            (
                F::ResidenceZipCodeLocal,
                local,
                text(&self.residence_zip_code_local),
            ),
            (F::Profession, needs.profession, self.profession.is_some()),
            (
                F::EmploymentContractType,
                works,
                self.employment_contract_type.is_some(),
            ),
            (
                F::EmploymentSituation,
                true,
                self.employment_situation.is_some(),
            ),
            (
                F::EmploymentPosition,
                works,
                self.employment_position.is_some(),
            ),
            (F::Employer, works, text(&self.employer)),
            (F::EmployedSince, works, self.employed_since.is_some()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs() -> BorrowerNeeds {
        BorrowerNeeds {
            is_key: true,
            regime: false,
            employment: true,
            profession: true,
            portuguese_address: true,
            parish: false,
            today: Date::new(2026, 11, 21).unwrap(),
        }
    }

    fn whole() -> BorrowerFacts {
        let day = |year| Some(Date::new(year, 5, 1).unwrap());
        let text = |text: &str| Some(text.to_owned());
        BorrowerFacts {
            borrower_type: Some(1),
            name: text("Pessoa Inventada"),
            nif: text("123456789"),
            birth_date: day(1990),
            gender: Some(1),
            nationality: Some(620),
            identification_document: Some(1),
            identification_number: text("00000000"),
            identification_validity: day(2030),
            marital_status: Some(1),
            residence_type: Some(1),
            residence_since: day(2015),
            residence_country: Some(620),
            residence_district: Some(11),
            residence_county: Some(1106),
            residence_address: text("Rua Inventada 1"),
            residence_zip_code: text("1000"),
            residence_zip_code_local: text("001"),
            profession: Some(1),
            employment_contract_type: Some(1),
            employment_situation: Some(1),
            employment_position: Some(1),
            employer: text("Empresa Inventada, Lda."),
            employed_since: day(2018),
            monthly_net_income: Some(Cents::new(200_000)),
            other_instalments: Some(Cents::new(0)),
            email: text("pessoa@example.com"),
            phone: text("+351910000000"),
            data_consent: Some(true),
            credit_bureau_consent: Some(true),
            ..BorrowerFacts::default()
        }
    }

    #[test]
    fn nothing_known_is_a_gap_for_each_needed_field() {
        let gaps = BorrowerFacts::default().gaps(&needs());
        let expected = BorrowerFacts::default()
            .needed(&needs())
            .iter()
            .filter(|(_, is_needed, _)| *is_needed)
            .count();
        assert_eq!(gaps.len(), expected);
        assert!(gaps.iter().all(|(_, rule)| *rule == CreditRule::Missing));
        let mut sorted = gaps.clone();
        sorted.sort_by_key(|(field, _)| *field);
        assert_eq!(gaps, sorted);
    }

    #[test]
    fn everything_known_has_no_gap() {
        assert_eq!(whole().gaps(&needs()), Vec::new());
    }

    #[test]
    fn each_single_fact_taken_away_is_its_own_gap() {
        let stored = serde_json::to_value(whole()).unwrap();
        let mut met = 0;
        for (name, value) in stored.as_object().unwrap() {
            let is_free = ["borrower_type", "dependents"].contains(&name.as_str());
            if value.is_null() || is_free {
                continue;
            }
            let mut less = stored.clone();
            less[name] = serde_json::Value::Null;
            let facts: BorrowerFacts = serde_json::from_value(less).unwrap();
            assert_eq!(facts.gaps(&needs()).len(), 1, "{name}");
            met += 1;
        }
        assert_eq!(met, 29);
    }

    #[test]
    fn what_one_fact_makes_necessary() {
        let gaps = |facts: &BorrowerFacts, needs: BorrowerNeeds| facts.gaps(&needs);
        let one = |field| vec![(field, CreditRule::Missing)];
        let base = needs();
        assert_eq!(
            gaps(
                &whole(),
                BorrowerNeeds {
                    regime: true,
                    ..base
                }
            ),
            one(F::MatrimonialRegime)
        );
        assert_eq!(
            gaps(
                &whole(),
                BorrowerNeeds {
                    is_key: false,
                    ..base
                }
            ),
            one(F::KeyBorrowerRelation)
        );
        assert_eq!(
            gaps(
                &whole(),
                BorrowerNeeds {
                    parish: true,
                    ..base
                }
            ),
            one(F::ResidenceParish)
        );
        let retired = BorrowerFacts {
            profession: None,
            employer: None,
            employment_contract_type: None,
            employment_position: None,
            employed_since: None,
            ..whole()
        };
        let free = BorrowerNeeds {
            employment: false,
            profession: false,
            ..base
        };
        assert_eq!(gaps(&retired, free), Vec::new());
        let abroad = BorrowerFacts {
            residence_district: None,
            residence_county: None,
            residence_zip_code_local: None,
            ..whole()
        };
        let away = BorrowerNeeds {
            portuguese_address: false,
            parish: true,
            ..base
        };
        assert_eq!(gaps(&abroad, away), Vec::new());
    }

    #[test]
    fn old_papers_and_refused_consents_are_gaps() {
        let facts = BorrowerFacts {
            identification_validity: Some(Date::new(2026, 11, 20).unwrap()),
            data_consent: Some(false),
            credit_bureau_consent: Some(false),
            ..whole()
        };
        assert_eq!(
            facts.gaps(&needs()),
            vec![
                (F::IdentificationValidity, CreditRule::Expired),
                (F::DataConsent, CreditRule::NotDone),
                (F::CreditBureauConsent, CreditRule::NotDone),
            ]
        );
        let today = BorrowerFacts {
            identification_validity: Some(needs().today),
            ..whole()
        };
        assert_eq!(today.gaps(&needs()), Vec::new());
    }

    #[test]
    fn facts_show_nothing_and_read_back() {
        assert_eq!(format!("{:?}", whole()), "BorrowerFacts(*)");
        let stored = serde_json::to_string(&whole()).unwrap();
        let back: BorrowerFacts = serde_json::from_str(&stored).unwrap();
        assert!(back == whole());
        let empty: BorrowerFacts = serde_json::from_str("{}").unwrap();
        assert!(empty == BorrowerFacts::default());
        assert!(serde_json::from_str::<BorrowerFacts>("{\"birth_date\":\"yesterday\"}").is_err());
    }
}
