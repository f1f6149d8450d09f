//! Section 5 of the application.

use lintel_domain::application::declaration::{BankruptcyChapter, Declarations, Explanation};

use super::draft::{Draft, Id};
use crate::tree::ULAD;

/// Writes the declarations into a `BORROWER`; citizenship, which stands among them in the standard,
/// is the borrower's own.
pub(super) fn write<'a>(draft: &mut Draft<'a>, body: Id, declarations: &'a Declarations) {
    let Declarations {
        will_occupy: _,
        owned_home_in_three_years: _,
        prior_usage: _,
        prior_title: _,
        is_fha_secondary_residence,
        is_related_to_seller,
        borrows_undisclosed_funds,
        undisclosed_funds_cents,
        applies_for_other_mortgage,
        applies_for_other_credit,
        plans_clean_energy_lien,
        is_undisclosed_comaker,
        has_outstanding_judgments,
        is_delinquent_on_federal_debt,
        is_party_to_lawsuit,
        had_deed_in_lieu,
        had_short_sale,
        had_foreclosure,
        had_bankruptcy,
        bankruptcy_chapters,
        explanations,
    } = declarations;
    let detail = draft.at(body, "DECLARATION/DECLARATION_DETAIL");
    choices(draft, detail, declarations);
    draft.amount(
        detail,
        "UndisclosedBorrowedFundsAmount",
        *undisclosed_funds_cents,
    );
    let flags = [
        ("BankruptcyIndicator", had_bankruptcy),
        ("FHASecondaryResidenceIndicator", is_fha_secondary_residence),
        ("OutstandingJudgmentsIndicator", has_outstanding_judgments),
        ("PartyToLawsuitIndicator", is_party_to_lawsuit),
        (
            "PresentlyDelinquentIndicator",
            is_delinquent_on_federal_debt,
        ),
        ("PriorPropertyDeedInLieuConveyedIndicator", had_deed_in_lieu),
        (
            "PriorPropertyForeclosureCompletedIndicator",
            had_foreclosure,
        ),
        ("PriorPropertyShortSaleCompletedIndicator", had_short_sale),
        (
            "PropertyProposedCleanEnergyLienIndicator",
            plans_clean_energy_lien,
        ),
        (
            "UndisclosedBorrowedFundsIndicator",
            borrows_undisclosed_funds,
        ),
        ("UndisclosedComakerOfNoteIndicator", is_undisclosed_comaker),
        (
            "UndisclosedCreditApplicationIndicator",
            applies_for_other_credit,
        ),
        (
            "UndisclosedMortgageApplicationIndicator",
            applies_for_other_mortgage,
        ),
    ];
    draft.flags(detail, flags);
    let extension = draft.extension(detail, ULAD, "DECLARATION_DETAIL_EXTENSION");
    let name = "SpecialBorrowerSellerRelationshipIndicator";
    draft.flag(extension, name, *is_related_to_seller);
    bankruptcies(draft, body, bankruptcy_chapters);
    explain(draft, body, explanations);
}

/// Answers that are more than yes or no.
fn choices<'a>(draft: &mut Draft<'a>, detail: Id, declarations: &'a Declarations) {
    let answer = declarations.will_occupy.as_ref();
    draft.word(detail, "IntentToOccupyType", answer);
    let answer = declarations.owned_home_in_three_years.as_ref();
    draft.word(detail, "HomeownerPastThreeYearsType", answer);
    let title = declarations.prior_title.as_ref();
    draft.word(detail, "PriorPropertyTitleType", title);
    let usage = declarations.prior_usage.as_ref();
    draft.word(detail, "PriorPropertyUsageType", usage);
}

fn bankruptcies<'a>(draft: &mut Draft<'a>, body: Id, chapters: &'a [BankruptcyChapter]) {
    let list = draft.at(body, "BANKRUPTCIES");
    for chapter in chapters {
        let part = draft.add(list, "BANKRUPTCY");
        let detail = draft.at(part, "BANKRUPTCY_DETAIL");
        draft.word(detail, "BankruptcyChapterType", Some(chapter));
    }
}

fn explain<'a>(draft: &mut Draft<'a>, body: Id, explanations: &'a [Explanation]) {
    let list = draft.at(body, "DECLARATION/DECLARATION_EXPLANATIONS");
    for Explanation { about, text } in explanations {
        let part = draft.add(list, "DECLARATION_EXPLANATION");
        draft.text(part, "DeclarationExplanationDescription", Some(text));
        draft.text(part, "DeclarationExplanationType", about.as_ref());
    }
}
