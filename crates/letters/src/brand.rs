//! Whose letter it is, and the colours that can be read.

use lintel_domain::colour::{Colour, NIGHT, WHITE};
use serde::Serialize;

/// Used where an organisation has chosen no colour.
const PLAIN: &str = "#1f4e79";

/// What letters show of an organisation. Everything in it may be shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Brand {
    /// Trading name.
    pub name: String,
    /// Address of its logo, with the host; one of our own pictures.
    pub logo_url: Option<String>,
    /// Main colour: `#rrggbb`. Anything else counts as none.
    pub color: Option<String>,
    /// Postal address in one line.
    pub address: Option<String>,
    /// Its NMLS number.
    pub nmls: Option<String>,
    /// Its telephone, as people write it.
    pub phone: Option<String>,
    /// Its site, with `https://` or `http://`.
    pub website: Option<String>,
}

/// The shades of a brand that text can be read in and on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Shades {
    /// The colour itself: bars and buttons.
    pub fill: String,
    /// Text on it.
    pub on_fill: String,
    /// Text and links of this colour on white.
    pub ink: String,
    /// Text and links of this colour on the dark scheme's card.
    pub night_ink: String,
}

impl Brand {
    pub(crate) fn shades(&self) -> Shades {
        let chosen = self.color.as_deref().and_then(Colour::parse);
        let fill = chosen.or_else(|| Colour::parse(PLAIN)).unwrap_or(NIGHT);
        Shades {
            fill: fill.css(),
            on_fill: fill.text_on().css(),
            ink: fill.readable_on(WHITE).css(),
            night_ink: fill.readable_on(NIGHT).css(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_is_none_is_ours() {
        for color in [None, Some("red;}</style><script>"), Some("#12")] {
            let brand = Brand {
                color: color.map(str::to_owned),
                ..Brand::default()
            };
            assert_eq!(brand.shades().fill, PLAIN);
        }
    }

    #[test]
    fn what_is_written_can_be_read() {
        for color in [
            "#ffffff", "#000000", "#ffff00", "#777777", "#00ff88", "#1c242e",
        ] {
            let brand = Brand {
                color: Some(color.to_owned()),
                ..Brand::default()
            };
            let shades = brand.shades();
            let read = |text: &str| Colour::parse(text).expect("a colour");
            let pairs = [
                (read(&shades.on_fill), read(&shades.fill)),
                (read(&shades.ink), WHITE),
                (read(&shades.night_ink), NIGHT),
            ];
            for (text, ground) in pairs {
                assert!(
                    text.contrast(ground) >= 4.5,
                    "{color}: {text:?} on {ground:?}"
                );
            }
        }
    }
}
