//! The mistakes, one function each: what they make of a good document, and what must be said.

use base64::Engine as _;
use lintel_mismo::{Code, Severity};

use super::markup::{
    Dice, STANDARD, any_value_set, arc_end, before_end, party_of_borrower, prefix, replaced,
    value_at, value_set, whole, without_root,
};

use Severity::{Error, Note, Warning};

/// A document with a mistake.
pub struct Mutant {
    pub bytes: Vec<u8>,
    /// A finding that must be among those reported.
    pub must: Option<(Code, Severity)>,
    /// Whether the loan must be the same as without the mistake.
    pub is_same: bool,
}

pub type Mutate = fn(&mut Dice, &str) -> Option<Mutant>;

fn must(text: Option<String>, code: Code, severity: Severity) -> Option<Mutant> {
    text.map(|text| Mutant {
        bytes: text.into_bytes(),
        must: Some((code, severity)),
        is_same: false,
    })
}

fn same(text: Option<String>) -> Option<Mutant> {
    text.map(|text| Mutant {
        bytes: text.into_bytes(),
        must: None,
        is_same: true,
    })
}

fn any(bytes: Vec<u8>) -> Option<Mutant> {
    Some(Mutant {
        bytes,
        must: None,
        is_same: false,
    })
}

/// Every mistake by name.
pub const MUTATORS: &[(&str, Mutate)] = &[
    ("no namespace", |_, t| {
        let text = replaced(t, &format!(" xmlns=\"{STANDARD}\""), "");
        must(text, Code::NamespaceMissing, Error)
    }),
    ("another namespace", |_, t| {
        let text = replaced(
            t,
            STANDARD,
            "https://www.mismo.org/residential/2009/schemas/",
        );
        must(text, Code::NamespaceUnknown, Error)
    }),
    ("another prefix", |_, t| {
        let is_there = t.contains("xmlns:ULAD=");
        same(is_there.then(|| t.replace("ULAD:", "q7:").replace("xmlns:ULAD", "xmlns:q7")))
    }),
    ("prefix not declared", |_, t| {
        let text = before_end(t, "DEAL", "<x9:A>1</x9:A>");
        must(text, Code::PrefixUndeclared, Error)
    }),
    ("document type", |dice, t| {
        let kinds = [
            "<!DOCTYPE MESSAGE [<!ENTITY a \"Zqelement\">]>",
            "<!DOCTYPE MESSAGE SYSTEM \"http://example.com/a.dtd\">",
            "<!DOCTYPE x PUBLIC \"a\" \"b\">",
        ];
        let (head, rest) = t.split_at(without_root(t));
        let text = format!("{head}{}{rest}", kinds[dice.below(kinds.len())]);
        must(Some(text), Code::DoctypeForbidden, Error)
    }),
    ("order", |_, t| {
        let loans = whole(t, "LOANS", 0)?;
        let text = t.replacen(loans, "", 1);
        let name = prefix(t);
        let text = replaced(
            &text,
            &format!("</{name}PARTIES>"),
            &format!("</{name}PARTIES>{loans}"),
        );
        let mutant = must(text, Code::OrderNonstandard, Note)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("label twice", |dice, t| {
        let labels: Vec<usize> = t
            .match_indices(":label=\"")
            .map(|(at, m)| at + m.len())
            .collect();
        let pick = 1 + dice.below(labels.len().checked_sub(2)? + 1);
        let value = |from: usize| t[from..].find('"').map(|length| &t[from..from + length]);
        let (first, at) = (value(labels[0])?, labels[pick]);
        let text = format!("{}{first}{}", &t[..at], &t[at + value(at)?.len()..]);
        must(Some(text), Code::LabelDuplicate, Warning)
    }),
    ("arc to nobody", |dice, t| {
        let (from, to) = arc_end(dice, t)?;
        let text = format!("{}Zqelement_9{}", &t[..from], &t[to..]);
        must(Some(text), Code::ArcDangling, Warning)
    }),
    ("arc without an end", |dice, t| {
        let (from, to) = arc_end(dice, t)?;
        let text = format!("{}{}", &t[..from], &t[to..]);
        must(Some(text), Code::ArcDangling, Warning)
    }),
    ("arc of no kind", |_, t| {
        let text = replaced(t, "ASSET_IsAssociatedWith_ROLE", "ASSET_Zqelement_ROLE");
        must(text, Code::ArcUnknown, Warning)
    }),
    ("five borrowers", |_, t| {
        let party = party_of_borrower(t)?;
        let more: String = (0..5)
            .map(|n| party.replace("_1\"", &format!("_X{n}\"")))
            .collect();
        must(before_end(t, "PARTIES", &more), Code::AgencyLimit, Warning)
    }),
    ("eleven parties", |_, t| {
        let p = prefix(t);
        let party = format!(
            "<{p}PARTY><{p}ROLES><{p}ROLE><{p}ROLE_DETAIL><{p}PartyRoleType>Attorney\
             </{p}PartyRoleType></{p}ROLE_DETAIL></{p}ROLE></{p}ROLES></{p}PARTY>"
        );
        must(
            before_end(t, "PARTIES", &party.repeat(11)),
            Code::AgencyLimit,
            Note,
        )
    }),
    ("party without a role", |_, t| {
        let p = prefix(t);
        must(
            before_end(t, "PARTIES", &format!("<{p}PARTY/>")),
            Code::RequiredMissing,
            Note,
        )
    }),
    ("masked number", |dice, t| {
        let masks = ["***-**-4321", "XXX-XX-4321", "XXXXX4321", "#########"];
        let text = value_set(t, "TaxpayerIdentifierValue", 0, masks[dice.below(4)]);
        must(text, Code::BadTaxId, Warning)
    }),
    ("number with hyphens", |_, t| {
        let text = value_set(t, "TaxpayerIdentifierValue", 0, "987-65-4321");
        let mutant = must(text, Code::BadTaxId, Warning)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("number of a company", |_, t| {
        let text = value_set(
            t,
            "TaxpayerIdentifierType",
            0,
            "EmployerIdentificationNumber",
        );
        must(text, Code::BadTaxId, Warning)
    }),
    ("small letters", |dice, t| {
        let element = ["AssetType", "LiabilityType", "MaritalStatusType"][dice.below(3)];
        let (from, to) = value_at(t, element, 0)?;
        let text = value_set(t, element, 0, &t[from..to].to_lowercase());
        let mutant = must(text, Code::EnumUnknown, Warning)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("invented word", |dice, t| {
        let element = ["AssetType", "LiabilityType", "IncomeType"][dice.below(3)];
        must(
            any_value_set(dice, t, element, "Zqelement"),
            Code::EnumUnknown,
            Warning,
        )
    }),
    ("invented purpose", |dice, t| {
        let words = ["CashOutRefinance", "purchase", "Zqelement", "Other"];
        let text = value_set(t, "LoanPurposeType", 0, words[dice.below(4)]);
        must(text, Code::EnumUnknown, Error)
    }),
    ("Y for true", |dice, t| {
        let element = [
            "IntentToOccupyType",
            "LiabilityExclusionIndicator",
            "PUDIndicator",
        ];
        let (element, code) = match dice.below(3) {
            0 => (element[0], Code::EnumUnknown),
            other => (element[other], Code::BadIndicator),
        };
        must(
            value_set(t, element, 0, ["Y", "N", "TRUE"][dice.below(3)]),
            code,
            Warning,
        )
    }),
    ("dollar sign in the amount", |dice, t| {
        let bad = ["$300,000.00", "300,000", "300000.001", "3e5", "-1", "0"][dice.below(6)];
        must(
            value_set(t, "BaseLoanAmount", 0, bad),
            Code::BadAmount,
            Error,
        )
    }),
    ("dollar sign elsewhere", |dice, t| {
        let element = [
            "AssetCashOrMarketValueAmount",
            "LiabilityMonthlyPaymentAmount",
        ];
        let bad = ["$1,234.00", "1,234.00", "12.345", "many"][dice.below(4)];
        let element = element[dice.below(2)];
        must(
            any_value_set(dice, t, element, bad),
            Code::BadAmount,
            Warning,
        )
    }),
    ("rate as a fraction", |dice, t| {
        let bad = ["0.065", "6.5%", "650", "-3", "six"][dice.below(5)];
        must(
            value_set(t, "NoteRatePercent", 0, bad),
            Code::BadPercent,
            Warning,
        )
    }),
    ("term in years", |_, t| {
        let text = value_set(t, "LoanAmortizationPeriodType", 0, "Month")?;
        must(
            value_set(&text, "LoanAmortizationPeriodCount", 0, "30"),
            Code::BadCount,
            Warning,
        )
    }),
    ("date of another form", |dice, t| {
        let bad = [
            "05/17/1980",
            "1980-13-01",
            "1980-05-17T00:00:00",
            "17.5.1980",
        ];
        let text = value_set(t, "BorrowerBirthDate", 0, bad[dice.below(4)]);
        must(text, Code::BadDate, Warning)
    }),
    ("hyphen in the postal code", |_, t| {
        let text = value_set(t, "PostalCode", 0, "12345-6789")?;
        any(text.into_bytes())
    }),
    ("huge text", |_, t| {
        let text = value_set(t, "FirstName", 0, &"Zqperson".repeat(3_000));
        must(text, Code::TooLarge, Error)
    }),
    ("deep nesting", |dice, t| {
        let depth = 64 + dice.below(500);
        let nested = format!(
            "{}{}",
            "<Zqelement>".repeat(depth),
            "</Zqelement>".repeat(depth)
        );
        must(before_end(t, "DEAL", &nested), Code::TooDeep, Error)
    }),
    ("cut off", |dice, t| {
        let end = t.trim_end().len();
        any(t.as_bytes()[..dice.below(end)].to_vec())
    }),
    ("flipped bits", |dice, t| {
        let mut bytes = t.as_bytes().to_vec();
        for _ in 0..=dice.below(4) {
            let at = dice.below(bytes.len());
            bytes[at] ^= 1 << dice.below(8);
        }
        any(bytes)
    }),
    ("ampersand", |_, t| {
        must(
            value_set(t, "LastName", 0, "Zqperson & Zqperson"),
            Code::XmlMalformed,
            Error,
        )
    }),
    ("escaped for HTML", |_, t| {
        let text = t
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let mutant = must(Some(text), Code::TransportDecoded, Note)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("base64", |_, t| {
        let text = base64::engine::general_purpose::STANDARD.encode(t);
        let mutant = must(Some(text), Code::TransportDecoded, Note)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("JSON string", |_, t| {
        let text = serde_json::to_string(t).expect("a string");
        let mutant = must(Some(text), Code::TransportDecoded, Note)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("JSON string twice", |_, t| {
        let once = serde_json::to_string(t).expect("a string");
        let text = serde_json::to_string(&once).expect("a string");
        must(Some(text), Code::NotXml, Error)
    }),
    ("UTF-16", |dice, t| {
        let mut bytes = vec![0xff, 0xfe];
        let is_big = dice.below(2) == 0;
        if is_big {
            bytes.swap(0, 1);
        }
        for unit in t.trim_start_matches('\u{feff}').encode_utf16() {
            bytes.extend(if is_big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            });
        }
        Some(Mutant {
            bytes,
            must: Some((Code::TransportDecoded, Note)),
            is_same: true,
        })
    }),
    ("label of another encoding", |_, t| {
        let text = replaced(t, "encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
        let mutant = must(text, Code::TransportDecoded, Note)?;
        Some(Mutant {
            is_same: true,
            ..mutant
        })
    }),
    ("line ends", |_, t| {
        same(Some(t.replace("\r\n", "\n").replace('\n', "\r\n")))
    }),
    ("mark and blanks before", |_, t| {
        same(Some(format!("\u{feff}\n  {}", t.trim_start())))
    }),
    ("comments everywhere", |_, t| {
        let (head, rest) = t.split_at(without_root(t));
        same(Some(format!(
            "{head}{}",
            rest.replace("><", "><!-- Zqelement --><")
        )))
    }),
    ("two deals", |_, t| {
        let deals = t.find("DEALS>")?;
        let name = prefix(t);
        let from = deals + t[deals..].find(&format!("<{name}DEAL>"))?;
        let close = format!("</{name}DEAL>");
        let to = t.rfind(&close)? + close.len();
        let text = format!("{}{}{}", &t[..to], &t[from..to], &t[to..]);
        must(Some(text), Code::DealMultiple, Error)
    }),
    ("two subject loans", |_, t| {
        let loan = whole(t, "LOAN", 0)?;
        let text = t.replacen(loan, &format!("{loan}{loan}"), 1);
        must(
            loan.contains("SubjectLoan").then_some(text),
            Code::SubjectLoanMultiple,
            Error,
        )
    }),
    ("two properties", |_, t| {
        let collateral = whole(t, "COLLATERAL", 0)?;
        let text = t.replacen(collateral, &format!("{collateral}{collateral}"), 1);
        must(Some(text), Code::Conflict, Error)
    }),
    ("empty collateral", |_, t| {
        let p = prefix(t);
        same(before_end(t, "COLLATERALS", &format!("<{p}COLLATERAL/>")))
    }),
    ("two purposes", |_, t| {
        let purpose = whole(t, "LoanPurposeType", 0)?;
        let text = t.replacen(purpose, &format!("{purpose}{purpose}"), 1);
        must(Some(text), Code::Conflict, Error)
    }),
    ("two birth dates", |_, t| {
        let date = whole(t, "BorrowerBirthDate", 0)?;
        must(
            Some(t.replacen(date, &format!("{date}{date}"), 1)),
            Code::Conflict,
            Warning,
        )
    }),
    ("empty containers", |_, t| {
        let p = prefix(t);
        let text = before_end(t, "LOAN", &format!("<{p}QUALIFICATION/><{p}Zqelement/>"));
        any(text?.into_bytes())
    }),
    ("unknown elements", |_, t| {
        let markup =
            "<Zqelement98765 a='Zqperson'><Zqelement>Zqperson</Zqelement></Zqelement98765>";
        any(before_end(t, "LOAN", markup)?.into_bytes())
    }),
    ("unknown extension", |_, t| {
        let p = prefix(t);
        let markup = format!(
            "<{p}EXTENSION><{p}OTHER><v:Zqelement98765 xmlns:v='urn:Zqperson'><v:Zqelement>1\
             </v:Zqelement></v:Zqelement98765></{p}OTHER></{p}EXTENSION>"
        );
        must(
            before_end(t, "PARTIES", &markup),
            Code::ExtensionIgnored,
            Note,
        )
    }),
    ("placeholder", |dice, t| {
        let element = ["NoteRatePercent", "BorrowerBirthDate", "CityName"][dice.below(3)];
        let text = value_set(
            t,
            element,
            0,
            ["{Zqelement}", "${Zqelement}"][dice.below(2)],
        );
        must(text, Code::PlaceholderIgnored, Warning)
    }),
    ("whole name only", |_, t| {
        let first = whole(party_of_borrower(t)?, "FirstName", 0)?;
        let p = prefix(t);
        let full = format!("<{p}FullName>Zqperson Zqpersonson</{p}FullName>");
        must(Some(t.replace(first, &full)), Code::RequiredMissing, Error)
    }),
    ("two people in one name", |dice, t| {
        let names = [
            "Zqperson and Zqperson",
            "Zqperson &amp; Zqperson",
            "Zqperson/Zqperson",
        ];
        let party = party_of_borrower(t)?;
        let name = names[dice.below(3)];
        let count = (0..).take_while(|nth| value_at(party, "FirstName", *nth).is_some());
        let changed = count.fold(party.to_owned(), |text, nth| {
            value_set(&text, "FirstName", nth, name).unwrap_or(text)
        });
        must(
            Some(t.replacen(party, &changed, 1)),
            Code::Conflict,
            Warning,
        )
    }),
    ("no way to reach", |_, t| {
        let party = party_of_borrower(t)?;
        let points = whole(party, "CONTACT_POINTS", 0)?;
        let is_mail = points.contains("ContactPointEmailValue");
        let text = is_mail.then(|| t.replacen(points, "", 1));
        must(text, Code::RequiredMissing, Warning)
    }),
    ("wrong count of borrowers", |_, t| {
        must(
            value_set(t, "BorrowerCount", 0, "9"),
            Code::Conflict,
            Warning,
        )
    }),
    ("loan above the value", |_, t| {
        let text = value_set(t, "BaseLoanAmount", 0, "99000000.00");
        let is_valued = ["PropertyEstimatedValueAmount", "SalesContractAmount"]
            .iter()
            .any(|element| value_at(t, element, 0).is_some());
        must(text.filter(|_| is_valued), Code::Conflict, Warning)
    }),
    ("another version", |dice, t| {
        let at = t.find("MISMOReferenceModelIdentifier=\"")? + 31;
        let end = at + t[at..].find('"')?;
        let other = ["3.0.0.263.12", "3.3.0299", "3.6.0"][dice.below(3)];
        must(
            Some(format!("{}{other}{}", &t[..at], &t[end..])),
            Code::MismoWrongModel,
            Error,
        )
    }),
    ("no borrower", |_, t| {
        let text = t.replace(">Borrower<", ">Attorney<");
        must(
            t.contains(">Borrower<").then_some(text),
            Code::BorrowerMissing,
            Error,
        )
    }),
    ("no subject loan", |_, t| {
        let text = t.replace("\"SubjectLoan\"", "\"RelatedLoan\"");
        must(Some(text), Code::SubjectLoanMissing, Error)
    }),
    ("note amount only", |_, t| {
        let base = whole(t, "BaseLoanAmount", 0)?;
        let note = base.replace("BaseLoanAmount", "NoteAmount");
        let subject = t.find("SubjectLoan")?;
        let has_note = t[subject..].find("NoteAmount").is_some();
        must(
            (!has_note).then(|| t.replacen(base, &note, 1)),
            Code::RequiredMissing,
            Note,
        )
    }),
];
