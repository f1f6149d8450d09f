//! Kinds `us_finance_charge_class` and `us_points_and_fees`.

use lintel_engine::Cents;
use lintel_engine::us::finance_charge::{
    Charge, ChargeClass, Class, Fact, Facts, PaidBy, Section, prepaid_finance_charge,
};
use lintel_engine::us::points_and_fees::{
    PaidTo, PointsItem, PointsKind, PointsScene, points_and_fees,
};
use serde_json::{Value, json};

use super::edition;
use crate::KindDoc;
use crate::failure::Failure;
use crate::fields::Fields;

/// Most charges of one request.
const MAX_FEES: usize = 1000;

pub(crate) const US_FINANCE_CHARGE_CLASS: KindDoc = KindDoc {
    name: "us_finance_charge_class",
    summary: "Which charges are finance charges, why, and what the prepaid ones come to.",
    inputs: &[
        ("fees[]", "charges:"),
        (
            "  mismo_type",
            "MISMO fee or prepaid item type, such as AppraisalFee",
        ),
        ("  section", "A, B, C, E, F, G or H of the Loan Estimate"),
        ("  amount", "0 when left out"),
        (
            "  paid_by",
            "\"consumer\" when left out, \"seller\" or \"creditor\"",
        ),
        ("  facts", "what is known of it, by name: true or false"),
        (
            "facts",
            "what is known of every charge; a charge's own facts go first",
        ),
        ("date", "day of the table; the newest when left out"),
    ],
    results: &[
        (
            "fees[]",
            "in their order: class, counts, reason, paragraph,",
        ),
        (
            "  missing_facts",
            "facts that would decide it; it counts until they are stated",
        ),
        (
            "  presumed_facts",
            "facts taken for granted because nobody stated them",
        ),
        ("prepaid_finance_charge", "sum of what counts"),
    ],
    formula: "a charge counts unless a way out of its rule holds; facts: charged_to_every_applicant, \
              for_listed_documents, creditor_requires_service, creditor_requires_charge, creditor_retains_part, \
              mainly_for_excluded_services, once_only, consumer_may_choose_insurer, choice_disclosed, voluntary, \
              voluntary_disclosed, request_signed, itemised_and_disclosed, bona_fide_and_reasonable, \
              real_property_secured, part_of_credit_report, imposed_on_creditor, condition_of_credit, before_closing",
    source: "12 CFR 1026.4; paragraph numbers and our reading per type are not confirmed",
    calculate: us_finance_charge_class,
};

pub(crate) const US_POINTS_AND_FEES: KindDoc = KindDoc {
    name: "us_points_and_fees",
    summary: "Points and fees of a closed-end loan.",
    inputs: &[
        ("loan_amount", "amount a discount point is one percent of"),
        (
            "undiscounted_spread_points",
            "rate before the discount less average prime offer rate; left out, no point is bona fide",
        ),
        ("fees[]", "charges:"),
        ("  amount", "of the charge"),
        (
            "  mismo_type, section, facts",
            "find the kind in the table, as us_finance_charge_class does; or",
        ),
        (
            "  kind",
            "interest, government_insurance, private_insurance, finance_charge, discount_points, \
             originator_compensation, real_estate, credit_insurance, prepayment_penalty or never",
        ),
        (
            "  paid_to",
            "\"creditor\", \"affiliate\", \"originator\" or \"third_party\"",
        ),
        (
            "  retained",
            "part of a third party's charge that one of those keeps; 0 when left out",
        ),
        (
            "  reasonable",
            "false for a real-estate charge that is not; true when left out",
        ),
        (
            "  refundable",
            "false for private insurance not refunded pro rata; true when left out",
        ),
        ("date", "day of the tables; the newest when left out"),
    ],
    results: &[
        ("points_and_fees", "the total"),
        (
            "counted[]",
            "what counts of each charge, before bona fide points",
        ),
        ("bona_fide_excluded", "discount points left out"),
    ],
    formula: "sum of what counts, less up to 2 points (undiscounted spread up to 1) or 1 point (up to 2)",
    source: "12 CFR 1026.32(b)(1), 15 USC 1602(bb)(4), (ee); the paragraphs on insurance recalled, not confirmed",
    calculate: us_points_and_fees,
};

fn section(fee: &Fields<'_>) -> Result<Section, Failure> {
    Ok(match fee.text("section")? {
        "A" => Section::A,
        "B" => Section::B,
        "C" => Section::C,
        "E" => Section::E,
        "F" => Section::F,
        "G" => Section::G,
        "H" => Section::H,
        _ => return Err(fee.fault("section", "must be A, B, C, E, F, G or H")),
    })
}

fn facts(of: &Fields<'_>, mut known: Facts) -> Result<Facts, Failure> {
    let Some(stated) = of.object("facts")? else {
        return Ok(known);
    };
    for name in stated.names() {
        let fact =
            Fact::parse(name).map_err(|_| stated.fault(name, "is not a fact; see the help"))?;
        if stated.has(name) {
            known = known.with(fact, stated.flag(name)?);
        }
    }
    Ok(known)
}

