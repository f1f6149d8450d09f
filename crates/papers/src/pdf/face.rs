//! The two faces in the program: which character is which glyph, and how wide.

use std::sync::LazyLock;

use super::Mp;
use crate::error::PaperError;

/// Regular or bold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// A glyph of a face.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// Number in the face.
    pub(crate) id: u16,
    /// Width in thousandths of the size.
    pub(crate) advance: u16,
}

/// A face, with what the layout and the file need to know of it.
pub(crate) struct Face {
    pub(crate) data: &'static [u8],
    /// By character, up to [`LAST`]; none where there is no glyph.
    glyphs: Vec<Option<Glyph>>,
    replacement: Glyph,
    pub(crate) count: usize,
    pub(crate) ascent: i16,
    pub(crate) descent: i16,
    pub(crate) cap_height: i16,
    pub(crate) bounds: [i16; 4],
    pub(crate) name: &'static str,
    pub(crate) weight: Weight,
}

/// Both faces.
pub(crate) struct Faces {
    pub(crate) regular: Face,
    pub(crate) bold: Face,
}

impl Faces {
    pub(crate) fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

/// No character beyond this one has a glyph, but for the replacement sign.
const LAST: u32 = 0x2200;
/// What stands for a character without a glyph.
pub(crate) const REPLACEMENT: char = '\u{fffd}';

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        regular: Face::read(
            include_bytes!("../../fonts/NotoSans-Regular.ttf"),
            "NotoSans-Regular",
            Weight::Regular,
        )?,
        bold: Face::read(
            include_bytes!("../../fonts/NotoSans-Bold.ttf"),
            "NotoSans-Bold",
            Weight::Bold,
        )?,
    })
});

/// The faces, read once.
pub(crate) fn faces() -> Result<&'static Faces, PaperError> {
    FACES
        .as_ref()
        .ok_or_else(|| PaperError::Writer("the fonts in the program cannot be read".to_owned()))
}

impl Face {
    fn read(data: &'static [u8], name: &'static str, weight: Weight) -> Option<Self> {
        let face = ttf_parser::Face::parse(data, 0).ok()?;
        // Widths are used as thousandths without a conversion.
        if face.units_per_em() != 1000 {
            return None;
        }
        let glyph = |c: char| {
            let id = face.glyph_index(c)?;
            Some(Glyph {
                id: id.0,
                advance: face.glyph_hor_advance(id)?,
            })
        };
        let bounds = face.global_bounding_box();
        Some(Self {
            data,
            glyphs: (0..LAST)
                .map(|c| char::from_u32(c).and_then(glyph))
                .collect(),
            replacement: glyph(REPLACEMENT)?,
            count: usize::from(face.number_of_glyphs()),
            ascent: face.ascender(),
            descent: face.descender(),
            cap_height: face.capital_height()?,
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max],
            name,
            weight,
        })
    }

    /// The glyph of a character.
    pub(crate) fn glyph(&self, c: char) -> Option<Glyph> {
        if c == REPLACEMENT {
            return Some(self.replacement);
        }
        let at = usize::try_from(u32::from(c)).ok()?;
        self.glyphs.get(at).copied().flatten()
    }

    /// The glyph that is printed for a character: a space for one that must not break, the
    /// replacement sign where there is none.
    pub(crate) fn printed(&self, c: char) -> Glyph {
        let c = if c == '\u{a0}' { ' ' } else { c };
        self.glyph(c).unwrap_or(self.replacement)
    }

    /// Width of a text at a size.
    pub(crate) fn width(&self, text: &str, size: Mp) -> Mp {
        let thousandths: Mp = text
            .chars()
            .map(|c| Mp::from(self.printed(c).advance))
            .sum();
        thousandths * size / 1000
    }
}
