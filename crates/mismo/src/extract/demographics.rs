//! Section 8 of the application.

use lintel_domain::application::borrower::{Collection, Demographics, RaceAnswer};

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
    let origins: Vec<Part<'_>> = section
        .every("HMDA_ETHNICITY_ORIGINS/HMDA_ETHNICITY_ORIGIN")
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
            .filter_map(|part| part.text("HMDAEthnicityOriginType"))
            .collect(),
        ethnicity_origin_description: origins
            .iter()
            .find_map(|part| part.text("HMDAEthnicityOriginTypeOtherDescription")),
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
    let mut answer = RaceAnswer {
        race: detail.text("HMDARaceType"),
        descriptions: detail
            .text("HMDARaceTypeAdditionalDescription")
            .into_iter()
            .collect(),
        ..RaceAnswer::default()
    };
    for designation in part.every("HMDA_RACE_DESIGNATIONS/HMDA_RACE_DESIGNATION") {
        let extension = designation.extension(ULAD, "HMDA_RACE_DESIGNATION_EXTENSION");
        answer
            .designations
            .extend(extension.text("HMDARaceDesignationType"));
        for name in [
            "HMDARaceDesignationOtherAsianDescription",
            "HMDARaceDesignationOtherPacificIslanderDescription",
        ] {
            let described = extension.text(name).or_else(|| designation.text(name));
            answer.descriptions.extend(described);
        }
    }
    answer
}
