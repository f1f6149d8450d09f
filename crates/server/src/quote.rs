//! `lintel quote`: looking into a search that was answered earlier.

use clap::{Args, Subcommand};
use comfy_table::{CellAlignment, Table, presets};
use lintel_app::admin;
use lintel_app::context::App;
use lintel_app::error::AppError;
use lintel_app::search::{self, Replayed};
use lintel_domain::id::PublicId;
use lintel_domain::organisation::Organisation;
use lintel_domain::refusal::{Noun, Refusal};
use lintel_pricing::priced::PricedProduct;

use crate::admin::utc;
use crate::cli::ConfigArgs;

/// `lintel quote …`.
#[derive(Debug, Args)]
pub struct QuoteArgs {
    /// Configuration sources.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: QuoteCommand,
}

/// What can be done with a quote.
#[derive(Debug, Subcommand)]
pub enum QuoteCommand {
    /// Price a stored search again with the sheets and rules of its time and compare every figure;
    /// exit status 1 when any differs.
    Replay {
        /// The searchID of the answer.
        #[arg(value_name = "SEARCH_ID")]
        search_id: String,
        /// lenderID of the organisation that was asked; without it the id is looked for in every one.
        #[arg(long, value_name = "LENDER_ID")]
        lender: Option<String>,
    },
}

/// What a replay prints, and whether the figures are those of then.
#[derive(Debug)]
pub struct Outcome {
    /// The text.
    pub text: String,
    /// Whether every figure is the same.
    pub is_reproduced: bool,
}

/// Runs the command.
///
/// # Errors
/// Not found when the organisation or its search is unknown or has expired; any fault of the database.
pub async fn run(app: &App, command: &QuoteCommand) -> Result<Outcome, AppError> {
    let QuoteCommand::Replay { search_id, lender } = command;
    let search_id = search_id.trim();
    let orgs = match lender {
        Some(lender) => {
            let missing = Refusal::NotFound {
                what: Noun::Organisation,
            };
            let lender = PublicId::parse(lender.trim()).ok_or(missing)?;
            vec![admin::find_organisation(app, &lender).await?]
        }
        None => search::find(app, search_id)
            .await?
            .into_iter()
            .map(|kept| kept.org)
            .collect(),
    };
    let [org] = orgs.as_slice() else {
        return match orgs.first() {
            None => Err(Refusal::NotFound { what: Noun::Search }.into()),
            Some(_) => Ok(Outcome {
                text: format!(
                    "{search_id} is a search of {}; say whose with --lender\n",
                    named(&orgs)
                ),
                is_reproduced: false,
            }),
        };
    };
    let replayed = search::replay(app, org, search_id).await?;
    Ok(Outcome {
        text: report(&replayed),
        is_reproduced: replayed.is_equal,
    })
}

fn named(orgs: &[Organisation]) -> String {
    let names: Vec<String> = orgs
        .iter()
        .map(|org| format!("{} ({})", org.public_id, org.name))
        .collect();
    names.join(", ")
}

fn report(replayed: &Replayed) -> String {
    let scenario = &replayed.scenario;
    let mut lines = vec![
        format!(
            "search     {}, made {}, sheets of generation {}",
            replayed.stored.search_id,
            utc(replayed.stored.created_at),
            replayed.stored.generation
        ),
        format!(
            "asked      {}, ZIP {}, loan {} on {}, score {}",
            scenario.purpose,
            replayed.zip,
            scenario.loan_amount,
            scenario.home_price,
            scenario
                .score
                .map_or_else(|| "not stated".to_owned(), |score| score.to_string())
        ),
        String::new(),
        figures(replayed),
    ];
    let products = &replayed.priced.products;
    lines.push(if replayed.is_equal {
        format!(
            "reproduced: every figure of {} products is the one that was answered",
            products.len()
        )
    } else {
        "DIFFERENT: the figures above are not those that were answered".to_owned()
    });
    if replayed.stored.rules_digest != replayed.rules_digest {
        lines.push("note: the rule book has changed since the search".to_owned());
    }
    if replayed.stored.program_version != replayed.program_version {
        lines.push(format!(
            "note: the search was answered by version {}, this is {}",
            replayed.stored.program_version, replayed.program_version
        ));
    }
    lines.join("\n") + "\n"
}

fn figures(replayed: &Replayed) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header([
        "product", "rate", "lock", "points", "APR", "P&I", "MI", "fees",
    ]);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let named = &replayed.book.book.catalogue.products;
    for product in &replayed.priced.products {
        let name = named.get(product.product).map_or("?", |p| p.name.as_str());
        add_rows(&mut table, name, product);
    }
    table.to_string()
}

fn add_rows(table: &mut Table, name: &str, product: &PricedProduct) {
    for row in &product.rows {
        let fees = row
            .fees
            .total()
            .map_or_else(String::new, |total| total.to_string());
        table.add_row([
            name.to_owned(),
            row.note_rate.to_fixed(3),
            row.lock_days.to_string(),
            row.points.to_fixed(3),
            row.apr.to_fixed(3),
            row.piti.principal_and_interest.to_string(),
            row.piti.mortgage_insurance.to_string(),
            fees,
        ]);
    }
}
