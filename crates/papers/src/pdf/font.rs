//! The part of a face that a document uses, put into the file.

use std::fmt::Write as _;

use super::face::{Face, Glyph, Weight};
use super::file::{File, Id};
use crate::error::PaperError;

/// Glyphs of a face in use, in the order of their first use: their codes are 1, 2, 3…
pub(crate) struct Used {
    /// By glyph of the face; 0 for one not in use.
    codes: Vec<u16>,
    glyphs: Vec<(Glyph, char)>,
}

impl Used {
    pub(crate) fn new(face: &Face) -> Self {
        Self {
            codes: vec![0; face.count],
            glyphs: Vec::new(),
        }
    }

    /// The code of a glyph that stands for a character.
    pub(crate) fn code(&mut self, glyph: Glyph, c: char) -> u16 {
        let Some(code) = self.codes.get_mut(usize::from(glyph.id)) else {
            return 0;
        };
        if *code == 0 {
            self.glyphs.push((glyph, c));
            *code = u16::try_from(self.glyphs.len()).unwrap_or(0);
        }
        *code
    }

    /// Puts the font into the file; none when nothing of it is used.
    pub(crate) fn write(&self, file: &mut File, face: &Face) -> Result<Option<Id>, PaperError> {
        if self.glyphs.is_empty() {
            return Ok(None);
        }
        let ids: Vec<u16> = self.glyphs.iter().map(|(glyph, _)| glyph.id).collect();
        let mapper = subsetter::GlyphRemapper::new_from_glyphs(&ids);
        let program = subsetter::subset(face.data, 0, &mapper)
            .map_err(|why| PaperError::Writer(format!("subset of {}: {why:?}", face.name)))?;
        let name = format!("{}+{}", self.prefix(), face.name);

        let stream = file.reserve();
        file.put_stream(stream, &format!("/Length1 {}", program.len()), &program);
        let descriptor = file.reserve();
        let [left, bottom, right, top] = face.bounds;
        let stem = match face.weight {
            Weight::Regular => 80,
            Weight::Bold => 140,
        };
        file.put(
            descriptor,
            format!(
                "<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{left} {bottom} {right} {top}]/ItalicAngle 0\
                 /Ascent {}/Descent {}/CapHeight {}/StemV {stem}/FontFile2 {stream}>>",
                face.ascent, face.descent, face.cap_height
            ),
        );
        let mut widths = String::new();
        for (glyph, _) in &self.glyphs {
            let _ = write!(widths, "{} ", glyph.advance);
        }
        let descendant = file.reserve();
        file.put(
            descendant,
            format!(
                "<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
                 /FontDescriptor {descriptor}/CIDToGIDMap/Identity/DW 600/W[1[{widths}]]>>"
            ),
        );
        let unicode = file.reserve();
        file.put_stream(unicode, "", self.to_unicode().as_bytes());
        let font = file.reserve();
        file.put(
            font,
            format!(
                "<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H/DescendantFonts[{descendant}]/ToUnicode {unicode}>>"
            ),
        );
        Ok(Some(font))
    }

    /// Six letters that tell subsets apart, made from the glyphs in use.
    fn prefix(&self) -> String {
        let mut sum = 0xcbf2_9ce4_8422_2325_u64;
        for (glyph, _) in &self.glyphs {
            sum = (sum ^ u64::from(glyph.id)).wrapping_mul(0x0100_0000_01b3);
        }
        (0..6)
            .map(|_| {
                let letter = u8::try_from(sum % 26).unwrap_or_default();
                sum /= 26;
                char::from(b'A' + letter)
            })
            .collect()
    }

    /// The table by which readers turn codes into text.
    fn to_unicode(&self) -> String {
        let mut out = String::from(
            "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n\
             /CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
        );
        let coded: Vec<(usize, char)> = self
            .glyphs
            .iter()
            .enumerate()
            .map(|(at, (_, c))| (at + 1, *c))
            .collect();
        for group in coded.chunks(100) {
            let _ = writeln!(out, "{} beginbfchar", group.len());
            for (code, c) in group {
                let mut units = [0_u16; 2];
                let _ = write!(out, "<{code:04X}><");
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "{unit:04X}");
                }
                out.push_str(">\n");
            }
            out.push_str("endbfchar\n");
        }
        out.push_str("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n");
        out
    }
}
