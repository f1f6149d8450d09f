//! Where a loan that arrives stands, by what its sender says and as far as the sender may say so.

use lintel_domain::loan::Status;
use lintel_domain::refusal::{Field, LoanStatusField, Refusal, Rule};
use lintel_domain::status::{Hand, Position, Step, Worded, Wordings};
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::loan::read::LoanHead;
use lintel_store::loan::status::wordings_in;

use crate::error::AppError;
use crate::loan::LoanCaller;
use crate::loan::draft::Placed;
use crate::loan::status::open_conditions_in;

/// A loan nobody knew. A lender's may be anywhere: it comes out of another system. A broker's begins
/// where a broker could take it; what else the broker says is shown as it was sent.
pub(super) async fn first_in(
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    sent: Option<&Status>,
) -> Result<Placed, Fault> {
    let words = Wordings::new(wordings_in(tx, caller.org().lender_id()).await?);
    let start = Step::SignedUp;
    let Some(sent) = sent else {
        return Ok(words.of(start).into());
    };
    let placed = words.place(sent, start);
    let beginning = Position::of(&start.status(), start.lifecycle());
    let is_good = match caller.hand() {
        Hand::Lender => true,
        Hand::Broker => beginning.may_be_moved(placed.step, Hand::Broker),
    };
    Ok(if is_good {
        placed.into()
    } else {
        Worded::as_sent(sent, start).into()
    })
}

/// A loan that is there, whose row the transaction holds: it goes the ways of every change of status,
/// or not at all. Answers with its new position when it moves.
///
/// # Errors
/// A conflict of the status when there is no way, or conditions are open; any fault of the database.
pub(super) async fn again_in(
    tx: &mut Tx,
    caller: &LoanCaller<'_>,
    head: &LoanHead,
    sent: &Status,
) -> Result<(Placed, Option<Position>), AppError> {
    let words = Wordings::new(wordings_in(tx, &head.lender_id).await?);
    let (from, hand) = (head.position(), caller.hand());
    let to = words.place(sent, from.step);
    if to.step == from.step {
        return Ok((to.into(), None));
    }
    if !from.may_be_moved(to.step, hand) {
        let shown = Worded::as_sent(sent, from.step);
        // What stood as text when a broker first said it still does.
        if hand == Hand::Broker && shown.lender == head.line.lender_status {
            return Ok((shown.into(), None));
        }
        return Err(refused());
    }
    if open_conditions_in(tx, head, from, to.step).await?.is_some() {
        return Err(refused());
    }
    let position = from.after(to.step);
    Ok((to.into(), Some(position)))
}

fn refused() -> AppError {
    let field = Field::LoanStatus(LoanStatusField::Main);
    let rule = Rule::Conflict;
    Refusal::Invalid { field, rule }.into()
}
