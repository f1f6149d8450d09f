//! Pages, structure and metadata put together into a file.

use std::fmt::Write as _;

use lintel_engine::date::Date;

use super::canvas::Canvas;
use super::face::Faces;
use super::file::{File, Id, text_string};
use super::tags::Tags;
use super::{Mp, PAGE_HEIGHT, metadata};
use crate::error::PaperError;

/// What the file says about itself.
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    pub(crate) author: &'a str,
    pub(crate) date: Date,
    pub(crate) language: &'a str,
}

/// A line of the outline that readers show beside the pages.
pub(crate) struct Bookmark {
    pub(crate) title: String,
    pub(crate) page: usize,
    /// Distance of the place from the top edge.
    pub(crate) y: Mp,
}

/// The colour space that colours are meant in, as PDF/A asks for one.
const SRGB: &[u8] = include_bytes!("../../fonts/sRGB-v4.icc");

/// The file's bytes.
pub(crate) fn assemble(
    canvas: Canvas,
    tags: &Tags,
    faces: &Faces,
    bookmarks: &[Bookmark],
    about: &About<'_>,
) -> Result<Vec<u8>, PaperError> {
    let mut file = File::new();
    let catalog = file.reserve();
    let tree = file.reserve();
    let (contents, marks, [regular, bold]) = canvas.into_parts();

    let mut fonts = String::new();
    if let Some(id) = regular.write(&mut file, &faces.regular)? {
        let _ = write!(fonts, "/R {id}");
    }
    if let Some(id) = bold.write(&mut file, &faces.bold)? {
        let _ = write!(fonts, "/B {id}");
    }
    let resources = file.reserve();
    file.put(resources, format!("<</Font<<{fonts}>>>>"));

    let pages: Vec<Id> = contents.iter().map(|_| file.reserve()).collect();
    for (at, (content, page)) in contents.iter().zip(&pages).enumerate() {
        let stream = file.reserve();
        file.put_stream(stream, "", content);
        file.put(
            *page,
            format!(
                "<</Type/Page/Parent {tree}/MediaBox[0 0 595.276 841.89]/Resources {resources}/Contents {stream}/StructParents {at}/Tabs/S>>"
            ),
        );
    }
    let kids = pages.iter().fold(String::new(), |mut kids, page| {
        let _ = write!(kids, "{page} ");
        kids
    });
    file.put(
        tree,
        format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len()),
    );

    let structure = tags.write(&mut file, &pages, &marks);
    let outline = outline(&mut file, bookmarks, &pages);
    let profile = file.reserve();
    file.put_stream(profile, "/N 3", SRGB);
    let packet = metadata::packet(about.title, about.author, about.date, about.language);
    let xmp = file.reserve();
    let id = fingerprint(&contents, &packet);
    file.put_bare_stream(xmp, "/Type/Metadata/Subtype/XML", packet);
    let info = file.reserve();
    file.put(
        info,
        metadata::dictionary(about.title, about.author, about.date),
    );
    file.put(
        catalog,
        format!(
            "<</Type/Catalog/Pages {tree}/Lang({})/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>\
             /StructTreeRoot {structure}{outline}/Metadata {xmp}\
             /OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)/DestOutputProfile {profile}>>]>>",
            about.language
        ),
    );
    Ok(file.finish(&format!("/Root {catalog}/Info {info}/ID[<{id}><{id}>]")))
}

fn outline(file: &mut File, bookmarks: &[Bookmark], pages: &[Id]) -> String {
    let ids: Vec<Id> = bookmarks.iter().map(|_| file.reserve()).collect();
    let (Some(first), Some(last)) = (ids.first(), ids.last()) else {
        return String::new();
    };
    let root = file.reserve();
    for (at, (bookmark, id)) in bookmarks.iter().zip(&ids).enumerate() {
        let mut body = format!("<</Title {}/Parent {root}", text_string(&bookmark.title));
        if let Some(before) = at.checked_sub(1).and_then(|before| ids.get(before)) {
            let _ = write!(body, "/Prev {before}");
        }
        if let Some(after) = ids.get(at + 1) {
            let _ = write!(body, "/Next {after}");
        }
        if let Some(page) = pages.get(bookmark.page) {
            let top = (PAGE_HEIGHT - bookmark.y) / 1000;
            let _ = write!(body, "/Dest[{page}/XYZ 0 {top} null]");
        }
        body.push_str(">>");
        file.put(*id, body);
    }
    file.put(
        root,
        format!(
            "<</Type/Outlines/First {first}/Last {last}/Count {}>>",
            ids.len()
        ),
    );
    format!("/Outlines {root}/PageMode/UseOutlines")
}

/// The file's identifier, 128 bits from what stands in it: two different papers shall not have the
/// same. FNV-1a twice; nothing depends on nobody being able to forge it.
fn fingerprint(contents: &[Vec<u8>], packet: &[u8]) -> String {
    let mut sums = [0xcbf2_9ce4_8422_2325_u64, 0x8422_2325_cbf2_9ce4];
    let bytes = contents.iter().flatten();
    for byte in bytes.chain(packet) {
        let [first, second] = &mut sums;
        *first = (*first ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        *second = (*second ^ u64::from(*byte))
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(5);
    }
    let [first, second] = sums;
    format!("{first:016X}{second:016X}")
}
