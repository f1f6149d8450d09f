//! Password, second step and sessions: what is done from the account page.

use lintel_app::password::{self, Changed};
use lintel_app::session;
use lintel_app::totp::{self, SwitchedOff};

use super::details::{Again, again};
use crate::Answer;
use crate::failure::Failure;
use crate::fields::Mistakes;
use crate::flash::Flash;
use crate::posted::Posted;
use crate::sign_in::new_password;
use crate::visit::Staff;

fn one(name: &str, text: &str) -> Mistakes {
    let mut mistakes = Mistakes::default();
    mistakes.add(name, text);
    mistakes
}

async fn refuse(staff: &Staff, mistakes: Mistakes) -> Answer {
    let form = None;
    again(staff, Again { form, mistakes }).await
}

pub(super) async fn change_password(staff: Staff, form: Posted) -> Answer {
    let new = match new_password(&form) {
        Ok(new) => new,
        Err(mistakes) => return refuse(&staff, mistakes).await,
    };
    let current = Some(form.raw("password")).filter(|text| !text.is_empty());
    match password::change(staff.app(), &staff.who, current, new).await? {
        Changed::Done => staff.go_with("/lender/account", Flash::PasswordChanged),
        Changed::WrongPassword => {
            refuse(
                &staff,
                one("password", "The present password is not right."),
            )
            .await
        }
        Changed::Weak(weakness) => refuse(&staff, one("new_password", &weakness.to_string())).await,
        Changed::Wait { seconds } => Err(Failure::Throttled { seconds }),
    }
}

pub(super) async fn codes_off(staff: Staff, form: Posted) -> Answer {
    let code = form.text("off_code").unwrap_or_default();
    match totp::switch_off(staff.app(), &staff.who, code).await? {
        SwitchedOff::Done => staff.go_with("/lender/account", Flash::CodesOff),
        SwitchedOff::WrongCode => refuse(&staff, one("off_code", "The code is not right.")).await,
        SwitchedOff::Wait { seconds } => Err(Failure::Throttled { seconds }),
    }
}

pub(super) async fn end_session(staff: Staff, form: Posted) -> Answer {
    let id = form.text("session").unwrap_or_default();
    // One that is gone already is as good as ended.
    session::end_one(staff.app(), &staff.who, id).await?;
    staff.go_with("/lender/account", Flash::SessionEnded)
}

pub(super) async fn end_others(staff: Staff, _form: Posted) -> Answer {
    session::end_others(staff.app(), &staff.who).await?;
    staff.go_with("/lender/account", Flash::SessionsEnded)
}
