//! A borrower as a person: contact, declarations, and what is only asked for the law's sake.

use lintel_domain::application::borrower::{
    Borrower, Collection, Counseling, Demographics, Military, MilitaryService,
};
use lintel_domain::application::declaration::{Answer, Declarations};

use super::Block;
use crate::loans::facts::{self, Fact, Facts, masked, name, partial, word};
use crate::show;

pub(super) fn who(borrower: &Borrower) -> Block {
    let aliases: Vec<String> = borrower.aliases.iter().filter_map(name).collect();
    let phones: Vec<String> = borrower.phones.iter().map(facts::phone).collect();
    let ages: Vec<String> = borrower.dependent_ages.iter().map(u32::to_string).collect();
    let tax_id = borrower.tax_id.as_ref();
    let partner = &borrower.domestic_relationship;
    let (military, language) = (&borrower.military, &borrower.language);
    let facts = Facts::default()
        .add("Other names", Some(aliases.join(", ")))
        .add("Mail", Some(borrower.emails.join(", ")))
        .add("Phone", Some(phones.join(", ")))
        .add(
            "Tax id",
            tax_id.map(|id| format!("{} {}", word(&id.kind), masked(id.value.expose()))),
        )
        .add(
            "Born",
            borrower
                .birth_date
                .as_ref()
                .map(|day| show::long_date(*day.expose())),
        )
        .word("Marital status", borrower.marital_status.as_ref())
        .yes("Other partnership", partner.exists)
        .word("Kind of partnership", partner.kind.as_ref())
        .text("Partnership under the law of", partner.state.as_ref())
        .count("Dependents", borrower.dependent_count)
        .add("Their ages", Some(ages.join(", ")))
        .word("Citizenship", borrower.citizenship.as_ref())
        .yes(
            "Lives in a community property state",
            borrower.is_community_property_resident,
        )
        .text("Language", language.code.as_ref())
        .text("Language in words", language.description.as_ref())
        .yes("Would not name a language", language.is_refused)
        .yes("Served in the armed forces", military.has_served)
        .add("Service", Some(services(military)))
        .cents("Federal tax (VA) a month", military.va_federal_tax_cents)
        .date("Signed on", borrower.signed_date);
    Block::plain(facts.list())
}

/// The services one by one, each with the end of the tour of duty.
fn services(military: &Military) -> String {
    let service = |one: &MilitaryService| {
        let status = one.status.as_deref().map(facts::apart);
        let end = one
            .expected_completion
            .map(|day| format!("until {}", partial(day)));
        let parts: Vec<String> = [status, end].into_iter().flatten().collect();
        parts.join(" ")
    };
    if military.services.is_empty() {
        let statuses = military.statuses.iter().map(|text| facts::apart(text));
        let end = military.expected_completion;
        let end = end.map(|day| format!("until {}", partial(day)));
        let parts: Vec<String> = statuses.chain(end).collect();
        return parts.join(", ");
    }
    let services: Vec<String> = military.services.iter().map(service).collect();
    services.join(", ")
}

/// Declarations, counselling, demographics.
pub(super) fn questions(borrower: &Borrower) -> Vec<Block> {
    let asked = &borrower.declarations;
    let explained = asked
        .explanations
        .iter()
        .fold(Facts::default(), |facts, one| {
            let about = one.about.as_deref().map(facts::apart).unwrap_or_default();
            let text = if about.is_empty() {
                one.text.clone()
            } else {
                format!("{about}: {}", one.text)
            };
            facts.add("Explanation", Some(text))
        });
    let mut blocks = vec![
        Block::of("Declarations", declarations(asked)),
        Block::of("Explanations", explained.list()),
    ];
    blocks.extend(borrower.counseling.iter().map(counseling));
    if let Some(asked) = &borrower.demographics {
        let block = Block::of(
            "Demographics, asked for federal reporting",
            demographics(asked),
        );
        blocks.push(block.folded());
    }
    blocks
}

fn answer(given: Option<Answer>) -> Option<String> {
    given.map(|answer| word(&answer))
}

fn declarations(of: &Declarations) -> Vec<Fact> {
    let chapters: Vec<String> = of.bankruptcy_chapters.iter().map(word).collect();
    Facts::default()
        .add("Will live in the property", answer(of.will_occupy))
        .add(
            "Owned a home in the last three years",
            answer(of.owned_home_in_three_years),
        )
        .word("Used as", of.prior_usage.as_ref())
        .word("Title was held", of.prior_title.as_ref())
        .yes("FHA secondary residence", of.is_fha_secondary_residence)
        .yes("Related to the seller", of.is_related_to_seller)
        .yes("Borrows part of the money", of.borrows_undisclosed_funds)
        .cents("Borrowed part", of.undisclosed_funds_cents)
        .yes(
            "Applies for another mortgage",
            of.applies_for_other_mortgage,
        )
        .yes("Applies for other credit", of.applies_for_other_credit)
        .yes("A clean-energy lien is planned", of.plans_clean_energy_lien)
        .yes("Co-signed a debt not listed", of.is_undisclosed_comaker)
        .yes("Outstanding judgments", of.has_outstanding_judgments)
        .yes(
            "In default on a federal debt",
            of.is_delinquent_on_federal_debt,
        )
        .yes("Party to a lawsuit", of.is_party_to_lawsuit)
        .yes("Deed in lieu of foreclosure", of.had_deed_in_lieu)
        .yes("Short sale", of.had_short_sale)
        .yes("Foreclosure", of.had_foreclosure)
        .yes("Bankruptcy in the last seven years", of.had_bankruptcy)
        .add("Chapters", Some(chapters.join(", ")))
        .list()
}

fn counseling(of: &Counseling) -> Block {
    let facts = Facts::default()
        .yes("Confirmed", of.is_confirmed)
        .add("Completed", of.completed.map(partial))
        .said("Form", of.format.as_ref())
        .text("Agency", of.agency_name.as_ref())
        .text("HUD number of the agency", of.agency_id.as_ref());
    let kind = of.kind.as_deref().unwrap_or("Counseling");
    Block::of(facts::apart(kind), facts.list())
}

fn collected(how: &Collection) -> Option<String> {
    match (how.is_refused, how.is_observed) {
        (Some(true), Some(true)) => Some("Not answered; filled in from sight or name".to_owned()),
        (Some(true), _) => Some("Not answered".to_owned()),
        (_, Some(true)) => Some("Filled in from sight or name".to_owned()),
        (_, Some(false)) => Some("The borrower’s own answer".to_owned()),
        (_, None) => None,
    }
}

fn demographics(of: &Demographics) -> Vec<Fact> {
    let mut facts = Facts::default()
        .said("Application taken", of.application_method.as_ref())
        .all_said("Ethnicity", &of.ethnicities)
        .all_said("Origin", &of.ethnicity_origins)
        .text("Origin in words", of.ethnicity_origin_description.as_ref())
        .add("Ethnicity collected", collected(&of.ethnicity_collection))
        .said("Sex", of.sex.as_ref())
        .add("Sex collected", collected(&of.sex_collection));
    for race in &of.races {
        facts = facts
            .said("Race", race.race.as_ref())
            .all_said("Designation", &race.designations)
            .add(
                "In the borrower’s words",
                Some(race.descriptions.join(", ")),
            );
    }
    facts
        .add("Race collected", collected(&of.race_collection))
        .list()
}
