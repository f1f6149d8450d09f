//! What callbacks work with beside the application: the outside, the words of the wire, the rules.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lintel_domain::id::RowId;

use crate::notice::Render;
use crate::port::Port;

/// Deliveries to one partner at once, so that a slow one does not hold up the others.
const AT_ONCE_EACH: usize = 4;
/// Names of one partner that are looked up at once, those nobody waits for any more with them.
const LOOK_UPS_EACH: usize = 2;
/// A receiver whose last answer took longer is slow.
const SLOW: Duration = Duration::from_secs(3);
/// Seconds until a delivery is looked at again for which its partner had no place. With each that had
/// none in a row it is so much more: looking costs, and who has many slow ones would have all look at them.
const FULL_SECONDS: u32 = 2;
/// The longest such wait, in seconds.
const FULL_LONGEST_SECONDS: u32 = 60;

/// How callbacks are delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whether addresses that are not public may be called: on a development machine.
    pub allow_private: bool,
    /// Seconds to wait after the first failed attempt, after the second and so on; after one more the
    /// event is dead.
    pub waits: Vec<u32>,
    /// Deliveries this process makes at once; at most half of them go to receivers that fail or are slow.
    pub at_once: usize,
}

impl Default for Rules {
    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h; 32 at once.
    fn default() -> Self {
        Self {
            allow_private: false,
            waits: vec![5, 300, 1800, 7200, 18_000, 36_000, 36_000],
            at_once: 32,
        }
    }
}

/// What callbacks work with. Cheap to clone.
#[derive(Clone)]
pub struct Office {
    inner: Arc<Inner>,
}

struct Inner {
    port: Arc<dyn Port>,
    render: Arc<dyn Render>,
    rules: Rules,
    busy: Mutex<Busy>,
}

/// What is under way in this process.
#[derive(Default)]
struct Busy {
    each: HashMap<RowId, Each>,
    /// Deliveries to receivers that fail or are slow.
    troubled: usize,
}

/// What is under way for one partner.
#[derive(Default)]
struct Each {
    calls: usize,
    look_ups: usize,
    /// Deliveries in a row that had no place.
    refused: u32,
    is_slow: bool,
}

impl Each {
    const fn is_idle(&self) -> bool {
        self.calls == 0 && self.look_ups == 0 && self.refused == 0 && !self.is_slow
    }
}

impl fmt::Debug for Office {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Office")
            .field("rules", &self.inner.rules)
            .finish_non_exhaustive()
    }
}

impl Office {
    /// From its parts.
    #[must_use]
    pub fn new(port: Arc<dyn Port>, render: Arc<dyn Render>, rules: Rules) -> Self {
        Self {
            inner: Arc::new(Inner {
                port,
                render,
                rules,
                busy: Mutex::default(),
            }),
        }
    }

    /// The outside.
    pub(crate) fn port(&self) -> &dyn Port {
        &*self.inner.port
    }

    /// The words of the wire.
    pub(crate) fn render(&self) -> &dyn Render {
        &*self.inner.render
    }

    /// How callbacks are delivered.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    /// A place for a delivery to a partner, or after how many seconds to ask again: while all of its
    /// places are taken, or its receiver has trouble and too many such receivers are being called.
    pub(crate) fn place(&self, intermediary_id: &RowId, is_failing: bool) -> Result<Place, u32> {
        let most_troubled = (self.inner.rules.at_once / 2).max(1);
        let mut busy = self.busy();
        let is_full = busy.troubled >= most_troubled;
        let each = busy.each.entry(intermediary_id.clone()).or_default();
        let is_troubled = is_failing || each.is_slow;
        if each.calls >= AT_ONCE_EACH || (is_troubled && is_full) {
            each.refused = each.refused.saturating_add(1);
            let wait = FULL_SECONDS.saturating_mul(each.refused);
            return Err(wait.min(FULL_LONGEST_SECONDS));
        }
        each.calls = each.calls.saturating_add(1);
        each.refused = 0;
        busy.troubled = busy.troubled.saturating_add(usize::from(is_troubled));
        Ok(Place {
            office: self.clone(),
            intermediary_id: intermediary_id.clone(),
            is_troubled,
        })
    }

    /// Leave to look up a name a partner gave; `None` while enough of its names are being looked up.
    pub(crate) fn asking(&self, intermediary_id: &RowId) -> Option<Asking> {
        let mut busy = self.busy();
        let each = busy.each.entry(intermediary_id.clone()).or_default();
        if each.look_ups >= LOOK_UPS_EACH {
            return None;
        }
        each.look_ups = each.look_ups.saturating_add(1);
        Some(Asking {
            office: self.clone(),
            intermediary_id: intermediary_id.clone(),
        })
    }

