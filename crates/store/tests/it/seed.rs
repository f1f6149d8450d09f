//! Invented organisations and loans, and the facts a test needs to work out for itself what a
//! listing must answer.

use lintel_domain::application::property::PropertyType;
use lintel_domain::credential::Credential;
use lintel_domain::id::{Instant, PublicId, RowId};
use lintel_domain::loan::{
    Lifecycle, LoanLine, Occupancy, OfficerName, Program, PropertyAddress, Purpose, initial_status,
};
use lintel_domain::organisation::{Organisation, OrganisationKind};
use lintel_domain::person::StaffMember;
use lintel_engine::money::Cents;
use lintel_store::db::{Db, Tx};
use lintel_store::loan::write::{BorrowerDraft, LoanDraft, insert_in, set_lifecycle_in};
use lintel_store::{credential, organisation};

/// When everything starts: 2026-01-01.
pub const START: Instant = Instant::from_seconds(1_767_225_600);
/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// A day after the start.
pub fn day(n: i64) -> Instant {
    START.plus_seconds(n * DAY)
}

pub fn public_id(prefix: char, n: usize) -> PublicId {
    PublicId::parse(&format!("{prefix}{n:07}")).expect("eight characters of the alphabet")
}

pub fn row(prefix: &str, n: usize) -> RowId {
    RowId::new(format!("{prefix}-{n:04}"))
}

pub fn org(n: usize, kind: OrganisationKind, parent: Option<&Organisation>) -> Organisation {
    Organisation {
        id: row("org", n),
        public_id: public_id('O', n),
        kind,
        name: format!("Example Lending {n}"),
        parent_id: parent.map(|p| p.id.clone()),
        nmls: None,
        is_active: true,
    }
}

pub async fn add_org(db: &Db, org: &Organisation) {
    let mut tx = db.begin().await.expect("begun");
    assert!(
        organisation::insert_in(&mut tx, org, START)
            .await
            .expect("inserted")
    );
    tx.commit().await.expect("committed");
}

pub fn person(n: usize) -> StaffMember {
    StaffMember {
        id: row("staff", n),
        public_id: public_id('S', n),
        first_name: format!("Given{n}"),
        last_name: format!("Officer{n}"),
        email: format!("Officer{n}@Example.com"),
        nmls: Some(format!("99{n:05}")),
        los_id: Some(format!("LO-{n}")),
    }
}

pub async fn add_staff(db: &Db, org: &Organisation, person: &StaffMember) {
    let mut tx = db.begin().await.expect("begun");
    let added = organisation::insert_staff_in(&mut tx, &org.id, person, START).await;
    assert!(added.expect("inserted"));
    tx.commit().await.expect("committed");
}

pub fn pair(org: &Organisation, n: usize) -> Credential {
    Credential {
        api_id: format!("pair-{n}"),
        organisation_id: org.id.clone(),
        label: format!("pair {n}"),
        created_at: START,
        revoked_at: None,
    }
}

pub async fn add_pair(db: &Db, org: &Organisation, n: usize) -> Credential {
    let pair = pair(org, n);
    let mut tx = db.begin().await.expect("begun");
    assert!(
        credential::insert_in(&mut tx, &pair, b"hash", "key00001")
            .await
            .expect("inserted")
    );
    tx.commit().await.expect("committed");
    pair
}

pub fn borrower(n: usize, email: Option<&str>) -> BorrowerDraft {
    BorrowerDraft {
        first_name: format!("Bo{n}"),
        middle_name: None,
        last_name: "Rower".to_owned(),
        suffix: None,
        email: email.map(str::to_owned),
        phone: None,
        is_primary: n == 0,
        tax_id_sealed: None,
        birth_date_sealed: None,
    }
}

/// A draft with one borrower, without an officer.
pub fn draft(n: usize) -> LoanDraft {
    let status = initial_status();
    LoanDraft {
        lifecycle: Lifecycle::Active,
        officer_row_id: None,
        borrowers: vec![borrower(0, Some("Bo.Rower@Example.com"))],
        application_sealed: b"application".to_vec(),
        document_sealed: b"document".to_vec(),
        document_hash: format!("hash {n}").into_bytes(),
        findings: "[]".to_owned(),
        invite_borrowers: false,
        line: LoanLine {
            id: row("loan", n),
            public_id: public_id('L', n),
            created_at: START,
            status_at: START,
            system_status: status.clone(),
            lender_status: status.clone(),
            borrower_status: status,
            closing_at: Some(day(60)),
            purpose: Purpose::Purchase,
            program: Program::Conventional,
            occupancy: Some(Occupancy::PrimaryResidence),
            property_type: Some(PropertyType::SingleFamily),
            home_price: Some(Cents::new(20_000_000)),
            loan_amount: Cents::new(16_000_000),
            monthly_income: Cents::new(500_000),
            liabilities: Cents::new(5_000_000),
            property: PropertyAddress {
                street: Some("1 Example Street".to_owned()),
                unit: None,
                city: Some("Springvale".to_owned()),
                state: Some("ME".to_owned()),
                postal_code: Some("04083".to_owned()),
            },
            officer: OfficerName::default(),
        },
    }
}

