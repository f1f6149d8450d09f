//! The file format: objects, fonts, structure and metadata of a tagged PDF 1.7. See ADR 18.

mod assemble;
mod canvas;
mod face;
mod file;
mod font;
mod metadata;
mod tags;

pub(crate) use assemble::{About, Bookmark, assemble};
pub(crate) use canvas::{Canvas, Ink, Place};
pub(crate) use face::{Face, Faces, Weight, faces};
pub(crate) use tags::{NodeId, Role, Scope, Tags};

/// Lengths: thousandths of a point. Whole numbers, so that the same text is laid out the same way on
/// every machine.
pub(crate) type Mp = i64;

/// Width of a page, A4.
pub(crate) const PAGE_WIDTH: Mp = 595_276;
/// Height of a page, A4.
pub(crate) const PAGE_HEIGHT: Mp = 841_890;