    fn busy(&self) -> std::sync::MutexGuard<'_, Busy> {
        self.inner
            .busy
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Busy {
    /// Changes what is noted of a partner, and forgets one of whom there is nothing to note.
    fn change(&mut self, intermediary_id: &RowId, change: impl FnOnce(&mut Each)) {
        if let Some(each) = self.each.get_mut(intermediary_id) {
            change(each);
            if each.is_idle() {
                self.each.remove(intermediary_id);
            }
        }
    }
}

/// One delivery's place; dropping it gives it up.
pub(crate) struct Place {
    office: Office,
    intermediary_id: RowId,
    is_troubled: bool,
}

impl Place {
    /// Notes how long the receiver took.
    pub(crate) fn took(&self, took: Duration) {
        let note = |each: &mut Each| each.is_slow = took > SLOW;
        self.office.busy().change(&self.intermediary_id, note);
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut busy = self.office.busy();
        busy.troubled = busy.troubled.saturating_sub(usize::from(self.is_troubled));
        busy.change(&self.intermediary_id, |each| {
            each.calls = each.calls.saturating_sub(1);
        });
    }
}

/// Leave to look up one name; dropping it gives it back.
pub(crate) struct Asking {
    office: Office,
    intermediary_id: RowId,
}

impl Drop for Asking {
    fn drop(&mut self) {
        let note = |each: &mut Each| each.look_ups = each.look_ups.saturating_sub(1);
        self.office.busy().change(&self.intermediary_id, note);
    }
}

impl Rules {
    /// The wait after a number of failed attempts, from the list; `None` when there is none left. Up to
    /// a tenth is added, so that what failed together does not come back together.
    pub(crate) fn wait(&self, failed: u32, random: [u8; 2]) -> Option<Duration> {
        let place = usize::try_from(failed.checked_sub(1)?).ok()?;
        Some(jittered(*self.waits.get(place)?, random))
    }
}

/// Seconds, and up to a tenth more.
pub(crate) fn jittered(seconds: u32, random: [u8; 2]) -> Duration {
    let seconds = u64::from(seconds);
    let share = u64::from(u16::from_be_bytes(random));
    // A tenth of the wait in microseconds, times a fraction of 65,536.
    let jitter = seconds.saturating_mul(100_000).saturating_mul(share) / 65_536;
    Duration::from_micros(seconds.saturating_mul(1_000_000).saturating_add(jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Silent;

    impl Render for Silent {
        fn name(&self, _kind: lintel_domain::callback::NotificationType) -> &'static str {
            ""
        }

        fn data(&self, _notice: &crate::notice::Notice, _id: Option<&str>) -> serde_json::Value {
            serde_json::Value::Null
        }
    }

    fn office(at_once: usize) -> Office {
        let rules = Rules {
            at_once,
            ..Rules::default()
        };
        let port = Arc::new(crate::port::MemoryPort::default());
        Office::new(port, Arc::new(Silent), rules)
    }

    fn partner(number: usize) -> RowId {
        RowId::new(format!("partner {number}"))
    }

    #[test]
    fn four_places_each_and_longer_waits_for_more() {
        let office = office(32);
        let mut held: Vec<_> = (0..4)
            .map(|_| office.place(&partner(1), false).ok())
            .collect();
        assert!(held.iter().all(Option::is_some));
        let refused = |n: usize| office.place(&partner(n), false).err();
        assert_eq!(
            [refused(1), refused(1), refused(1)],
            [Some(2), Some(4), Some(6)]
        );
        for _ in 0..100 {
            let _ = refused(1);
        }
        assert_eq!((refused(1), refused(2)), (Some(60), None));
        held.pop();
        assert_eq!((refused(1), refused(1)), (None, None));
        drop(held);
        assert!(office.busy().each.is_empty(), "nobody is kept for ever");
    }

    #[test]
    fn receivers_in_trouble_have_half_the_places_together() {
        let office = office(8);
        let mut held = Vec::new();
        for n in 0..2 {
            // Slow ones are found out by their answers, failing ones are known.
            if n == 0 {
                let place = office.place(&partner(n), false);
                place.map(|p| p.took(SLOW * 2)).expect("a place");
            }
            for _ in 0..2 {
                held.push(office.place(&partner(n), n == 1).expect("a place"));
            }
        }
        assert!(office.place(&partner(0), false).is_err());
        assert!(office.place(&partner(2), true).is_err());
        assert!(office.place(&partner(3), false).is_ok());
        for place in &held {
            place.took(Duration::ZERO);
        }
        held.clear();
        assert!(office.place(&partner(2), true).is_ok());
        assert_eq!(office.busy().troubled, 0);
    }

    #[test]
    fn two_names_each_are_looked_up() {
        let office = office(8);
        let held = [office.asking(&partner(1)), office.asking(&partner(1))];
        assert!(office.asking(&partner(1)).is_none() && office.asking(&partner(2)).is_some());
        drop(held);
        assert!(office.asking(&partner(1)).is_some() && office.busy().each.is_empty());
    }

    #[test]
    fn seven_waits_and_then_none() {
        let rules = Rules::default();
        let seconds: Vec<u64> = (1..=7)
            .map(|n| rules.wait(n, [0; 2]).expect("a wait").as_secs())
            .collect();
        assert_eq!(seconds, [5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
        assert_eq!(rules.wait(8, [0; 2]), None);
        assert_eq!(rules.wait(0, [0; 2]), None);
        let longest = rules.wait(1, [255; 2]).expect("a wait");
        assert!(longest > Duration::from_secs(5) && longest < Duration::from_millis(5500));
    }
}