pub async fn add_loan(tx: &mut Tx, lender: &Organisation, org: &Organisation, draft: &LoanDraft) {
    let los = format!("LOS-{}", draft.line.id);
    assert!(
        insert_in(tx, &lender.id, &org.id, &los, draft)
            .await
            .expect("inserted")
    );
}

/// What a test knows about a seeded loan.
pub struct Known {
    pub id: RowId,
    pub org: RowId,
    pub lender: RowId,
    pub created_at: Instant,
    pub modified_at: Instant,
    pub status_at: Instant,
    pub lifecycle: Lifecycle,
    pub state: Option<&'static str>,
    pub officer: Option<RowId>,
    pub emails: Vec<String>,
}

/// A wholesale lender with two brokers and an unrelated lender, two officers, 48 loans.
pub struct Pipeline {
    pub lender: Organisation,
    pub broker: Organisation,
    pub officers: Vec<StaffMember>,
    pub loans: Vec<Known>,
}

/// The states loans are spread over; one loan in five has none yet.
const STATES: [Option<&str>; 5] = [Some("CA"), Some("TX"), Some("CA"), None, Some("NY")];

/// Seeds the pipeline. Every property cycles with its own prime period, so that combinations are
/// spread evenly; several loans share each arrival instant, so that the id has to break ties.
pub async fn pipeline(db: &Db) -> Pipeline {
    let lender = org(1, OrganisationKind::Wholesale, None);
    let broker = org(2, OrganisationKind::Broker, Some(&lender));
    let sibling = org(3, OrganisationKind::Broker, Some(&lender));
    let stranger = org(4, OrganisationKind::Retail, None);
    for org in [&lender, &broker, &sibling, &stranger] {
        add_org(db, org).await;
    }
    let officers = vec![person(1), person(2)];
    for officer in &officers {
        add_staff(db, &broker, officer).await;
    }
    let mut loans = Vec::new();
    for n in 0..48 {
        let (home, org) = match n % 4 {
            0 => (&lender, &lender),
            1 => (&lender, &sibling),
            2 if n % 8 == 2 => (&stranger, &stranger),
            _ => (&lender, &broker),
        };
        let officer = [Some(&officers[0]), None, Some(&officers[1])][n % 3];
        loans.push(add_known(db, n, home, org, officer).await);
    }
    Pipeline {
        lender,
        broker,
        officers,
        loans,
    }
}

async fn add_known(
    db: &Db,
    n: usize,
    lender: &Organisation,
    org: &Organisation,
    officer: Option<&StaffMember>,
) -> Known {
    let mut draft = draft(n);
    // Ids fall while dates rise, so that no order is right by accident.
    draft.line.id = row("loan", 999 - n);
    let created_at = day(i64::try_from(n / 3).expect("small"));
    (draft.line.created_at, draft.line.status_at) = (created_at, created_at);
    let state = STATES[n % STATES.len()];
    draft.line.property.state = state.map(str::to_owned);
    draft.borrowers = vec![
        borrower(0, Some(&format!("Bo{}@Example.com", n % 7))),
        borrower(1, n.is_multiple_of(2).then_some("shared@example.com")),
    ];
    draft.officer_row_id = officer.map(|o| o.id.clone());
    draft.line.officer.email = officer.map(|o| o.email.clone());
    let mut emails: Vec<String> = draft
        .borrowers
        .iter()
        .filter_map(|b| b.email.clone())
        .collect();
    emails.extend(officer.map(|o| o.email.clone()));
    let mut known = Known {
        id: draft.line.id.clone(),
        org: org.id.clone(),
        lender: lender.id.clone(),
        created_at,
        modified_at: created_at,
        status_at: created_at,
        lifecycle: Lifecycle::Active,
        state,
        officer: draft.officer_row_id.clone(),
        emails: emails.iter().map(|e| e.to_lowercase()).collect(),
    };
    let mut tx = db.begin().await.expect("begun");
    add_loan(&mut tx, lender, org, &draft).await;
    // One loan in two is touched later; of those, most reach an end.
    if n % 2 == 1 {
        known.lifecycle = Lifecycle::ALL[n / 2 % Lifecycle::ALL.len()];
        let touched = day(20 + i64::try_from(n % 11).expect("small"));
        (known.modified_at, known.status_at) = (touched, touched);
        let set = set_lifecycle_in(&mut tx, &lender.id, &known.id, known.lifecycle, touched).await;
        assert!(set.expect("touched"));
    }
    tx.commit().await.expect("committed");
    known
}
