//! Rules of the large invented catalogue.

use lintel_domain::loan::{Occupancy, Program, Purpose};
use lintel_domain::scenario::{Flag, LimitClass, PropertyKind};
use lintel_engine::bands::{Band, Step};
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

use crate::catalogue::{Adjustment, Axis, AxisOf, Effect, Eligibility, Grid};
use crate::when::{Selector, When};

use super::{Dice, Map, milli};

/// Lower ends of the score bands.
const SCORES: [i64; 8] = [640, 660, 680, 700, 720, 740, 760, 780];
/// Upper ends of the bands of loan to value, in percent.
const LTVS: [i64; 8] = [30, 60, 70, 75, 80, 85, 90, 95];
/// Steps of loan amounts, in thousands of dollars.
const AMOUNTS: [i64; 7] = [75, 150, 250, 400, 700, 1_000, 1_500];

/// So many adjustments of every kind for the selected products.
pub(super) fn adjustments(
    dice: &mut Dice,
    map: &Map,
    selector: &Selector,
    (name, count): (&str, usize),
) -> Vec<Adjustment> {
    let rules = (0..count).map(|number| {
        let (kind, when, effect) = one(dice, map, number);
        let group = match kind {
            "grid" | "attribute" => Some("grid".to_owned()),
            "state" | "county" => Some("place".to_owned()),
            _ => None,
        };
        Adjustment {
            name: format!("{name} {kind} {number}"),
            group,
            products: selector.clone(),
            when,
            effect,
            days: None,
        }
    });
    rules.collect()
}

/// The kinds come by turns, so that even a short list has some of each.
fn one(dice: &mut Dice, map: &Map, number: usize) -> (&'static str, When, Effect) {
    let flat = |dice: &mut Dice| Effect::Flat(dice.points(60));
    match number % 10 {
        0 => {
            let when = When {
                purposes: dice.one(Purpose::ALL).into_iter().collect(),
                ..When::default()
            };
            ("grid", when, score_grid(dice))
        }
        1 => ("attribute", attribute(dice), ltv_grid(dice)),
        2..=4 => {
            let when = When {
                states: dice.one(&map.states).into_iter().collect(),
                ..When::default()
            };
            ("state", when, flat(dice))
        }
        5 => ("amount", amount(dice), flat(dice)),
        6 => ("county", counties(dice, map), flat(dice)),
        7 => {
            let when = When {
                flags: vec![(dice.one(Flag::ALL).unwrap_or(Flag::EscrowWaived), true)],
                not_states: dice.one(&map.states).into_iter().collect(),
                ..When::default()
            };
            ("flag", when, flat(dice))
        }
        8 => ("lock", When::default(), lock_grid(dice)),
        _ => {
            let value = format!("V{}", dice.below(4));
            let when = When {
                criteria: vec![("ServicingOption".to_owned(), vec![value])],
                ..When::default()
            };
            ("criterion", when, flat(dice))
        }
    }
}

fn attribute(dice: &mut Dice) -> When {
    let empty = When::default();
    match dice.below(6) {
        0 => When {
            property_kinds: vec![PropertyKind::Condominium, PropertyKind::HighRiseCondominium],
            ..empty
        },
        1 => When {
            occupancies: vec![Occupancy::SecondHome],
            ..empty
        },
        2 => When {
            occupancies: vec![Occupancy::Investor],
            ..empty
        },
        3 => When {
            units: Some(Step {
                at_least: Some(2),
                below: None,
            }),
            ..empty
        },
        4 => When {
            limits: vec![LimitClass::HighBalance],
            ..empty
        },
        _ => When {
            property_kinds: vec![PropertyKind::Manufactured],
            ..empty
        },
    }
}

fn amount(dice: &mut Dice) -> When {
    let at = dice.below(AMOUNTS.len());
    let edge = |at: usize| {
        let thousands = AMOUNTS.get(at).copied()?;
        Some(Cents::new(thousands.saturating_mul(100_000)))
    };
    When {
        loan_amount: Some(Band {
            over: edge(at),
            up_to: edge(at.saturating_add(1)),
        }),
        ..When::default()
    }
}

