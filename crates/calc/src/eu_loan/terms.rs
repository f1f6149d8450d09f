//! Reading the terms of a credit.

use lintel_engine::aprc::Years;
use lintel_engine::aprc::assumptions::{BorrowingRate, IndexedRate, StatedRate};
use lintel_engine::aprc::costs::{COST_KINDS, Cost, CostKind, CostTiming};
use lintel_engine::aprc::credit::{CreditTerms, Part};
use lintel_engine::aprc::repayment::{Drawdown, Method, RateConvention};
use lintel_engine::schedule::{LastPayment, MAX_TERM_MONTHS, RateStep};

use crate::eu::{named, years};
use crate::failure::Failure;
use crate::fields::Fields;

/// The whole request.
pub(super) fn terms(inputs: &Fields<'_>) -> Result<CreditTerms, Failure> {
    let parts = if inputs.has("parts") {
        let parts = inputs.objects("parts")?;
        parts.iter().map(part).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![part(inputs)?]
    };
    let costs = if inputs.has("costs") {
        let costs = inputs.objects("costs")?;
        costs.iter().map(cost).collect::<Result<Vec<_>, _>>()?
    } else {
        Vec::new()
    };
    let convention = [
        ("nominal", RateConvention::Nominal),
        ("effective", RateConvention::Effective),
    ];
    let last_payment = [
        ("clears", LastPayment::ClearsBalance),
        ("level", LastPayment::Level),
    ];
    Ok(CreditTerms {
        parts,
        months_per_instalment: inputs.whole_or("months_per_instalment", 1, (1, 12))?,
        first_period: first_period(inputs)?,
        convention: choice(inputs, "rate_convention", &convention)?,
        last_payment: choice(inputs, "last_instalment", &last_payment)?,
        costs,
    })
}

/// The value of one of a few names; the first when left out.
fn choice<T: Copy>(inputs: &Fields<'_>, name: &str, known: &[(&str, T)]) -> Result<T, Failure> {
    let found = if inputs.has(name) {
        let text = inputs.text(name)?;
        known.iter().find(|(word, _)| *word == text)
    } else {
        known.first()
    };
    let words: Vec<_> = known.iter().map(|(word, _)| *word).collect();
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| inputs.fault(name, format!("must be {}", words.join(" or "))))
}

fn part(fields: &Fields<'_>) -> Result<Part, Failure> {
    let drawdowns = if fields.has("drawdowns") {
        let drawdown = |fields: &Fields<'_>| {
            Ok(Drawdown {
                month: fields.whole("month", 0, MAX_TERM_MONTHS)?,
                amount: fields.positive_money("amount")?,
            })
        };
        let objects = fields.objects("drawdowns")?;
        let drawdowns: Result<Vec<_>, Failure> = objects.iter().map(drawdown).collect();
        drawdowns?
    } else {
        let amount = fields.positive_money("amount")?;
        vec![Drawdown { month: 0, amount }]
    };
    Ok(Part {
        drawdowns,
        term_months: fields.whole("term_months", 1, MAX_TERM_MONTHS)?,
        rate: rate(fields)?,
        highest_index: fields.optional_pct("highest_index_percent")?,
        method: method(fields)?,
        interest_only_months: fields.whole_or("interest_only_months", 0, (0, MAX_TERM_MONTHS))?,
    })
}

