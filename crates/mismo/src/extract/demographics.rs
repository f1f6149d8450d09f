//! Section 8 of the application.

use lintel_domain::application::borrower::{
    Collection, Demographics, DesignationAnswer, OriginAnswer, RaceAnswer,
};

use crate::tree::{Part, ULAD};

/// Reads the answers the government monitors; `None` when the section is absent or empty.
pub(super) fn read(body: Part<'_>) -> Option<Demographics> {
    let section = body.at("GOVERNMENT_MONITORING");
    let detail = section.at("GOVERNMENT_MONITORING_DETAIL");
    let extension = detail.extension(ULAD, "GOVERNMENT_MONITORING_DETAIL_EXTENSION");
    let collection = |refused: &str, observed: &str| Collection {
        is_refused: detail.flag(refused),
        is_observed: detail.flag(observed),
    };
    let origins: Vec<OriginAnswer> = section
        .every("HMDA_ETHNICITY_ORIGINS/HMDA_ETHNICITY_ORIGIN")
        .map(|part| OriginAnswer {
            origin: part.text("HMDAEthnicityOriginType"),
            description: part.text("HMDAEthnicityOriginTypeOtherDescription"),
        })
        .collect();
    let demographics = Demographics {
        application_method: extension.text("ApplicationTakenMethodType"),
        ethnicity_collection: collection(
            "HMDAEthnicityRefusalIndicator",
            "HMDAEthnicityCollectedBasedOnVisualObservationOrSurnameIndicator",
        ),
        ethnicities: section
            .extension(ULAD, "GOVERNMENT_MONITORING_EXTENSION")
            .texts("HMDA_ETHNICITIES/HMDA_ETHNICITY", "HMDAEthnicityType"),
        ethnicity_origins: origins
            .iter()
            .filter_map(|answer| answer.origin.clone())
            .collect(),
        ethnicity_origin_description: origins.iter().find_map(|answer| answer.description.clone()),
        ethnicity_origin_answers: origins,
        sex_collection: collection(
            "HMDAGenderRefusalIndicator",
            "HMDAGenderCollectedBasedOnVisualObservationOrNameIndicator",
        ),
        sex: extension.text("HMDAGenderType"),
        race_collection: collection(
            "HMDARaceRefusalIndicator",
            "HMDARaceCollectedBasedOnVisualObservationOrSurnameIndicator",
        ),
        races: section.every("HMDA_RACES/HMDA_RACE").map(race).collect(),
    };
    (demographics != Demographics::default()).then_some(demographics)
}

fn race(part: Part<'_>) -> RaceAnswer {
    let detail = part.at("HMDA_RACE_DETAIL");
    let tribe = detail.text("HMDARaceTypeAdditionalDescription");
    let mut answer = RaceAnswer {
        race: detail.text("HMDARaceType"),
        descriptions: tribe.clone().into_iter().collect(),
        tribe,
        ..RaceAnswer::default()
    };
    for designation in part.every("HMDA_RACE_DESIGNATIONS/HMDA_RACE_DESIGNATION") {
        let extension = designation.extension(ULAD, "HMDA_RACE_DESIGNATION_EXTENSION");
        let described = |name| extension.text(name).or_else(|| designation.text(name));
        let found = DesignationAnswer {
            designation: extension.text("HMDARaceDesignationType"),
            other_asian: described("HMDARaceDesignationOtherAsianDescription"),
            other_pacific_islander: described("HMDARaceDesignationOtherPacificIslanderDescription"),
        };
        answer.designations.extend(found.designation.clone());
        let words = [&found.other_asian, &found.other_pacific_islander];
        answer
            .descriptions
            .extend(words.into_iter().flatten().cloned());
        answer.designation_answers.push(found);
    }
    answer
}
