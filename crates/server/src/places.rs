//! `lintel places`: where ZIP codes are.

use clap::Args;
use comfy_table::{Table, presets};
use lintel_places::{CountyFips, Place, Zip};

/// Options of `lintel places`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("asked").required(true))]
pub struct PlacesArgs {
    /// ZIP codes: five digits, or nine with a hyphen or without.
    #[arg(value_name = "ZIP", group = "asked", value_parser = zip)]
    pub zips: Vec<Zip>,
    /// Every ZIP code of a county, by its five-digit FIPS code.
    #[arg(long, value_name = "FIPS", group = "asked", value_parser = county)]
    pub county: Option<CountyFips>,
    /// Whose data the table was made from, and under which licences.
    #[arg(long, group = "asked")]
    pub attribution: bool,
}

/// What there is to print, and what was not found.
#[derive(Debug)]
pub struct Answer {
    /// The table; empty when nothing was found.
    pub text: String,
    /// A sentence for each code that is not known.
    pub unknown: Vec<String>,
}

/// Looks the codes up.
#[must_use]
pub fn run(args: &PlacesArgs) -> Answer {
    if args.attribution {
        return Answer {
            text: lintel_places::attribution().to_owned(),
            unknown: Vec::new(),
        };
    }
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for zip in &args.zips {
        match lintel_places::find(*zip) {
            Some(place) => found.push(place),
            None => unknown.push(format!("{zip} is no ZIP code of the table of places")),
        }
    }
    if let Some(fips) = args.county {
        if lintel_places::county(fips).is_none() {
            unknown.push(format!("there is no county {fips}{}", hint(fips)));
        }
        found.extend(lintel_places::iter().filter(|place| place.county_fips == Some(fips)));
    }
    let text = match args.county.and_then(lintel_places::county) {
        Some(county) if found.is_empty() => format!("no ZIP code lies in {}\n", county.name),
        _ => table(&found),
    };
    Answer { text, unknown }
}

/// What people who type the code of a former county want to know.
fn hint(fips: CountyFips) -> &'static str {
    if fips.state_number() == 9 {
        "; Connecticut has planning regions, 09110 to 09190"
    } else {
        ""
    }
}

fn table(places: &[Place]) -> String {
    if places.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_header(["ZIP", "city", "county", "FIPS", "state"]);
    for place in places {
        let fips = place.county_fips.map(|fips| fips.to_string());
        table.add_row([
            place.zip.to_string(),
            place.city.to_owned(),
            place.county.unwrap_or("none").to_owned(),
            fips.unwrap_or_default(),
            place.state.to_owned(),
        ]);
    }
    format!("{table}\n")
}

fn zip(text: &str) -> Result<Zip, String> {
    Zip::parse(text).map_err(|error| error.to_string())
}

fn county(text: &str) -> Result<CountyFips, String> {
    let refused = "a county has a FIPS code of five digits, such as 06059";
    CountyFips::parse(text).ok_or_else(|| refused.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(zips: &[u32], county: Option<&str>) -> Answer {
        run(&PlacesArgs {
            zips: zips.iter().filter_map(|zip| Zip::try_new(*zip)).collect(),
            county: county.and_then(CountyFips::parse),
            attribution: false,
        })
    }

    #[test]
    fn zip_codes_are_shown_and_unknown_ones_named() {
        let both = answer(&[92_649, 0, 501], None);
        for shown in [
            "92649",
            "Huntington Beach",
            "Orange County",
            "06059",
            "00501",
        ] {
            assert!(both.text.contains(shown), "{shown}\n{}", both.text);
        }
        assert_eq!(
            both.unknown,
            ["00000 is no ZIP code of the table of places"]
        );
        let none = answer(&[0], None);
        assert_eq!((none.text.as_str(), none.unknown.len()), ("", 1));
        assert!(answer(&[9012], None).text.contains("none"));
    }

    #[test]
    fn a_county_lists_its_zip_codes() {
        let maui = answer(&[], Some("15009"));
        assert!(maui.text.contains("96793") && maui.unknown.is_empty());
        let former = answer(&[], Some("09001"));
        assert!(former.text.is_empty() && former.unknown[0].contains("planning regions"));
        let rose = answer(&[], Some("60030"));
        assert_eq!(rose.text, "no ZIP code lies in Rose Island\n");
        assert!(rose.unknown.is_empty());
    }

    #[test]
    fn bad_codes_are_refused_by_the_command_line() {
        for text in ["", "9264", "92649-12", "٩٢٦٤٩", "99999999999999999999"] {
            assert!(zip(text).is_err() && county(text).is_err(), "{text}");
        }
        assert!(zip("92649-0001").is_ok() && county("06059").is_ok());
    }
}
