//! Figures as Portuguese papers write them: `180 000,00 €`, `3,037 %`, `21/11/2026`. Spaces inside a
//! figure do not break.

use lintel_engine::date::Date;
use lintel_engine::money::Cents;
use lintel_engine::rate::Pct;

const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

/// An amount in euro: `180 000,00 €`.
#[must_use]
pub fn euro(amount: Cents) -> String {
    let mut out = plain(amount);
    out.push_str("\u{a0}€");
    out
}

/// An amount without its sign, for tables that say what it is.
pub(crate) fn plain(amount: Cents) -> String {
    let cents = amount.get().unsigned_abs();
    let digits = (cents / 100).to_string();
    let mut out = String::with_capacity(digits.len() + 10);
    if amount.is_negative() {
        out.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    let rest = cents % 100;
    out.push(',');
    out.push_str(if rest < 10 { "0" } else { "" });
    out.push_str(&rest.to_string());
    out
}

/// A rate with so many decimals.
pub(crate) fn rate(rate: Pct, decimals: u32) -> String {
    format!("{}\u{a0}%", rate.to_fixed(decimals).replace('.', ","))
}

/// A rate with the decimals it has, at most three.
#[must_use]
pub fn short_rate(rate: Pct) -> String {
    let fixed = rate.to_fixed(3);
    let short = fixed.trim_end_matches('0').trim_end_matches('.');
    format!("{}\u{a0}%", short.replace('.', ","))
}

/// Percentage points with the decimals they have, at most three.
pub(crate) fn points(points: Pct) -> String {
    let fixed = points.to_fixed(3);
    let short = fixed.trim_end_matches('0').trim_end_matches('.');
    let unit = if points == Pct::new(1_000_000_000) {
        "ponto percentual"
    } else {
        "pontos percentuais"
    };
    format!("{} {unit}", short.replace('.', ","))
}

/// `21/11/2026`.
#[must_use]
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `21 de novembro de 2026`.
pub(crate) fn long_date(date: Date) -> String {
    format!("{} de {}", date.day(), month(date))
}

/// `novembro de 2026`.
pub(crate) fn month(date: Date) -> String {
    let at = usize::try_from(date.month()).unwrap_or_default();
    let name = MONTHS
        .get(at.saturating_sub(1))
        .copied()
        .unwrap_or_default();
    format!("{name} de {}", date.year())
}

/// `366 meses (30 anos e 6 meses)`.
pub(crate) fn months(count: u32) -> String {
    let of_months = |n: u32| {
        if n == 1 {
            "1 mês".to_owned()
        } else {
            format!("{n} meses")
        }
    };
    let (years, rest) = (count / 12, count % 12);
    let of_years = if years == 1 {
        "1 ano".to_owned()
    } else {
        format!("{years} anos")
    };
    match (years, rest) {
        (0, _) => of_months(count),
        (_, 0) => format!("{} ({of_years})", of_months(count)),
        (_, _) => format!("{} ({of_years} e {})", of_months(count), of_months(rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::{date, euro, long_date, months, points, rate, short_rate};
    use lintel_engine::date::Date;
    use lintel_engine::money::Cents;
    use lintel_engine::rate::Pct;

    #[test]
    fn amounts_are_grouped() {
        for (cents, text) in [
            (18_000_000, "180 000,00 €"),
            (0, "0,00 €"),
            (5, "0,05 €"),
            (-123_456, "-1 234,56 €"),
            (99_999, "999,99 €"),
            (100_000, "1 000,00 €"),
            (123_456_789_012, "1 234 567 890,12 €"),
            (-100_000_000_000_000_000, "-1 000 000 000 000 000,00 €"),
        ] {
            assert_eq!(euro(Cents::new(cents)).replace('\u{a0}', " "), text);
        }
    }

    #[test]
    fn rates_have_a_comma() {
        let of = |text: &str| Pct::parse_decimal(text).unwrap();
        assert_eq!(rate(of("3.037"), 3), "3,037\u{a0}%");
        assert_eq!(rate(of("3.593877"), 1), "3,6\u{a0}%");
        assert_eq!(rate(of("-0.304"), 3), "-0,304\u{a0}%");
        assert_eq!(short_rate(of("0.5")), "0,5\u{a0}%");
        assert_eq!(short_rate(of("2")), "2\u{a0}%");
        assert_eq!(short_rate(of("100")), "100\u{a0}%");
        assert_eq!(points(of("3")), "3 pontos percentuais");
        assert_eq!(points(of("1")), "1 ponto percentual");
    }

    #[test]
    fn dates_and_terms() {
        let day = Date::new(2026, 3, 1).unwrap();
        assert_eq!(date(day), "01/03/2026");
        assert_eq!(long_date(day), "1 de março de 2026");
        for (count, text) in [
            (1, "1 mês"),
            (11, "11 meses"),
            (12, "12 meses (1 ano)"),
            (25, "25 meses (2 anos e 1 mês)"),
            (360, "360 meses (30 anos)"),
        ] {
            assert_eq!(months(count), text);
        }
    }
}
