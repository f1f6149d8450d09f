//! The letters there are. A name of somebody who may be a stranger is an `Option`: who makes the
//! letter passes it through [`crate::plain_name`].

mod account;
mod loan;
mod partner;
mod rates;

pub use account::{PasswordChanged, PasswordReset, SignUp, Welcome};
pub use loan::{ApplicationInvitation, Line, LoanInvitation, Officer, SigningReady, Way};
pub use partner::CallbackOff;
pub use rates::{RateChange, RateReached, RateRow, RateUpdate, ReachedRow};

/// Text that must never reach HTML as it is: samples use it wherever people write something.
pub(crate) const HOSTILE: &str = "<sample onload='x'>\"' & {{ it }}";

/// A link of the samples.
pub(crate) const LINK: &str = "https://loans.example.com/app/sample?a=1&b=2";
