//! A whole body as it comes, whichever of three kinds it is. Pure: no request, no waiting.

use super::Wanted;
use super::fields::Fields;
use super::out::Out;
use super::parts::{self, Parts};
use super::percent::Pairs;
use super::scan::{KnownTexts, Place, Scanner, Target};
use super::utf8::Utf8;
use crate::body::BodyError;
use crate::form::multipart::open;
use crate::form::{Form, Kind, json, not_utf8};
use bytes::Bytes;
use serde_json::Map;

/// Reads one body.
#[derive(Debug)]
pub(super) struct Reading {
    shape: Shape,
    /// Whether the body is text, for the kinds that have to be.
    utf8: Utf8,
    most_gathered: usize,
    is_empty: bool,
}

#[derive(Debug)]
enum Shape {
    Json {
        scanner: Scanner,
        kept: Vec<u8>,
        known: KnownTexts,
    },
    Urlencoded(Pairs, Fields),
    Multipart(Parts, Fields),
}

impl Reading {
    /// # Errors
    /// When a multipart body's boundary is missing or no boundary.
    pub(super) async fn of(
        kind: Kind,
        content_type: &str,
        wanted: Wanted,
        most_gathered: usize,
    ) -> Result<Self, BodyError> {
        let shape = match kind {
            Kind::Json => Shape::Json {
                scanner: Scanner::new(wanted, Place::Body),
                kept: Vec::new(),
                known: KnownTexts::default(),
            },
            Kind::Urlencoded => Shape::Urlencoded(Pairs::default(), Fields::new(wanted)),
            Kind::Multipart => {
                // The same judgement as for a body that is read whole.
                open(content_type, Bytes::new()).await?;
                let boundary = parts::boundary(content_type).ok_or_else(|| {
                    BodyError::BadMultipart("the boundary is missing or invalid".to_owned())
                })?;
                Shape::Multipart(Parts::new(boundary), Fields::new(wanted))
            }
        };
        Ok(Self {
            shape,
            utf8: Utf8::default(),
            most_gathered,
            is_empty: true,
        })
    }

    /// Reads a piece. Contents go to `out`; no more of them than the piece is long, and what was held
    /// back of the one before.
    pub(super) fn push(&mut self, piece: &[u8], out: &mut Out) -> Result<(), BodyError> {
        self.is_empty &= piece.is_empty();
        match &mut self.shape {
            Shape::Json {
                scanner,
                kept,
                known,
            } => {
                self.utf8.push(piece);
                scanner.push(piece, &mut Target { kept, out, known });
            }
            Shape::Urlencoded(pairs, fields) => {
                self.utf8.push(piece);
                pairs.push(piece, fields, out)?;
            }
            Shape::Multipart(parts, fields) => parts.push(piece, fields, out)?,
        }
        if self.gathered() > self.most_gathered {
            return Err(BodyError::TooMuchBeside {
                limit: self.most_gathered,
            });
        }
        Ok(())
    }

    /// A text of the form that has come already. A later one of its name may yet replace it.
    pub(super) fn known(&self) -> &KnownTexts {
        match &self.shape {
            Shape::Json { known, .. } => known,
            Shape::Urlencoded(_, fields) | Shape::Multipart(_, fields) => &fields.known,
        }
    }

    /// Bytes kept of everything that is no content.
    pub(super) fn gathered(&self) -> usize {
        match &self.shape {
            Shape::Json { kept, .. } => kept.len(),
            Shape::Urlencoded(_, fields) => fields.gathered(),
            Shape::Multipart(parts, fields) => fields.gathered().saturating_add(parts.held()),
        }
    }

    /// Bytes held, whatever they hold.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        match &self.shape {
            Shape::Json { scanner, kept, .. } => scanner.held() + kept.capacity(),
            Shape::Urlencoded(pairs, fields) => pairs.held() + fields.held(),
            Shape::Multipart(parts, fields) => parts.held() + fields.held(),
        }
    }

    /// The text that is still to be parsed, to weigh what may come of it.
    pub(super) fn kept(&self) -> &[u8] {
        match &self.shape {
            Shape::Json { kept, .. } => kept,
            Shape::Urlencoded(..) | Shape::Multipart(..) => &[],
        }
    }

    /// The body has ended; the same form as of a body that is read whole, with numbers for contents.
    pub(super) fn finish(self, json_nodes: usize, out: &mut Out) -> Result<Form, BodyError> {
        if self.is_empty {
            return Ok(Form::new(Map::new(), Vec::new(), json_nodes));
        }
        match self.shape {
            Shape::Json {
                mut scanner,
                mut kept,
                mut known,
            } => {
                scanner.close(&mut Target {
                    kept: &mut kept,
                    out,
                    known: &mut known,
                });
                let text = String::from_utf8(kept).map_err(|_| not_utf8())?;
                if !self.utf8.is_whole() {
                    return Err(not_utf8());
                }
                let fields = json::parse_object(&text, json_nodes)?;
                Ok(Form::new(fields, Vec::new(), json_nodes))
            }
            Shape::Urlencoded(pairs, mut fields) => {
                pairs.finish(&mut fields, out)?;
                if !self.utf8.is_whole() {
                    return Err(not_utf8());
                }
                let (fields, files) = fields.finish();
                Ok(Form::new(fields, files, json_nodes))
            }
            Shape::Multipart(parts, fields) => {
                parts.finish()?;
                let (fields, files) = fields.finish();
                Ok(Form::new(fields, files, json_nodes))
            }
        }
    }
}
