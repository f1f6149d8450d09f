//! How many threads and which vector instructions a bulk call may use.

use std::num::NonZeroUsize;

#[cfg(target_arch = "x86_64")]
use fearless_simd::Avx2;
use fearless_simd::{Level, Simd};

/// What a bulk call runs on. It changes how long a call takes, never what it answers.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    threads: NonZeroUsize,
    #[cfg(target_arch = "x86_64")]
    avx2: Option<Avx2>,
}

/// Work that can be compiled for several instruction sets. Only operations that IEEE 754 rounds one
/// way, in one order and without fused multiply-add, keep the answer independent of the machine.
pub trait LaneWork {
    /// Does the work with the vectors of `token`. Must be `#[inline(always)]` down to the
    /// arithmetic, or it is compiled for the base instructions.
    fn run<S: Simd>(self, token: S);
}

impl Machine {
    /// One thread, and the best vector instructions this processor has.
    #[must_use]
    pub fn one_core() -> Self {
        Self::with_threads(NonZeroUsize::MIN)
    }

    /// As many threads as asked for, and the best vector instructions this processor has.
    #[must_use]
    pub fn with_threads(threads: NonZeroUsize) -> Self {
        Self {
            threads,
            #[cfg(target_arch = "x86_64")]
            avx2: Level::new().as_avx2(),
        }
    }

    /// The same without instructions found at run time: what an older processor would do. The
    /// answers are the same bits.
    #[must_use]
    pub const fn portable(self) -> Self {
        Self {
            threads: self.threads,
            #[cfg(target_arch = "x86_64")]
            avx2: None,
        }
    }

    /// Number of threads.
    #[must_use]
    pub const fn threads(&self) -> NonZeroUsize {
        self.threads
    }

    /// `AVX2`, or `portable` for what the compiler assumes of every processor of this kind.
    #[must_use]
    pub const fn instructions(&self) -> &'static str {
        #[cfg(target_arch = "x86_64")]
        if self.avx2.is_some() {
            return "AVX2";
        }
        "portable"
    }

    /// Runs `work` in lanes.
    ///
    /// # Errors
    /// The work itself, untouched, where no lanes are known for the processor: the caller's scalar
    /// road answers then.
    pub fn run<W: LaneWork>(self, work: W) -> Result<(), W> {
        #[cfg(target_arch = "x86_64")]
        {
            if let Some(token) = self.avx2 {
                token.vectorize(
                    #[inline(always)]
                    || work.run(token),
                );
                return Ok(());
            }
            if let Some(token) = Level::baseline().as_sse2() {
                token.vectorize(
                    #[inline(always)]
                    || work.run(token),
                );
                return Ok(());
            }
        }
        #[cfg(target_arch = "aarch64")]
        if let Some(token) = Level::baseline().as_neon() {
            token.vectorize(
                #[inline(always)]
                || work.run(token),
            );
            return Ok(());
        }
        Err(work)
    }
}
