//! Reading query plans: which indexes serve a statement, how many rows it reads.

use lintel_store::db::DbKind;

/// A statement's plan.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
    /// Every line, as the database says it.
    pub(super) lines: Vec<String>,
    /// Indexes in use, in order, each once; look-ups of single rows by their key are left out.
    pub(super) indexes: Vec<String>,
    /// Rows that scans looked at, where the database counts them.
    pub(super) rows_read: Option<f64>,
    /// Whether loans or borrowers are read from end to end.
    pub(super) scans_all: bool,
}

impl Plan {
    pub(super) fn read(kind: DbKind, lines: Vec<String>) -> Self {
        match kind {
            DbKind::Sqlite => Self::of_sqlite(lines),
            DbKind::Postgres => Self::of_postgres(lines),
        }
    }

    fn of_sqlite(lines: Vec<String>) -> Self {
        let mut plan = Self::default();
        for line in &lines {
            if let Some((_, rest)) = line.split_once(" INDEX ") {
                plan.add_index(rest.split_whitespace().next().unwrap_or_default());
            }
            plan.scans_all |= line == "SCAN loan" || line == "SCAN l" || line == "SCAN borrower";
        }
        Self { lines, ..plan }
    }

    fn of_postgres(lines: Vec<String>) -> Self {
        let mut plan = Self {
            rows_read: Some(0.0),
            ..Self::default()
        };
        let mut loops = 1.0;
        for line in &lines {
            if let Some((_, rest)) = line.split_once(" using ") {
                plan.add_index(rest.split_whitespace().next().unwrap_or_default());
            } else if let Some((_, rest)) = line.split_once("Bitmap Index Scan on ") {
                plan.add_index(rest.split_whitespace().next().unwrap_or_default());
            }
            plan.scans_all |=
                line.contains("Seq Scan on loan") || line.contains("Seq Scan on borrower");
            if let Some(actual) = line.split_once("(actual ").map(|(_, rest)| rest) {
                loops = number_after(actual, "loops=").unwrap_or(1.0);
                if line.contains(" Scan ") && !line.contains("Subquery Scan") {
                    plan.add_rows(number_after(actual, "rows=").unwrap_or_default() * loops);
                }
            } else if let Some(removed) = number_after(line, "Rows Removed by Filter: ") {
                plan.add_rows(removed * loops);
            }
        }
        Self { lines, ..plan }
    }

    fn add_index(&mut self, name: &str) {
        let is_key = name.starts_with("sqlite_autoindex_") || name.ends_with("_pkey");
        if !is_key && !self.indexes.iter().any(|known| known == name) {
            self.indexes.push(name.to_owned());
        }
    }

    fn add_rows(&mut self, rows: f64) {
        self.rows_read = self.rows_read.map(|sum| sum + rows);
    }
}

fn number_after(text: &str, marker: &str) -> Option<f64> {
    let (_, rest) = text.split_once(marker)?;
    rest.split(|c: char| !c.is_ascii_digit() && c != '.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn sqlite_plans_name_indexes_sorts_and_scans() {
        let plan = Plan::of_sqlite(lines(
            "SEARCH loan USING COVERING INDEX by_date (a=?)\nSCAN p\n\
             SEARCH l USING INDEX sqlite_autoindex_loan_1 (a=? AND b=?)\n\
             USE TEMP B-TREE FOR ORDER BY",
        ));
        assert_eq!(plan.indexes, ["by_date"]);
        assert!(!plan.scans_all);
        assert!(Plan::of_sqlite(lines("SCAN loan")).scans_all);
    }

    #[test]
    fn postgres_plans_count_rows_over_loops_and_those_thrown_away() {
        let plan = Plan::of_postgres(lines(
            "Nested Loop  (cost=1..2 rows=9 width=1) (actual rows=10 loops=1)\n\
             ->  Index Only Scan using by_date on loan  (cost=1..2) (actual rows=10 loops=1)\n\
             ->  Index Scan using loan_pkey on loan l  (cost=1..2) (actual rows=1 loops=10)\n\
             Rows Removed by Filter: 3",
        ));
        assert_eq!(plan.indexes, ["by_date"]);
        assert!((plan.rows_read.unwrap_or_default() - 50.0).abs() < 1e-9);
        assert!(Plan::of_postgres(lines("Seq Scan on loan (actual rows=5 loops=1)")).scans_all);
    }
}
