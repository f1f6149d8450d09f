//! Section 5 of the application.

use lintel_domain::application::declaration::{Declarations, Explanation};

use crate::tree::{Part, ULAD};

/// Reads the declarations of a borrower.
pub(super) fn read(body: Part<'_>) -> Declarations {
    let detail = body.at("DECLARATION/DECLARATION_DETAIL");
    let extension = detail.extension(ULAD, "DECLARATION_DETAIL_EXTENSION");
    let bankruptcies = body.every("BANKRUPTCIES/BANKRUPTCY");
    Declarations {
        will_occupy: detail.word("IntentToOccupyType"),
        owned_home_in_three_years: detail.word("HomeownerPastThreeYearsType"),
        prior_usage: detail.word("PriorPropertyUsageType"),
        prior_title: detail.word("PriorPropertyTitleType"),
        is_fha_secondary_residence: detail.flag("FHASecondaryResidenceIndicator"),
        is_related_to_seller: extension.flag("SpecialBorrowerSellerRelationshipIndicator"),
        borrows_undisclosed_funds: detail.flag("UndisclosedBorrowedFundsIndicator"),
        undisclosed_funds_cents: detail.amount("UndisclosedBorrowedFundsAmount"),
        applies_for_other_mortgage: detail.flag("UndisclosedMortgageApplicationIndicator"),
        applies_for_other_credit: detail.flag("UndisclosedCreditApplicationIndicator"),
        plans_clean_energy_lien: detail.flag("PropertyProposedCleanEnergyLienIndicator"),
        is_undisclosed_comaker: detail.flag("UndisclosedComakerOfNoteIndicator"),
        has_outstanding_judgments: detail.flag("OutstandingJudgmentsIndicator"),
        is_delinquent_on_federal_debt: detail.flag("PresentlyDelinquentIndicator"),
        is_party_to_lawsuit: detail.flag("PartyToLawsuitIndicator"),
        had_deed_in_lieu: detail.flag("PriorPropertyDeedInLieuConveyedIndicator"),
        had_short_sale: detail.flag("PriorPropertyShortSaleCompletedIndicator"),
        had_foreclosure: detail.flag("PriorPropertyForeclosureCompletedIndicator"),
        had_bankruptcy: detail.flag("BankruptcyIndicator"),
        bankruptcy_chapters: bankruptcies
            .filter_map(|part| part.at("BANKRUPTCY_DETAIL").word("BankruptcyChapterType"))
            .collect(),
        explanations: body
            .every("DECLARATION/DECLARATION_EXPLANATIONS/DECLARATION_EXPLANATION")
            .filter_map(|part| {
                let text = part.text("DeclarationExplanationDescription")?;
                let about = part.text("DeclarationExplanationType");
                Some(Explanation { about, text })
            })
            .collect(),
    }
}
