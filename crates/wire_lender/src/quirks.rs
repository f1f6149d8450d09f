//! Oddities of the public text, each in one function: what it is, where it stands, which golden
//! pins it.

use lintel_domain::product::RateKind;
use lintel_domain::scenario::PropertyKind;
use lintel_engine::money::Cents;

/// Amounts of `homePrice` and `loanAmount` in the pipeline are texts without a fraction when they
/// are whole dollars ("200000"), while incomes beside them always have two decimals ("5000.00").
/// Source: the sample answer of `/get-list-loans`. Evidence: two samples agree. Pinned by the
/// golden `list_one_loan`.
pub fn plain_dollars(amount: Cents) -> String {
    let text = amount.to_string();
    text.strip_suffix(".00")
        .map_or_else(|| text.clone(), str::to_owned)
}

/// `percent` and `mismoTypeOther` of a fee are empty texts when absent in `/get-apr-closing-costs`,
/// but null in `/get-ppe-anonymous`. Source: the sample answers of both. Pinned by the golden
/// `apr_fixed_and_arm`.
pub const ABSENT_FEE_TEXT: &str = "";

/// `loanTerm` of an adjustable product is sometimes its fixed period (5) and sometimes the years to
/// maturity (30), so it is not looked at: an adjustable loan runs for `loanAmortization`. A fixed
/// loan matures at the earlier of both; a term shorter than the amortization is a balloon. Source:
/// the two sample payloads of `/get-apr-closing-costs`. Evidence: they contradict each other. Pinned
/// by the golden `apr_fixed_and_arm`.
pub fn term_months(term_years: u32, amortization_years: u32, kind: &RateKind) -> u32 {
    match kind {
        RateKind::Fixed => term_years.min(amortization_years) * 12,
        RateKind::Adjustable(_) => amortization_years * 12,
    }
}

/// `interestOnly` is a flag without a number of months. An adjustable loan pays interest only while
/// its rate is fixed; a fixed one for ten years, at most half its term. Source: silent. Evidence: our
/// choice. Pinned by the unit test below.
pub fn fixed_interest_only_months(term_months: u32) -> u32 {
    const TEN_YEARS: u32 = 120;
    TEN_YEARS.min(term_months / 2)
}

/// `numUnits` and words such as `Duplex` both say how many units there are; copied payloads leave a 1
/// beside any word. The larger of both counts: limits and prices of more units are the stricter ones.
/// Source: silent. Evidence: our choice. Pinned by the unit test below.
pub fn units(property: PropertyKind, stated: Option<u32>) -> u32 {
    const LEAST_OF_SEVERAL: u32 = 2;
    let implied = property.implied_units().unwrap_or(LEAST_OF_SEVERAL);
    implied.max(stated.unwrap_or(1))
}

/// Telephone numbers are taken with or without separators and answered with dashes: "800-111-2222".
/// Numbers that are not ten digits (with the country's 1 in front, eleven) stay as they are. Source:
/// the sample payloads of `/add-users` and the sample answer of `/get-internal-users`. Pinned by the
/// golden `internal_users`.
pub fn dashed_phone(digits: &str) -> String {
    let national = match digits.len() {
        11 => digits.strip_prefix('1').unwrap_or(digits),
        _ => digits,
    };
    if national.len() == 10 && national.is_ascii() {
        let (area, rest) = national.split_at(3);
        let (exchange, line) = rest.split_at(3);
        format!("{area}-{exchange}-{line}")
    } else {
        digits.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_dollars_have_no_fraction() {
        assert_eq!(plain_dollars(Cents::new(20_000_000)), "200000");
        assert_eq!(plain_dollars(Cents::new(20_000_050)), "200000.50");
    }

    #[test]
    fn a_fixed_loan_ends_at_the_earlier_of_term_and_amortization() {
        assert_eq!(term_months(30, 30, &RateKind::Fixed), 360);
        assert_eq!(term_months(7, 30, &RateKind::Fixed), 84);
        assert_eq!(term_months(30, 3, &RateKind::Fixed), 36);
    }

    #[test]
    fn interest_only_is_ten_years_or_half_the_term() {
        assert_eq!(fixed_interest_only_months(360), 120);
        assert_eq!(fixed_interest_only_months(120), 60);
    }

    #[test]
    fn the_larger_number_of_units_counts() {
        assert_eq!(units(PropertyKind::SingleFamily, None), 1);
        assert_eq!(units(PropertyKind::SingleFamily, Some(2)), 2);
        assert_eq!(units(PropertyKind::Duplex, Some(1)), 2);
        assert_eq!(units(PropertyKind::TwoToFourUnits, Some(1)), 2);
        assert_eq!(units(PropertyKind::TwoToFourUnits, Some(3)), 3);
    }

    #[test]
    fn phones_have_dashes() {
        assert_eq!(dashed_phone("8001112222"), "800-111-2222");
        assert_eq!(dashed_phone("18001112222"), "800-111-2222");
        for odd in ["", "5551234", "28001112222", "442071234567", "80011122äx"] {
            assert_eq!(dashed_phone(odd), odd);
        }
    }
}
