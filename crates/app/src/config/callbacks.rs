//! How partners are called back.

use std::path::PathBuf;

use super::layers::Reader;

/// Most waits between attempts.
const WAITS_MAX: usize = 20;
/// Longest wait, in seconds: a day.
const WAIT_LONGEST: u32 = 86_400;

/// How partners are called back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callbacks {
    /// Whether addresses that are not public may be called: on a development machine only.
    pub allow_private: bool,
    /// Certificates partners' servers are trusted by instead of the public ones.
    pub ca_file: Option<PathBuf>,
    /// Seconds between the attempts to deliver one event.
    pub waits: Vec<u32>,
    /// Deliveries this process makes at once.
    pub workers: usize,
}

impl Reader<'_> {
    pub(super) fn callbacks(&mut self) -> Callbacks {
        let allow_private = match self.text("callbacks.allow_private") {
            "true" => true,
            "false" => false,
            _ => {
                self.wrong("callbacks.allow_private", "must be true or false");
                false
            }
        };
        Callbacks {
            allow_private,
            ca_file: self.filled("callbacks.ca_file").map(PathBuf::from),
            waits: self.waits("callbacks.waits"),
            workers: usize::try_from(self.number("callbacks.workers", 1, 256)).unwrap_or(1),
        }
    }

    fn waits(&mut self, name: &str) -> Vec<u32> {
        let parts: Vec<&str> = self.text(name).split(',').map(str::trim).collect();
        let parsed: Result<Vec<u32>, _> = parts.iter().map(|part| part.parse()).collect();
        match parsed {
            Ok(waits)
                if waits.len() <= WAITS_MAX
                    && waits.iter().all(|wait| (1..=WAIT_LONGEST).contains(wait)) =>
            {
                waits
            }
            Ok(_) | Err(_) => {
                let what = "one to 20 numbers of seconds from 1 to 86400, with commas, are needed";
                self.wrong(name, what);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Layers;
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Callbacks, Vec<String>> {
        let mut layers = Layers::default();
        for (name, value) in pairs {
            layers.add_flag(name, (*value).to_owned());
        }
        layers.finish().map(|config| config.callbacks)
    }

    #[test]
    fn usual_and_other_values() {
        let usual = read(&[]).expect("no mistakes");
        assert_eq!(usual.waits, [5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
        assert!(!usual.allow_private && usual.ca_file.is_none());
        let pairs = [
            ("callbacks.waits", "1, 2"),
            ("callbacks.allow_private", "true"),
            ("callbacks.ca_file", "ca.pem"),
        ];
        let other = read(&pairs).expect("no mistakes");
        assert_eq!((other.waits, other.allow_private), (vec![1, 2], true));
        for (name, value) in [
            ("callbacks.waits", "0"),
            ("callbacks.waits", "5,,6"),
            ("callbacks.waits", "5,86401"),
            (
                "callbacks.waits",
                "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
            ),
            ("callbacks.allow_private", "yes"),
            ("callbacks.workers", "0"),
        ] {
            let mistakes = read(&[(name, value)]).expect_err(value);
            assert!(mistakes[0].starts_with(name), "{mistakes:?}");
        }
    }
}