fn rate(fields: &Fields<'_>) -> Result<BorrowingRate, Failure> {
    if fields.has("rate_path") {
        let step = |fields: &Fields<'_>| {
            Ok(RateStep {
                rate: fields.pct("rate_percent")?,
                months: fields.whole("months", 1, MAX_TERM_MONTHS)?,
            })
        };
        let steps = fields.objects("rate_path")?;
        let steps: Result<Vec<_>, Failure> = steps.iter().map(step).collect();
        return Ok(BorrowingRate::Agreed(steps?));
    }
    let months = |name| fields.whole_or(name, 0, (0, MAX_TERM_MONTHS));
    let indexed = if fields.has("index_percent") {
        Some(IndexedRate {
            index: fields.pct("index_percent")?,
            spread: fields.optional_pct("spread_percent")?.unwrap_or_default(),
            cap: fields.optional_pct("cap_percent")?,
            floor: fields.optional_pct("floor_percent")?,
        })
    } else {
        None
    };
    let stated = StatedRate {
        // Without an index there must be one, and reading it says so.
        fixed: (indexed.is_none() || fields.has("rate_percent"))
            .then(|| fields.pct("rate_percent"))
            .transpose()?,
        fixed_months: months("fixed_months")?,
        indexed,
        first_change_months: months("first_change_months")?,
    };
    BorrowingRate::try_of(&stated).map_err(named)
}

/// Members that say how capital comes back; one of them at most.
const METHODS: [&str; 4] = [
    "amortize_over_months",
    "agreed_instalment",
    "part_of_balance_percent",
    "method",
];

fn method(fields: &Fields<'_>) -> Result<Method, Failure> {
    let mut given = METHODS.into_iter().filter(|name| fields.has(name));
    let first = given.next();
    if let Some(second) = given.next() {
        let message = format!("cannot stand beside {}", first.unwrap_or_default());
        return Err(fields.fault(second, message));
    }
    match first {
        Some("amortize_over_months") => Ok(Method::Balloon {
            amortize_over_months: fields.whole("amortize_over_months", 1, MAX_TERM_MONTHS)?,
        }),
        Some("agreed_instalment") => {
            let amount = fields.positive_money("agreed_instalment")?;
            Ok(Method::AgreedInstalment(amount))
        }
        Some("part_of_balance_percent") => {
            let part = fields.pct("part_of_balance_percent")?;
            Ok(Method::PartOfBalance(part))
        }
        Some(_) | None => {
            let known = [
                ("equal_instalments", Method::EqualInstalments),
                ("equal_capital", Method::EqualCapital),
            ];
            choice(fields, "method", &known)
        }
    }
}

/// Time to the first instalment, when it is given.
fn first_period(inputs: &Fields<'_>) -> Result<Option<Years>, Failure> {
    if inputs.has("first_period_years") {
        return Ok(Some(years(inputs, "first_period_years")?));
    }
    if !inputs.has("first_payment_date") && !inputs.has("drawdown_date") {
        return Ok(None);
    }
    let drawdown = inputs.date("drawdown_date")?;
    let first_payment = inputs.date("first_payment_date")?;
    let time = Years::first_period(drawdown, first_payment);
    Ok(Some(time.map_err(named)?))
}

fn cost(fields: &Fields<'_>) -> Result<Cost, Failure> {
    let kind = CostKind::parse(fields.text("kind")?).map_err(|_| {
        let known: Vec<_> = COST_KINDS.iter().map(|kind| kind.name()).collect();
        fields.fault("kind", format!("must be one of {}", known.join(", ")))
    })?;
    Ok(Cost {
        kind,
        amount: fields.money_or_zero("amount")?,
        timing: timing(fields)?,
    })
}

fn timing(fields: &Fields<'_>) -> Result<CostTiming, Failure> {
    match fields.text("when")? {
        "drawdown" => Ok(CostTiming::AtDrawdown),
        "financed" => Ok(CostTiming::Financed),
        "instalment" => Ok(CostTiming::EachInstalment),
        "month" => {
            let month = i64::from(fields.signed("month")?);
            let time = Years::months(month);
            let time = time.map_err(|_| fields.fault("month", "is too far away"))?;
            Ok(CostTiming::At(time))
        }
        "every" => Ok(CostTiming::Every {
            first_month: fields.whole_or("month", 0, (0, MAX_TERM_MONTHS))?,
            months: fields.whole("months", 1, MAX_TERM_MONTHS)?,
        }),
        _ => {
            let message = "must be drawdown, financed, instalment, month or every";
            Err(fields.fault("when", message))
        }
    }
}
