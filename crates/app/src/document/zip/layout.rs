//! The bytes between the files of a zip: heads, the directory, its end.

use bytes::Bytes;
use lintel_domain::id::{DAY_SECONDS, Instant};
use lintel_engine::date::Date;
use lintel_store::fault::Fault;

use super::{MAX_ENTRIES, ZipEntry};

const LOCAL_HEAD: u32 = 0x0403_4b50;
const CENTRAL_HEAD: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const END_64: u32 = 0x0606_4b50;
const END_64_PLACE: u32 = 0x0706_4b50;
/// Version of the format a reader must know: plain files, and with zip64.
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Made on Unix, so that the mode below counts.
const MADE_BY: u16 = (3 << 8) | 45;
/// A regular file its owner writes and everybody reads.
const MODE: u32 = 0o100_644 << 16;
/// Bit 11: names are UTF-8.
const UTF_8: u16 = 1 << 11;
const ZIP64_FIELD: u16 = 0x0001;
/// The instant in UTC: the older field is in whatever time zone the reader is.
const TIME_FIELD: u16 = 0x5455;
/// Stands where the true value is in the zip64 form.
const ELSEWHERE_4: u32 = u32::MAX;
const ELSEWHERE_2: u16 = u16::MAX;

/// What was written so far, for the directory at the end.
#[derive(Debug, Default)]
pub(super) struct Directory {
    /// Central heads, one behind the other.
    heads: Vec<u8>,
    entries: usize,
    /// Bytes before the next one.
    at: u64,
}

impl Directory {
    /// The head of the next file, which begins where the last one ended.
    pub(super) fn head(&mut self, entry: &ZipEntry) -> Result<Bytes, Fault> {
        if self.entries == MAX_ENTRIES {
            return Err(Fault::internal("more files than a zip may have here"));
        }
        let name_length = u16::try_from(entry.name.len())
            .map_err(|_| Fault::internal("a name is longer than a zip can say"))?;
        let big = u32::try_from(entry.bytes)
            .ok()
            .filter(|n| *n != ELSEWHERE_4);
        let far = u32::try_from(self.at).ok().filter(|n| *n != ELSEWHERE_4);
        let time = time_field(entry.modified);
        // Both sizes or none, then where the head is: the order is fixed.
        let mut wide = Vec::new();
        if big.is_none() {
            wide.extend([entry.bytes, entry.bytes]);
        }
        let extra = [wide_field(&wide), time.clone()].concat();
        let mut head = Vec::with_capacity(30 + entry.name.len() + extra.len());
        put4(&mut head, LOCAL_HEAD);
        common(&mut head, entry, big, !wide.is_empty());
        put2(&mut head, name_length);
        put2(&mut head, length2(&extra)?);
        head.extend_from_slice(entry.name.as_bytes());
        head.extend_from_slice(&extra);

        if far.is_none() {
            wide.push(self.at);
        }
        let extra = [wide_field(&wide), time].concat();
        let heads = &mut self.heads;
        put4(heads, CENTRAL_HEAD);
        put2(heads, MADE_BY);
        common(heads, entry, big, !wide.is_empty());
        put2(heads, name_length);
        put2(heads, length2(&extra)?);
        // No comment, the first volume, bytes rather than text.
        put2(heads, 0);
        put2(heads, 0);
        put2(heads, 0);
        put4(heads, MODE);
        put4(heads, far.unwrap_or(ELSEWHERE_4));
        heads.extend_from_slice(entry.name.as_bytes());
        heads.extend_from_slice(&extra);
        self.entries += 1;
        self.skip(length8(&head))?;
        Ok(Bytes::from(head))
    }

    /// Goes on behind so many bytes.
    pub(super) fn skip(&mut self, bytes: u64) -> Result<(), Fault> {
        let at = self.at.checked_add(bytes);
        self.at = at.ok_or_else(|| Fault::internal("a zip longer than a number can say"))?;
        Ok(())
    }

    /// The directory and the end.
    pub(super) fn end(&mut self) -> Result<Bytes, Fault> {
        let start = self.at;
        let mut end = std::mem::take(&mut self.heads);
        let size = length8(&end);
        self.skip(size)?;
        let entries = u64::try_from(self.entries).unwrap_or(u64::MAX);
        let few = u16::try_from(entries).ok().filter(|n| *n != ELSEWHERE_2);
        let near = |n: u64| u32::try_from(n).ok().filter(|n| *n != ELSEWHERE_4);
        if few.is_none() || near(size).is_none() || near(start).is_none() {
            put4(&mut end, END_64);
            // Bytes of this record behind this number.
            put8(&mut end, 44);
            put2(&mut end, MADE_BY);
            put2(&mut end, VERSION_64);
            put4(&mut end, 0);
            put4(&mut end, 0);
            put8(&mut end, entries);
            put8(&mut end, entries);
            put8(&mut end, size);
            put8(&mut end, start);
            put4(&mut end, END_64_PLACE);
            put4(&mut end, 0);
            put8(&mut end, self.at);
            // One volume.
            put4(&mut end, 1);
        }
        put4(&mut end, END);
        put2(&mut end, 0);
        put2(&mut end, 0);
        put2(&mut end, few.unwrap_or(ELSEWHERE_2));
        put2(&mut end, few.unwrap_or(ELSEWHERE_2));
        put4(&mut end, near(size).unwrap_or(ELSEWHERE_4));
        put4(&mut end, near(start).unwrap_or(ELSEWHERE_4));
        // No comment.
        put2(&mut end, 0);
        Ok(Bytes::from(end))
    }

