//! Section 8 of the application.

use lintel_domain::application::borrower::{
    Collection, Demographics, DesignationAnswer, OriginAnswer, RaceAnswer,
};

use super::draft::{Draft, Id};
use crate::tree::ULAD;

/// Writes the answers the government monitors into a `BORROWER`.
pub(super) fn write<'a>(draft: &mut Draft<'a>, body: Id, demographics: &'a Demographics) {
    let Demographics {
        application_method,
        ethnicity_collection,
        ethnicities,
        ethnicity_origins,
        ethnicity_origin_description,
        ethnicity_origin_answers,
        sex_collection,
        sex,
        race_collection,
        races,
    } = demographics;
    let section = draft.at(body, "GOVERNMENT_MONITORING");
    let detail = draft.at(section, "GOVERNMENT_MONITORING_DETAIL");
    let collections = [
        (
            ethnicity_collection,
            "HMDAEthnicityRefusalIndicator",
            "HMDAEthnicityCollectedBasedOnVisualObservationOrSurnameIndicator",
        ),
        (
            sex_collection,
            "HMDAGenderRefusalIndicator",
            "HMDAGenderCollectedBasedOnVisualObservationOrNameIndicator",
        ),
        (
            race_collection,
            "HMDARaceRefusalIndicator",
            "HMDARaceCollectedBasedOnVisualObservationOrSurnameIndicator",
        ),
    ];
    for (collection, refused, observed) in collections {
        let Collection {
            is_refused,
            is_observed,
        } = collection;
        draft.flag(detail, refused, *is_refused);
        draft.flag(detail, observed, *is_observed);
    }
    let extension = draft.extension(detail, ULAD, "GOVERNMENT_MONITORING_DETAIL_EXTENSION");
    draft.text(
        extension,
        "ApplicationTakenMethodType",
        application_method.as_ref(),
    );
    draft.text(extension, "HMDAGenderType", sex.as_ref());
    let extension = draft.extension(section, ULAD, "GOVERNMENT_MONITORING_EXTENSION");
    let list = draft.at(extension, "HMDA_ETHNICITIES");
    for ethnicity in ethnicities {
        let part = draft.add(list, "HMDA_ETHNICITY");
        draft.text(part, "HMDAEthnicityType", Some(ethnicity));
    }
    if ethnicity_origin_answers.is_empty() {
        let description = ethnicity_origin_description.as_ref();
        summed_origins(draft, section, ethnicity_origins, description);
    }
    for OriginAnswer {
        origin,
        description,
    } in ethnicity_origin_answers
    {
        origin_answer(draft, section, origin.as_ref(), description.as_ref());
    }
    let list = draft.at(section, "HMDA_RACES");
    for answer in races {
        let part = draft.item(list, "HMDA_RACE");
        race(draft, part, answer);
    }
}

/// Origins without their answers one by one: the description goes with the one that needs it.
fn summed_origins<'a>(
    draft: &mut Draft<'a>,
    section: Id,
    origins: &'a [String],
    description: Option<&'a String>,
) {
    let other = origins.iter().position(|origin| origin == "Other");
    for (index, origin) in origins.iter().enumerate() {
        let described = description.filter(|_| other == Some(index));
        origin_answer(draft, section, Some(origin), described);
    }
    if description.is_some() && other.is_none() {
        origin_answer(draft, section, None, description);
    }
}

fn origin_answer<'a>(
    draft: &mut Draft<'a>,
    section: Id,
    origin: Option<&'a String>,
    description: Option<&'a String>,
) {
    let list = draft.at(section, "HMDA_ETHNICITY_ORIGINS");
    let part = draft.add(list, "HMDA_ETHNICITY_ORIGIN");
    draft.text(part, "HMDAEthnicityOriginType", origin);
    draft.text(part, "HMDAEthnicityOriginTypeOtherDescription", description);
}

fn race<'a>(draft: &mut Draft<'a>, part: Id, answer: &'a RaceAnswer) {
    let RaceAnswer {
        race,
        designations,
        descriptions,
        tribe,
        designation_answers,
    } = answer;
    let is_native = race.as_deref() == Some("AmericanIndianOrAlaskaNative");
    // Without answers one by one the first description is the tribe's of a native race, and the
    // others go with the designations that ask for one, in order.
    let summed: &[String] = match (tribe, designation_answers.as_slice()) {
        (None, []) => descriptions,
        (Some(_), _) | (None, [_, ..]) => &[],
    };
    let (native, others) = match summed.split_first() {
        Some((first, others)) if is_native => (Some(first), others),
        Some(_) | None => (None, summed),
    };
    let detail = draft.at(part, "HMDA_RACE_DETAIL");
    draft.text(detail, "HMDARaceType", race.as_ref());
    draft.text(
        detail,
        "HMDARaceTypeAdditionalDescription",
        tribe.as_ref().or(native),
    );
    if designation_answers.is_empty() {
        summed_designations(draft, part, designations, others);
    }
    for DesignationAnswer {
        designation,
        other_asian,
        other_pacific_islander,
    } in designation_answers
    {
        let answers = [designation, other_asian, other_pacific_islander];
        designation_answer(draft, part, answers.map(Option::as_ref));
    }
}

fn summed_designations<'a>(
    draft: &mut Draft<'a>,
    race: Id,
    designations: &'a [String],
    descriptions: &'a [String],
) {
    let mut rest = descriptions.iter();
    for designation in designations {
        let (asian, islander) = match designation.as_str() {
            "OtherAsian" => (rest.next(), None),
            "OtherPacificIslander" => (None, rest.next()),
            _ => (None, None),
        };
        designation_answer(draft, race, [Some(designation), asian, islander]);
    }
    for description in rest {
        designation_answer(draft, race, [None, Some(description), None]);
    }
}

fn designation_answer<'a>(
    draft: &mut Draft<'a>,
    race: Id,
    [designation, other_asian, other_islander]: [Option<&'a String>; 3],
) {
    let list = draft.at(race, "HMDA_RACE_DESIGNATIONS");
    let part = draft.add(list, "HMDA_RACE_DESIGNATION");
    let extension = draft.extension(part, ULAD, "HMDA_RACE_DESIGNATION_EXTENSION");
    draft.text(
        extension,
        "HMDARaceDesignationOtherAsianDescription",
        other_asian,
    );
    draft.text(
        extension,
        "HMDARaceDesignationOtherPacificIslanderDescription",
        other_islander,
    );
    draft.text(extension, "HMDARaceDesignationType", designation);
}
