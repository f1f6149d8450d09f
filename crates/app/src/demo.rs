//! The demo lender: an obviously invented organisation with staff, a catalogue and fee templates,
//! so that every endpoint has something to work on. Loading it again changes nothing.

use lintel_domain::event::EventKind;
use lintel_domain::fee::{FeeBasis, FeeTemplate, FinanceChargeRule, LeSection};
use lintel_domain::id::PublicId;
use lintel_domain::loan::Program;
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::product::{ArmFeatures, ArmIndex, Product, ProductTerms, RateKind};
use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;
use lintel_store::db::Tx;
use lintel_store::event::{NewEvent, record_in};
use lintel_store::fault::Fault;
use lintel_store::{fee, organisation, product};

use crate::admin::{self, NewStaff};
use crate::context::App;
use crate::error::AppError;
use crate::quote::not_in_force;

/// The demo lender's id: fixed, so that loading twice finds the first.
const DEMO_LENDER: &str = "DEMOLEND";
/// The actor of the demo's events.
const ACTOR: &str = "demo";

/// Sets up the demo lender, or finds it. The flag says whether it is new.
///
/// # Errors
/// Any fault of the database.
pub async fn load(app: &App) -> Result<(Organisation, bool), AppError> {
    let id = PublicId::parse(DEMO_LENDER).ok_or_else(|| Fault::internal("the demo's id"))?;
    if let Some(org) = organisation::load(app.db(), &id).await? {
        return Ok((org, false));
    }
    let now = app.now();
    let org = Organisation {
        id: app.row_id()?,
        public_id: id.clone(),
        kind: OrganisationKind::Retail,
        name: "Harbor Light Mortgage (demo)".to_owned(),
        parent_id: None,
        nmls: Some("9900001".to_owned()),
        is_active: true,
    };
    let mut tx = app.db().begin().await?;
    if !organisation::insert_in(&mut tx, &org, now).await? {
        // Another node was faster by a moment: its demo lender is as good.
        drop(tx);
        let there = organisation::load(app.db(), &id).await?;
        return Ok((
            there.ok_or_else(|| Fault::internal("the demo lender vanished"))?,
            false,
        ));
    }
    record(
        &mut tx,
        app,
        &org,
        EventKind::OrganisationCreated,
        org.id.as_str(),
    )
    .await?;
    for fee in fees(app)? {
        fee::insert_in(&mut tx, &org.id, &fee, now).await?;
        record(
            &mut tx,
            app,
            &org,
            EventKind::FeeTemplateAdded,
            fee.id.as_str(),
        )
        .await?;
    }
    for product in products(app)? {
        product::insert_in(&mut tx, &org.id, &product, now).await?;
        record(
            &mut tx,
            app,
            &org,
            EventKind::ProductAdded,
            product.id.as_str(),
        )
        .await?;
    }
    for person in staff() {
        admin::add_staff_in(app, &mut tx, &org, ACTOR, person).await?;
    }
    tx.commit().await?;
    Ok((org, true))
}

async fn record(
    tx: &mut Tx,
    app: &App,
    org: &Organisation,
    kind: EventKind,
    subject: &str,
) -> Result<(), Fault> {
    let event = NewEvent::plain(&org.id, app.now(), ACTOR, kind, subject);
    record_in(tx, &event).await.map(|_| ())
}

fn staff() -> [NewStaff; 2] {
    let person = |first: &str, last: &str, email: &str, nmls: &str, los: &str| NewStaff {
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: email.to_owned(),
        nmls: Some(nmls.to_owned()),
        los_id: Some(los.to_owned()),
    };
    [
        person(
            "Olive",
            "Officer",
            "olive.officer@example.com",
            "9900101",
            "LO-1",
        ),
        person(
            "Lionel",
            "Lender",
            "lionel.lender@example.com",
            "9900102",
            "LO-2",
        ),
    ]
}

/// Name, MISMO type, section and basis of every charge.
fn fee_rows() -> [(&'static str, &'static str, LeSection, FeeBasis); 13] {
    use LeSection::{A, B, C, E, F, H};
    let flat = |dollars: i64| FeeBasis::Flat(Cents::new(dollars * 100));
    [
        (
            "Origination Fee",
            "LoanOriginationFee",
            A,
            FeeBasis::PercentOfLoan(milli_pct(250)),
        ),
        ("Underwriting Fee", "UnderwritingFee", A, flat(795)),
        ("Appraisal", "AppraisalFee", B, flat(575)),
        ("Credit Report", "CreditReportFee", B, flat(65)),
        ("Flood Certification", "FloodCertification", B, flat(12)),
        ("Tax Service Fee", "TaxServiceFee", B, flat(85)),
        ("Title - Settlement Fee", "SettlementFee", C, flat(450)),
        (
            "Title - Lender's Policy",
            "TitleLendersCoveragePremium",
            C,
            FeeBasis::PercentOfLoan(milli_pct(200)),
        ),
        ("Title - Notary Fee", "TitleNotaryFee", C, flat(150)),
        (
            "Recording Fee - Mortgage",
            "RecordingFeeForMortgage",
            E,
            flat(145),
        ),
        ("Recording Fee - Deed", "RecordingFeeForDeed", E, flat(45)),
        (
            "Prepaid Interest (15 days)",
            "PrepaidInterest",
            F,
            FeeBasis::InterestDays(15),
        ),
        (
            "Title - Owner's Policy (optional)",
            "TitleOwnersCoveragePremium",
            H,
            flat(650),
        ),
    ]
}