fn counties(dice: &mut Dice, map: &Map) -> When {
    let mut counties = Vec::new();
    for _ in 0..8 {
        let drawn = dice.one(&map.counties).map(|(_, county)| county);
        counties.extend(drawn.filter(|county| !counties.contains(county)));
    }
    When {
        counties,
        ..When::default()
    }
}

fn percent_edges() -> Vec<i64> {
    LTVS.map(|ltv| ltv.saturating_mul(Pct::SCALE)).to_vec()
}

fn score_grid(dice: &mut Dice) -> Effect {
    let mut cells = Vec::new();
    for row in 0..=SCORES.len() {
        for column in 0..=LTVS.len() {
            let cost = i64::try_from((8 - row) * column)
                .unwrap_or(0)
                .saturating_mul(-8);
            let points = milli(cost.saturating_add(dice.points(10).e9() / 1_000_000));
            // Nothing for the weakest scores at the highest ratios.
            let is_offered = row > 0 || column < LTVS.len();
            cells.push(is_offered.then_some(points));
        }
    }
    Effect::Grid(Grid {
        rows: Axis {
            of: AxisOf::Score,
            edges: SCORES.to_vec(),
        },
        columns: Some(Axis {
            of: AxisOf::Ltv,
            edges: percent_edges(),
        }),
        cells,
    })
}

fn ltv_grid(dice: &mut Dice) -> Effect {
    Effect::Grid(Grid {
        rows: Axis {
            of: AxisOf::Ltv,
            edges: percent_edges(),
        },
        columns: None,
        cells: (0..=LTVS.len()).map(|_| Some(dice.points(80))).collect(),
    })
}

fn lock_grid(dice: &mut Dice) -> Effect {
    Effect::Grid(Grid {
        rows: Axis {
            of: AxisOf::LockDays,
            edges: vec![15, 30, 45],
        },
        columns: None,
        cells: (0..4).map(|_| Some(dice.points(30))).collect(),
    })
}

fn ltv(most: i64) -> When {
    When {
        ltv: Some(Band {
            over: None,
            up_to: Some(milli(most.saturating_mul(1_000))),
        }),
        ..When::default()
    }
}

fn score(least: u32) -> When {
    When {
        score: Some(Step {
            at_least: Some(least),
            below: None,
        }),
        ..When::default()
    }
}

fn occupancy(occupancy: Occupancy) -> When {
    When {
        occupancies: vec![occupancy],
        ..When::default()
    }
}

fn program(program: Program) -> Selector {
    Selector {
        programs: vec![program],
        ..Selector::default()
    }
}

fn family(family: &str) -> Selector {
    Selector {
        families: vec![family.to_owned()],
        ..Selector::default()
    }
}

/// Ten rules of who may have what; every product is under several of them.
pub(super) fn eligibility(dice: &mut Dice, map: &Map) -> Vec<Eligibility> {
    let excluded = When {
        not_states: dice.one(&map.states).into_iter().collect(),
        ..When::default()
    };
    let dti = When {
        dti: Some(Band {
            over: None,
            up_to: Some(milli(50_000)),
        }),
        ..When::default()
    };
    let limits = When {
        limits: vec![LimitClass::Conforming, LimitClass::HighBalance],
        ..When::default()
    };
    let lives_there = occupancy(Occupancy::PrimaryResidence);
    let everyone = Selector::default;
    let always = When::default;
    let conventional = program(Program::Conventional);
    let rules = [
        ("Loan to value", everyone(), always(), ltv(100)),
        ("Score", everyone(), always(), score(580)),
        ("Debt to income", everyone(), always(), dti),
        ("Conventional loans", conventional, always(), ltv(97)),
        (
            "Second home",
            everyone(),
            occupancy(Occupancy::SecondHome),
            ltv(90),
        ),
        (
            "Investor",
            everyone(),
            occupancy(Occupancy::Investor),
            ltv(85),
        ),
        ("Jumbo loans", family("jumbo"), always(), score(680)),
        ("Portfolio loans", family("portfolio"), always(), excluded),
        ("Agency loans", family("agency"), always(), limits),
        ("FHA loans", program(Program::Fha), always(), lives_there),
    ];
    let rules = rules.map(|(name, products, when, require)| Eligibility {
        name: name.to_owned(),
        products,
        when,
        require,
        days: None,
    });
    rules.to_vec()
}