    /// Bytes of the whole zip, when every head was made and every content skipped.
    pub(super) fn length(mut self) -> Result<u64, Fault> {
        let before = self.at;
        let end = length8(&self.end()?);
        before
            .checked_add(end)
            .ok_or_else(|| Fault::internal("a zip longer than a number can say"))
    }
}

/// What both heads of a file say in the same order: version, flags, stored, time, CRC, sizes.
fn common(head: &mut Vec<u8>, entry: &ZipEntry, bytes: Option<u32>, is_wide: bool) {
    let (date, time) = dos_time(entry.modified);
    put2(head, if is_wide { VERSION_64 } else { VERSION });
    put2(head, UTF_8);
    put2(head, 0);
    put2(head, time);
    put2(head, date);
    put4(head, entry.crc32);
    put4(head, bytes.unwrap_or(ELSEWHERE_4));
    put4(head, bytes.unwrap_or(ELSEWHERE_4));
}

/// The field for values that do not fit in their places; nothing when all do.
fn wide_field(values: &[u64]) -> Vec<u8> {
    let mut field = Vec::new();
    if let Ok(count @ 1..) = u16::try_from(values.len()) {
        put2(&mut field, ZIP64_FIELD);
        put2(&mut field, count.saturating_mul(8));
        for value in values {
            put8(&mut field, *value);
        }
    }
    field
}

/// The instant in seconds since 1970, where four bytes are enough for it.
fn time_field(at: Instant) -> Vec<u8> {
    let mut field = Vec::new();
    if let Ok(seconds) = i32::try_from(at.seconds()) {
        put2(&mut field, TIME_FIELD);
        put2(&mut field, 5);
        // The time of the last change follows, and no other.
        field.push(1);
        field.extend_from_slice(&seconds.to_le_bytes());
    }
    field
}

/// Day and time of day in UTC as DOS has them, in steps of two seconds, from 1980 to 2107; outside,
/// the nearest day there is.
fn dos_time(at: Instant) -> (u16, u16) {
    const FIRST: (u16, u16) = ((1 << 5) | 1, 0);
    const LAST: (u16, u16) = ((127 << 9) | (12 << 5) | 31, (23 << 11) | (59 << 5) | 29);
    let days = at.seconds().div_euclid(DAY_SECONDS);
    let of_day = u16::try_from(at.seconds().rem_euclid(DAY_SECONDS) / 2).unwrap_or(0);
    let date = i32::try_from(days)
        .ok()
        .and_then(|days| Date::new(1970, 1, 1).ok()?.add_days(days).ok());
    let Some(date) = date else {
        return if days < 0 { FIRST } else { LAST };
    };
    let part = |n: i8| u16::try_from(n).unwrap_or(1);
    match u16::try_from(date.year()).map(|year| year.checked_sub(1980)) {
        Ok(Some(years @ 0..=127)) => {
            let day = (years << 9) | (part(date.month()) << 5) | part(date.day());
            let time = ((of_day / 1800) << 11) | ((of_day / 30 % 60) << 5) | (of_day % 30);
            (day, time)
        }
        Ok(Some(_)) => LAST,
        Ok(None) | Err(_) => FIRST,
    }
}

fn length2(bytes: &[u8]) -> Result<u16, Fault> {
    u16::try_from(bytes.len()).map_err(|_| Fault::internal("a zip's field is too long"))
}

fn length8(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn put2(bytes: &mut Vec<u8>, value: u16) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn put4(bytes: &mut Vec<u8>, value: u32) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

fn put8(bytes: &mut Vec<u8>, value: u64) {
    bytes.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_day_and_stay_in_their_bounds() {
        // 2026-11-21 13:45:58 UTC.
        let (date, time) = dos_time(Instant::from_seconds(1_795_268_758));
        assert_eq!((date >> 9, date >> 5 & 15, date & 31), (46, 11, 21));
        assert_eq!((time >> 11, time >> 5 & 63, time & 31), (13, 45, 29));
        let first = dos_time(Instant::from_seconds(0));
        assert_eq!(first, dos_time(Instant::from_micros(i64::MIN)));
        assert_eq!((first.0 >> 9, first.0 >> 5 & 15, first.0 & 31), (0, 1, 1));
        let last = dos_time(Instant::from_micros(i64::MAX));
        assert_eq!((last.0 >> 9, last.0 >> 5 & 15, last.0 & 31), (127, 12, 31));
        assert!(time_field(Instant::from_micros(i64::MAX)).is_empty());
    }
}