fn fees(app: &App) -> Result<Vec<FeeTemplate>, Fault> {
    let rows = fee_rows();
    let day = Date::new(2026, 1, 1).map_err(|e| Fault::internal("demo date").caused_by(e))?;
    let mut fees = Vec::with_capacity(rows.len() + 1);
    for (position, (name, mismo_type, section, basis)) in (1_i64..).zip(rows) {
        fees.push(FeeTemplate {
            id: app.row_id()?,
            position,
            name: name.to_owned(),
            mismo_type: mismo_type.to_owned(),
            mismo_type_other: None,
            section,
            basis,
            finance_charge: FinanceChargeRule::ByType,
            program: None,
            purpose: None,
            state: None,
            min_loan: None,
            max_loan: None,
            effective_from: day,
            effective_to: None,
        });
    }
    // One template that only some loans meet: a state's mortgage tax.
    fees.push(FeeTemplate {
        id: app.row_id()?,
        position: 14,
        name: "Mortgage Tax - State".to_owned(),
        mismo_type: "MortgageSurchargeState".to_owned(),
        section: LeSection::E,
        basis: FeeBasis::PercentOfLoan(milli_pct(500)),
        state: Some("NY".to_owned()),
        ..fees[0].clone()
    });
    Ok(fees)
}

/// Thousandths of a percent.
const fn milli_pct(thousandths: i64) -> Pct {
    Pct::new(thousandths * 1_000_000)
}

/// The rule book's value of an index, since a demo's lender has none of its own.
fn index_value(app: &App, index: ArmIndex, day: Date) -> Result<Option<Pct>, Fault> {
    let value = app.rules().index_value(index, day);
    value.map_err(|missing| not_in_force(&missing))
}

fn products(app: &App) -> Result<Vec<Product>, Fault> {
    let day = crate::quote::today(app)?;
    let fixed = |years: u32| (years * 12, RateKind::Fixed);
    let arm = |years: u32| {
        let features = ArmFeatures {
            index: ArmIndex::Sofr30DayAverage,
            margin: milli_pct(2750),
            first_adjustment_months: years * 12,
            first_cap: milli_pct(if years > 5 { 5000 } else { 2000 }),
            adjustment_months: 6,
            periodic_cap: milli_pct(1000),
            lifetime_cap: milli_pct(5000),
        };
        (360, RateKind::Adjustable(features))
    };
    let rows: [(&str, &str, Program, (u32, RateKind)); 9] = [
        (
            "CONV30",
            "Conventional 30 Year Fixed",
            Program::Conventional,
            fixed(30),
        ),
        (
            "CONV20",
            "Conventional 20 Year Fixed",
            Program::Conventional,
            fixed(20),
        ),
        (
            "CONV15",
            "Conventional 15 Year Fixed",
            Program::Conventional,
            fixed(15),
        ),
        (
            "CONV10",
            "Conventional 10 Year Fixed",
            Program::Conventional,
            fixed(10),
        ),
        ("ARM7", "7/6 SOFR ARM", Program::Conventional, arm(7)),
        ("ARM5", "5/6 SOFR ARM", Program::Conventional, arm(5)),
        ("FHA30", "FHA 30 Year Fixed", Program::Fha, fixed(30)),
        ("VA30", "VA 30 Year Fixed", Program::Va, fixed(30)),
        ("USDA30", "USDA 30 Year Fixed", Program::Usda, fixed(30)),
    ];
    rows.into_iter()
        .map(|(code, name, program, (months, rate_kind))| {
            let terms = ProductTerms {
                program,
                term_months: months,
                amortization_months: months,
                interest_only_months: 0,
                lender_paid_mi: false,
                rate_kind,
            };
            let index_value = match &rate_kind {
                RateKind::Adjustable(arm) => index_value(app, arm.index, day)?,
                RateKind::Fixed => None,
            };
            Ok(Product {
                id: app.row_id()?,
                public_id: app.public_id()?,
                code: code.to_owned(),
                name: name.to_owned(),
                terms,
                index_value,
            })
        })
        .collect()
}
