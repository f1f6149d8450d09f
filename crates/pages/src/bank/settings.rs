//! How the bank decides, as a page.

use lintel_domain::permission::Permission;
use lintel_processes::desk::{self, Settings};
use serde::Serialize;

use super::{SETTINGS, of_bank};
use crate::Answer;
use crate::fields::Field;
use crate::flash::Flash;
use crate::layout::Section;
use crate::posted::Posted;
use crate::templates::Template;
use crate::visit::Staff;

/// The page.
#[derive(Debug, Serialize)]
pub(crate) struct BankSettingsPage {
    action: &'static str,
    fields: Vec<Field>,
}

impl Template for BankSettingsPage {
    const FILE: &'static str = "bank/settings.html";

    #[cfg(test)]
    fn samples() -> Vec<Self> {
        vec![Self {
            action: SETTINGS,
            fields: Field::samples(),
        }]
    }
}

pub(super) async fn show(staff: Staff) -> Answer {
    of_bank(&staff)?;
    staff.require(Permission::EditNetworks)?;
    let settings = desk::settings(staff.app(), &staff.org().id).await?;
    let label = "Two people decide";
    let hint =
        "Whoever approves or declines prepares it; somebody else confirms it or sends it back.";
    let view = BankSettingsPage {
        action: SETTINGS,
        fields: vec![
            Field::checkbox("four_eyes", label)
                .hint(hint)
                .checked(settings.four_eyes),
        ],
    };
    staff
        .page("How the bank decides")
        .section(Section::Decisions)
        .render(&view)
}

pub(super) async fn save(staff: Staff, form: Posted) -> Answer {
    let new = Settings {
        four_eyes: form.is_on("four_eyes"),
    };
    desk::set_settings(staff.app(), &staff.who, new).await?;
    staff.go_with(SETTINGS, Flash::Saved)
}
