//! What `#[boxed]` takes, and that its futures do what the functions said. Rows are read in the tests of
//! `lintel-store`, on both databases.

#[cfg(test)]
mod boxed {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use lintel_macros::boxed;

    /// Polls a future that never waits.
    fn done<T>(future: impl Future<Output = T> + Send) -> T {
        let mut context = Context::from_waker(Waker::noop());
        match pin!(future).poll(&mut context) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("it waits"),
        }
    }

    struct Shelf<'a> {
        words: &'a [&'a str],
    }

    impl Shelf<'_> {
        #[boxed]
        async fn longest(&self, but: &str) -> Option<&str> {
            let others = self.words.iter().filter(|word| **word != but);
            others.copied().max_by_key(|word| word.len())
        }

        #[boxed]
        async fn into_first(self, mut missing: String) -> String {
            if let Some(first) = self.words.first() {
                missing.clear();
                missing.push_str(first);
            }
            missing
        }
    }

    #[boxed]
    async fn count<'a>(
        words: &'a [&'a str],
        (least, chosen): (usize, &(dyn Fn(&str) -> bool + Sync)),
        total: &mut usize,
    ) -> Result<(), std::num::TryFromIntError> {
        let long = words
            .iter()
            .filter(|word| word.len() >= least && chosen(word));
        *total += usize::try_from(u64::try_from(long.count())?)?;
        Ok(())
    }

    #[boxed]
    async fn nothing() {}

    #[test]
    fn borrowed_and_owned_arguments_come_through() {
        let shelf = Shelf {
            words: &["lock", "rate", "spread"],
        };
        assert_eq!(done(shelf.longest("spread")), Some("rate"));
        assert_eq!(done(shelf.longest("none")), Some("spread"));
        assert_eq!(done(shelf.into_first("x".to_owned())), "lock");
        assert_eq!(done(Shelf { words: &[] }.into_first("x".to_owned())), "x");
        let mut total = 1;
        let counting = count(
            &["lock", "rate", "tan"],
            (4, &|word| word.contains('t')),
            &mut total,
        );
        assert_eq!(done(counting), Ok(()));
        assert_eq!(total, 2);
        done(nothing());
    }
}