/// A list of charges within bounds.
fn fees<'a>(inputs: &Fields<'a>) -> Result<Vec<Fields<'a>>, Failure> {
    let fees = inputs.objects("fees")?;
    if fees.len() > MAX_FEES {
        return Err(Failure {
            code: "too_large",
            ..inputs.fault("fees", format!("must have at most {MAX_FEES} elements"))
        });
    }
    Ok(fees)
}

fn us_finance_charge_class(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let table = &edition(inputs, &inputs.rules().us.finance_charge)?.rows;
    let of_all = facts(inputs, Facts::default())?;
    let mut charges = Vec::new();
    let mut verdicts = Vec::new();
    for fee in fees(inputs)? {
        let amount = fee.money_or_zero("amount")?;
        let paid_by = match fee.text("paid_by") {
            Ok("consumer") => PaidBy::Consumer,
            Ok("seller") => PaidBy::Seller,
            Ok("creditor") => PaidBy::Creditor,
            Ok(_) => return Err(fee.fault("paid_by", "must be consumer, seller or creditor")),
            Err(_) if !fee.has("paid_by") => PaidBy::Consumer,
            Err(failure) => return Err(failure),
        };
        let known = facts(&fee, of_all.clone())?;
        let fee_type = fee.text("mismo_type")?;
        let verdict = table.classify(fee_type, section(&fee)?, paid_by, &known);
        let class = if verdict.counts() {
            ChargeClass::PrepaidFinanceCharge
        } else {
            ChargeClass::Excluded
        };
        charges.push(Charge {
            amount,
            class,
            paid_by,
        });
        let names = |facts: &[Fact]| facts.iter().map(|fact| fact.name()).collect::<Vec<_>>();
        verdicts.push(json!({
            "mismo_type": fee_type,
            "class": class_name(verdict.class),
            "counts": verdict.counts(),
            "reason": verdict.reason,
            "paragraph": verdict.paragraph,
            "missing_facts": names(&verdict.missing),
            "presumed_facts": names(&verdict.presumed),
        }));
    }
    let total = prepaid_finance_charge(&charges)?;
    Ok(json!({ "fees": verdicts, "prepaid_finance_charge": total.to_string() }))
}

const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Included => "included",
        Class::Excluded => "excluded",
        Class::NeedsFact => "needs_fact",
    }
}

fn us_points_and_fees(inputs: &Fields<'_>) -> Result<Value, Failure> {
    let us = &inputs.rules().us;
    let scene = PointsScene {
        loan_amount: inputs.positive_money("loan_amount")?,
        undiscounted_spread: inputs.optional_pct("undiscounted_spread_points")?,
        fha_upfront: edition(inputs, &us.fha)?.rows.upfront,
        bona_fide: edition(inputs, &us.bona_fide_points)?.rows,
    };
    let items = fees(inputs)?
        .iter()
        .map(|fee| item(inputs, fee))
        .collect::<Result<Vec<_>, _>>()?;
    let found = points_and_fees(&items, &scene)?;
    let counted: Vec<String> = found.counted.iter().map(Cents::to_string).collect();
    Ok(json!({
        "points_and_fees": found.total.to_string(),
        "counted": counted,
        "bona_fide_excluded": found.bona_fide_excluded.to_string(),
    }))
}

fn item(inputs: &Fields<'_>, fee: &Fields<'_>) -> Result<PointsItem, Failure> {
    let kind = if fee.has("kind") {
        PointsKind::parse(fee.text("kind")?)
            .map_err(|_| fee.fault("kind", "is not a kind; see the help"))?
    } else {
        let table = &edition(inputs, &inputs.rules().us.finance_charge)?.rows;
        let known = facts(fee, facts(inputs, Facts::default())?)?;
        table
            .points_kind(fee.text("mismo_type")?, section(fee)?, &known)
            .ok_or_else(|| fee.fault("mismo_type", "is not in the table; say its kind"))?
    };
    let paid_to = match fee.text("paid_to")? {
        "creditor" => PaidTo::Creditor,
        "affiliate" => PaidTo::Affiliate,
        "originator" => PaidTo::Originator,
        "third_party" => PaidTo::ThirdParty,
        _ => {
            let message = "must be creditor, affiliate, originator or third_party";
            return Err(fee.fault("paid_to", message));
        }
    };
    let amount = fee.money_or_zero("amount")?;
    let retained = fee.money_or_zero("retained")?;
    if retained > amount {
        return Err(fee.fault("retained", "must not be more than the amount"));
    }
    let or_true = |name| -> Result<bool, Failure> { Ok(!fee.has(name) || fee.flag(name)?) };
    Ok(PointsItem {
        retained,
        reasonable: or_true("reasonable")?,
        refundable: or_true("refundable")?,
        ..PointsItem::new(amount, kind, paid_to)
    })
}
