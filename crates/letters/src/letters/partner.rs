//! Letters to partners of banks: in Portuguese, with the same in English below.

use lintel_domain::message::MailKind;
use serde::Serialize;

use super::HOSTILE;
use crate::brand::Brand;
use crate::engine::Letter;

/// A partner is told no more, because telling it failed.
#[derive(Debug, Clone, Serialize)]
pub struct CallbackOff {
    /// The partner's name, as the bank has it.
    pub name: String,
    /// What it was told, in both languages.
    pub what: String,
    /// Host and port that were called.
    pub host: String,
    /// Whether the partner's server said that the address is gone.
    pub gone: bool,
}

impl Letter for CallbackOff {
    const NAME: &'static str = "callback_off";
    const KIND: MailKind = MailKind::CallbackOff;

    fn subject(&self, brand: &Brand) -> String {
        let name = &brand.name;
        format!("{name}: notificações desligadas / callbacks switched off")
    }

    fn samples() -> Vec<Self> {
        let letter = Self {
            name: "Exemplo Intermediários (fictício)".to_owned(),
            what: "estado dos processos / process status".to_owned(),
            host: "hooks.example.com:443".to_owned(),
            gone: true,
        };
        let failing = Self {
            name: HOSTILE.to_owned(),
            what: HOSTILE.to_owned(),
            host: HOSTILE.to_owned(),
            gone: false,
        };
        vec![letter, failing]
    }
}
