//! `application/x-www-form-urlencoded` as it comes: the same reading as of a whole form.

use super::fields::Fields;
use super::out::Out;
use crate::body::BodyError;
use crate::form::{LONGEST_NAME, MOST_NAMES, not_utf8};

/// Splits pairs and undoes percent signs.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    /// Whether anything of the current pair was there.
    is_begun: bool,
    in_value: bool,
    name: Vec<u8>,
    value: Vec<u8>,
    /// After a percent sign: nothing yet, or its first digit.
    escape: Option<Option<u8>>,
    count: usize,
}

impl Pairs {
    pub(super) fn push(
        &mut self,
        piece: &[u8],
        fields: &mut Fields,
        out: &mut Out,
    ) -> Result<(), BodyError> {
        let mut at = 0;
        while let Some(byte) = piece.get(at) {
            if self.in_value && self.escape.is_none() {
                let rest = &piece[at..];
                let special = |b: &u8| matches!(b, b'%' | b'+' | b'&');
                let run = rest.iter().position(special).unwrap_or(rest.len());
                self.value.extend_from_slice(&rest[..run]);
                at += run;
                if run > 0 {
                    continue;
                }
            }
            at += 1;
            self.take(*byte, fields, out)?;
        }
        self.hand_on(fields, out);
        Ok(())
    }

    /// The body has ended.
    pub(super) fn finish(mut self, fields: &mut Fields, out: &mut Out) -> Result<(), BodyError> {
        self.literally()?;
        self.end_pair(fields, out)
    }

    /// Bytes held, whatever they hold.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.name.capacity() + self.value.capacity()
    }

    fn take(&mut self, byte: u8, fields: &mut Fields, out: &mut Out) -> Result<(), BodyError> {
        match (self.escape, digit(byte)) {
            (Some(None), Some(_)) => {
                self.escape = Some(Some(byte));
                return Ok(());
            }
            (Some(Some(high)), Some(low)) => {
                self.escape = None;
                // Both are hex digits.
                return self.put(digit(high).unwrap_or(0) << 4 | low);
            }
            (Some(_), None) => self.literally()?,
            (None, _) => {}
        }
        if byte == b'&' {
            return self.end_pair(fields, out);
        }
        if !self.is_begun {
            if self.count >= MOST_NAMES {
                return Err(BodyError::TooManyFields);
            }
            self.count += 1;
            self.is_begun = true;
        }
        match byte {
            b'%' => self.escape = Some(None),
            b'+' => self.put(b' ')?,
            b'=' if !self.in_value => self.begin_value(fields, out)?,
            byte => self.put(byte)?,
        }
        Ok(())
    }

    /// A percent sign without two digits stands for itself, and so do they.
    fn literally(&mut self) -> Result<(), BodyError> {
        match self.escape.take() {
            None => Ok(()),
            Some(None) => self.put(b'%'),
            Some(Some(digit)) => {
                self.put(b'%')?;
                self.put(digit)
            }
        }
    }

    fn put(&mut self, byte: u8) -> Result<(), BodyError> {
        if self.in_value {
            self.value.push(byte);
        } else if self.name.len() < LONGEST_NAME {
            self.name.push(byte);
        } else {
            let what = format!("a field name is longer than {LONGEST_NAME} bytes");
            return Err(BodyError::BadForm(what));
        }
        Ok(())
    }

    fn begin_value(&mut self, fields: &mut Fields, out: &mut Out) -> Result<(), BodyError> {
        let name = std::mem::take(&mut self.name);
        let name = String::from_utf8(name).map_err(|_| not_utf8())?;
        fields.begin(name, None, out);
        self.in_value = true;
        Ok(())
    }

    fn hand_on(&mut self, fields: &mut Fields, out: &mut Out) {
        if !self.value.is_empty() {
            fields.bytes(&self.value, out);
            self.value.clear();
        }
    }

    fn end_pair(&mut self, fields: &mut Fields, out: &mut Out) -> Result<(), BodyError> {
        if !std::mem::take(&mut self.is_begun) {
            return Ok(());
        }
        if !self.in_value {
            self.begin_value(fields, out)?;
        }
        self.hand_on(fields, out);
        self.in_value = false;
        fields.end(out)
    }
}

fn digit(byte: u8) -> Option<u8> {
    let digit = char::from(byte).to_digit(16)?;
    u8::try_from(digit).ok()
}
