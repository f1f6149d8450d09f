//! How much is borrowed: the text says it in up to three members that mean different things for
//! different purposes.

use lintel_domain::loan::Purpose;
use lintel_engine::money::Cents;

use crate::error::LenderError;
use crate::form::Reader;

/// `homePrice`, `downPayment`, `loanAmount` and `cashOut` as sent.
pub struct Amounts<'r, 'a> {
    reader: &'r Reader<'a>,
    /// Price, or value on a refinance. Positive.
    pub home_price: Cents,
    down_payment: Option<Cents>,
    loan_amount: Option<Cents>,
    cash_out: Option<Cents>,
}

impl<'r, 'a> Amounts<'r, 'a> {
    /// Reads the members of a search in which either `loanAmount` or `downPayment` must be there.
    pub fn either(reader: &'r Reader<'a>) -> Result<Self, LenderError> {
        let amounts = Self {
            reader,
            home_price: reader.req_positive("homePrice")?,
            down_payment: reader.opt_money("downPayment")?,
            loan_amount: reader.opt_positive("loanAmount")?,
            cash_out: reader.opt_money("cashOut")?,
        };
        if amounts.loan_amount.is_none() && amounts.down_payment.is_none() {
            return Err(LenderError::missing(&reader.path("loanAmount")));
        }
        Ok(amounts)
    }

    /// Reads the members of a loan in which `downPayment` must be there and `loanAmount` is no word.
    pub fn by_down_payment(reader: &'r Reader<'a>) -> Result<Self, LenderError> {
        Ok(Self {
            reader,
            home_price: reader.req_positive("homePrice")?,
            down_payment: Some(reader.req_money("downPayment")?),
            loan_amount: None,
            cash_out: reader.opt_money("cashOut")?,
        })
    }

    /// The loan for a purpose. `loanAmount` wins, and is the total on a cash-out refinance;
    /// otherwise `downPayment` is what the buyer pays on a purchase and the balance that is paid off
    /// on a refinance, to which cash is added.
    ///
    /// # Errors
    /// Names the member to blame for a loan of nothing or of more than the price.
    pub fn loan(&self, purpose: Purpose) -> Result<Cents, LenderError> {
        let refuse = |name| LenderError::invalid(&self.reader.path(name));
        let down = self.down_payment.unwrap_or(Cents::ZERO);
        let cash = match (purpose, self.cash_out) {
            (Purpose::RefinanceCashOut, None) => {
                return Err(LenderError::missing(&self.reader.path("cashOut")));
            }
            (Purpose::RefinanceCashOut, Some(cash)) => cash,
            (Purpose::Purchase | Purpose::Refinance, _) => Cents::ZERO,
        };
        let (loan, blamed) = match (self.loan_amount, purpose) {
            (Some(loan), _) => (Some(loan), "loanAmount"),
            (None, Purpose::Purchase) => (self.home_price.checked_sub(down), "downPayment"),
            (None, Purpose::Refinance | Purpose::RefinanceCashOut) => {
                // What can be had without cash is not the balance's fault.
                let by_cash = down <= self.home_price && cash.is_positive();
                let blamed = if by_cash { "cashOut" } else { "downPayment" };
                (down.checked_add(cash), blamed)
            }
        };
        loan.filter(|loan| loan.is_positive() && *loan <= self.home_price)
            .ok_or_else(|| refuse(blamed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn loan(data: &Value, purpose: Purpose) -> Result<i64, String> {
        let reader = Reader::new(data);
        let loan = Amounts::either(&reader).and_then(|a| a.loan(purpose));
        loan.map(|l| l.get() / 100)
            .map_err(|e| e.field.unwrap_or_default())
    }

    fn blamed(name: &str) -> Result<i64, String> {
        Err(name.to_owned())
    }

    #[test]
    fn a_down_payment_means_three_things() {
        use Purpose::{Purchase, Refinance, RefinanceCashOut};
        let data = json!({"homePrice": "500000", "downPayment": "200000", "cashOut": 10000});
        assert_eq!(loan(&data, Purchase), Ok(300_000));
        assert_eq!(loan(&data, Refinance), Ok(200_000));
        assert_eq!(loan(&data, RefinanceCashOut), Ok(210_000));
        let stated = json!({
            "homePrice": "500000", "downPayment": "1", "cashOut": 10000, "loanAmount": 250_000
        });
        for purpose in [Purchase, Refinance, RefinanceCashOut] {
            assert_eq!(loan(&stated, purpose), Ok(250_000));
        }
        let no_cash = json!({"homePrice": "500000", "loanAmount": 250_000});
        assert_eq!(loan(&no_cash, Purchase), Ok(250_000));
        assert_eq!(loan(&no_cash, RefinanceCashOut), blamed("cashOut"));
    }

    #[test]
    fn nothing_and_more_than_the_price_cannot_be_lent() {
        use Purpose::{Purchase, Refinance, RefinanceCashOut};
        let of =
            |down: i64, cash: i64| json!({"homePrice": 1000, "downPayment": down, "cashOut": cash});
        assert_eq!(loan(&of(1000, 0), Purchase), blamed("downPayment"));
        assert_eq!(loan(&of(1001, 0), Purchase), blamed("downPayment"));
        assert_eq!(loan(&of(0, 0), Purchase), Ok(1000));
        assert_eq!(loan(&of(0, 0), Refinance), blamed("downPayment"));
        assert_eq!(loan(&of(1001, 0), Refinance), blamed("downPayment"));
        assert_eq!(loan(&of(900, 101), RefinanceCashOut), blamed("cashOut"));
        assert_eq!(loan(&of(900, 100), RefinanceCashOut), Ok(1000));
        assert_eq!(loan(&of(1001, 1), RefinanceCashOut), blamed("downPayment"));
        assert_eq!(loan(&of(0, 500), RefinanceCashOut), Ok(500));
        let above = json!({"homePrice": 1000, "loanAmount": "1000.01"});
        assert_eq!(loan(&above, Purchase), blamed("loanAmount"));
        assert_eq!(
            loan(&json!({"homePrice": 1000}), Purchase),
            blamed("loanAmount")
        );
        assert_eq!(
            loan(&json!({"loanAmount": 1000}), Purchase),
            blamed("homePrice")
        );
        let zero = json!({"homePrice": 1000, "downPayment": 100, "loanAmount": 0});
        assert_eq!(loan(&zero, Purchase), blamed("loanAmount"));
        let huge = json!({"homePrice": "100000000000", "downPayment": "100000000000", "cashOut": "100000000000"});
        assert_eq!(loan(&huge, RefinanceCashOut), blamed("cashOut"));
    }
}
