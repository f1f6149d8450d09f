//! Setting up the second step: a picture for the code app, a first code, the recovery codes.

use lintel_app::totp::{self, Confirmed, Enrolment};
use serde::Serialize;

use super::details::code_field;
use super::qr::Qr;
use crate::Answer;
use crate::failure::Failure;
use crate::fields::{Field, Mistakes};
use crate::layout::Section;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// Letters of the secret between two spaces.
const GROUP: usize = 4;

/// Shows the secret and asks for the first code.
#[derive(Debug, Serialize)]
pub(crate) struct CodesPage {
    qr: Option<Qr>,
    secret: String,
    spaced: String,
    fields: Vec<Field>,
}

/// Shows the recovery codes, once.
#[derive(Debug, Serialize)]
pub(crate) struct RecoveryPage {
    codes: Vec<String>,
}

impl CodesPage {
    fn new(enrolment: &Enrolment, mistakes: &Mistakes) -> Self {
        let mut spaced = String::new();
        for (index, letter) in enrolment.secret.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                spaced.push(' ');
            }
            spaced.push(letter);
        }
        Self {
            qr: Qr::of(&enrolment.uri),
            secret: enrolment.secret.clone(),
            spaced,
            fields: vec![
                Field::hidden("ticket", &enrolment.ticket),
                code_field("code", mistakes),
            ],
        }
    }
}

impl Template for CodesPage {
    const FILE: &'static str = "account/codes.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        use crate::templates::HOSTILE;
        let enrolment = Enrolment {
            secret: HOSTILE.to_owned(),
            uri: HOSTILE.to_owned(),
            ticket: HOSTILE.to_owned(),
        };
        let mut without = Self::new(&enrolment, &Mistakes::default());
        without.qr = None;
        vec![Self::new(&enrolment, &Mistakes::default()), without]
    }
}

impl Template for RecoveryPage {
    const FILE: &'static str = "account/recovery.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            codes: vec![crate::templates::HOSTILE.to_owned()],
        }]
    }
}

pub(super) async fn show(staff: Staff) -> Answer {
    if totp::is_on(staff.app(), &staff.who).await? {
        return staff.go("/lender/account");
    }
    let enrolment = totp::begin(staff.app(), &staff.who)?;
    page(&staff, &enrolment, &Mistakes::default())
}

fn page(staff: &Staff, enrolment: &Enrolment, mistakes: &Mistakes) -> Answer {
    let builder = staff
        .page("Set up two-step sign-in")
        .section(Section::Account);
    let page = CodesPage::new(enrolment, mistakes);
    builder.mistakes(mistakes).render(&page)
}

pub(super) async fn confirm(staff: Staff, form: Posted) -> Answer {
    let (ticket, code) = (form.raw("ticket"), form.text("code").unwrap_or_default());
    match totp::confirm(staff.app(), &staff.who, ticket, code).await? {
        Confirmed::On { recovery_codes } => {
            let page = RecoveryPage {
                codes: recovery_codes,
            };
            let builder = staff.page("Two-step sign-in is on");
            builder.section(Section::Account).render(&page)
        }
        Confirmed::WrongCode => {
            let Some(enrolment) = totp::resume(staff.app(), &staff.who, ticket) else {
                return staff.go("/lender/account/codes");
            };
            let mut mistakes = Mistakes::default();
            mistakes.add(
                "code",
                "The code is not right. Does your phone have the right time?",
            );
            page(&staff, &enrolment, &mistakes)
        }
        Confirmed::TicketGone => staff.go("/lender/account/codes"),
        Confirmed::AlreadyOn => staff.go("/lender/account"),
        Confirmed::Wait { seconds } => Err(Failure::Throttled { seconds }),
    }
}
