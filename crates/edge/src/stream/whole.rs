//! Against the parser of whole bodies: any body, any pieces.

use super::*;
use crate::form::FilePart;
use serde_json::Value;

/// What a form comes to: its fields, the payload in them, its files.
#[derive(Debug, PartialEq)]
struct Said {
    fields: Value,
    data: Option<Result<Value, BodyError>>,
    files: Vec<FilePart>,
}

fn said(mut form: Form) -> Said {
    let files = form.files().to_vec();
    let data = form.take_json("data").map(|data| data.map_err(vague));
    Said {
        fields: Value::Object(form.fields().clone()),
        data,
        files,
    }
}

/// An error without its place: contents are left out of what is counted.
fn vague(error: BodyError) -> BodyError {
    match error {
        BodyError::BadJson { .. } => BodyError::BadJson { line: 0, column: 0 },
        // Where text is broken decides which of these comes first.
        BodyError::BadForm(_) | BodyError::BadMultipart(_) => BodyError::BadForm(String::new()),
        other => other,
    }
}

async fn whole(content_type: &str, body: &[u8]) -> Result<Form, BodyError> {
    let request = request(content_type, vec![Bytes::copy_from_slice(body)]);
    gate().form(request).await
}

/// Puts the contents back where their numbers stand.
fn restore(value: &mut Value, path: &mut Vec<String>, contents: &[Vec<u8>]) -> Result<(), ()> {
    match value {
        Value::Array(items) => {
            for (n, item) in items.iter_mut().enumerate() {
                path.push(n.to_string());
                restore(item, path, contents)?;
                path.pop();
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                path.push(name.clone());
                restore(item, path, contents)?;
                path.pop();
            }
        }
        Value::String(text) => {
            if let [list, _, member] = &path[..]
                && ["documents", "uploads"].contains(&list.as_str())
                && member == "fileContent"
            {
                let index: usize = text.parse().map_err(|_| ())?;
                let content = contents.get(index).ok_or(())?.clone();
                *text = String::from_utf8(content).map_err(|_| ())?;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    Ok(())
}

fn with_contents(mut said: Said, kept: &Kept) -> Said {
    if let Some(Ok(data)) = &mut said.data {
        restore(data, &mut Vec::new(), &kept.contents).expect("a number of a content");
    }
    said
}

/// The body in pieces of these sizes, beside the whole of it.
async fn agree(content_type: &str, body: &[u8], sizes: impl FnMut() -> usize) {
    let text = String::from_utf8_lossy(body);
    let whole = whole(content_type, body).await.map(said).map_err(vague);
    let streamed = streamed(content_type, pieces(body, sizes)).await;
    match (whole, streamed) {
        (Ok(mut whole), Ok((form, kept))) => {
            let mut streamed = with_contents(said(form), &kept);
            // Bracket names leave contents in the fields, files that are contents in the files.
            if whole.data.is_some() == streamed.data.is_some() {
                assert_eq!(streamed.data, whole.data, "{content_type}: {text}");
            } else {
                panic!("{content_type}: {text}: {whole:?} {streamed:?}");
            }
            let counted = |files: &mut Vec<FilePart>| {
                files.retain(|file| file.name != "data" && !file.name.starts_with("paper"));
            };
            counted(&mut whole.files);
            counted(&mut streamed.files);
            assert_eq!(streamed.files, whole.files, "{content_type}: {text}");
            assert_eq!(streamed.fields, whole.fields, "{content_type}: {text}");
        }
        (Err(whole), Err(Stopped::Body(streamed))) => {
            assert_eq!(vague(streamed), whole, "{content_type}: {text}");
        }
        (whole, streamed) => panic!("{content_type}: {text}: {whole:?} but {streamed:?}"),
    }
}

const DATA: [&str; 27] = [
    r#"{"loanPublicID":"L","documents":[{"fileName":"a","fileContent":"JVBERi0x\/+8=","x":1}]}"#,
    r#"{"documents":[{"fileContent":"QQ==","fileName":"b"},{"fileContent":""}],"loanPublicID":"L"}"#,
    r#" { "uploads" : [ { "fileContent" : "\u0041\u00e9\ud83d\ude00\"\\\n" } ] } "#,
    r#"{"documents":[{"file\u0043ontent":"QUJD"}],"doc\u0075ments":[{"fileContent":"two"}]}"#,
    r#"{"documents":[{"fileContent":"a","fileContent":"b"}],"documents":[{"fileContent":"c"}]}"#,
    r#"{"documents":[{"fileContent":7},{"fileContent":null},{"fileContent":{"fileContent":"x"}}]}"#,
    r#"{"documents":[{"fileContent":["x"]},["fileContent","y"],[[{"fileContent":"z"}]]]}"#,
    r#"{"documents":[{"x":{"fileContent":"deep"}}],"x":[{"fileContent":"no"}],"fileContent":"no"}"#,
    r#"{"documents":{"0":{"fileContent":"object"},"a":{"fileContent":"b"}},"uploads":"text"}"#,
    r#"{"documents":[{"fileContent":"lone \ud83d"}]}"#,
    r#"{"documents":[{"fileContent":"low \ude00 x"}]}"#,
    r#"{"documents":[{"fileContent":"bad \q"}]}"#,
    "{\"documents\":[{\"fileContent\":\"nul \u{0}\"}]}",
    "{\"documents\":[{\"fileContent\":\"line\nbreak\"}]}",
    r#"{"documents":[{"fileContent":"cut"#,
    r#"{"documents":[{"fileContent":"cut\"#,
    r#"{"documents":[{"fileContent":"a"},]}"#,
    r#"{"documents":[{"fileContent":"a" "b"}]}"#,
    r#"{"documents":[{fileContent:"a"}]}"#,
    r#"{"documents":[{"fileContent":"a"}]} x"#,
    r#"[{"documents":[{"fileContent":"a"}]}]"#,
    r#""text""#,
    "7",
    " ",
    "null",
    "\u{feff}{\"documents\":[{\"fileContent\":\"bom\"}]}",
    "{\"documents\":[{\"fileContent\":\"é€😀\",\"fileName\":\"é€😀\"}]}",
];

fn escaped(text: &str, numbers: &mut Numbers) -> String {
    let one = |byte: u8| match byte {
        b' ' if numbers.below(2) == 0 => "+".to_owned(),
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b if numbers.below(2) == 0 => format!("%{b:02X}"),
        b => format!("%{b:02x}"),
    };
    text.bytes().map(one).collect()
}

/// Every way to send these fields.
fn ways(fields: &[(&str, &str)], numbers: &mut Numbers) -> Vec<(&'static str, Vec<u8>)> {
    let mut multipart = String::from("some preamble\r\n");
    let mut as_file = String::new();
    let mut pairs = Vec::new();
    let mut document = serde_json::Map::new();
    for (name, value) in fields {
        let part = |file: &str| {
            format!(
                "--XX \t\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
            )
        };
        multipart.push_str(&part(""));
        as_file.push_str(&part(if *name == "data" {
            "; filename=\"data.json\"\r\nContent-Type: application/json"
        } else {
            ""
        }));
        pairs.push(format!(
            "{}={}",
            escaped(name, numbers),
            escaped(value, numbers)
        ));
        document.insert((*name).to_owned(), Value::from(*value));
    }
    multipart.push_str("--XX--\r\nepilogue --XX");
    as_file.push_str("--XX--");
    vec![
        (MULTIPART, multipart.into_bytes()),
        (MULTIPART, as_file.into_bytes()),
        (URLENCODED, pairs.join("&").into_bytes()),
        (JSON, Value::Object(document).to_string().into_bytes()),
    ]
}

#[tokio::test]
async fn any_pieces_are_the_same_form() {
    let mut numbers = Numbers(0x5DEE_CE66);
    for data in DATA {
        let orders: [&[(&str, &str)]; 3] = [
            &[("format", "json"), ("apiID", "x y+z"), ("data", data)],
            &[("data", data), ("apiID", "é")],
            &[
                ("data", data),
                ("data", r#"{"uploads":[{"fileContent":"last"}]}"#),
                ("a[b][]", "1"),
            ],
        ];
        for fields in orders {
            let mut bodies = ways(fields, &mut numbers);
            bodies.push((
                JSON,
                format!(r#"{{"a":1,"data":{data},"apiID":"x"}}"#).into_bytes(),
            ));
            for (content_type, body) in bodies {
                for size in [1, 2, 3, 5, 16, 64, 1000] {
                    agree(content_type, &body, || size).await;
                }
                for _ in 0..4 {
                    agree(content_type, &body, || 1 + numbers.below(40)).await;
                }
            }
        }
    }
}

/// Bodies with bytes changed, left out, doubled and cut off: never another form, never a panic.
#[tokio::test]
async fn damaged_bodies_are_the_same_form_or_the_same_refusal() {
    const ODD: &[u8] = b"\"\\{}[],:%&=+-\r\n\0\xFF\xC3 u0X";
    let mut numbers = Numbers(0x0BAD_5EED);
    for round in 0..1_500 {
        let data = DATA[numbers.below(DATA.len())];
        let fields = [("apiID", "a"), ("data", data), ("b[c]", "d")];
        let mut bodies = ways(&fields, &mut numbers);
        let (content_type, mut body) = bodies.swap_remove(numbers.below(bodies.len()));
        for _ in 0..=round % 3 {
            let at = numbers.below(body.len());
            match numbers.below(4) {
                0 => body[at] = ODD[numbers.below(ODD.len())],
                1 => body.truncate(at),
                2 => {
                    body.remove(at);
                }
                _ => body.insert(at, ODD[numbers.below(ODD.len())]),
            }
            if body.is_empty() {
                break;
            }
        }
        let size = 1 + numbers.below(20);
        agree(content_type, &body, || size).await;
    }
}

/// Bracket names, as PHP writes an array within the form.
#[tokio::test]
async fn bracket_names_are_the_same_form() {
    for body in [
        "format=json&data[loanPublicID]=L&data[documents][0][fileContent]=JVBE+%2F&data[documents][0][fileName]=a",
        "data[documents][][fileContent]=a&data[documents][][fileContent]=b",
        "data[documents][x][fileContent]=a&data[uploads][0][fileContent][]=b",
        "data[documents][0]=x&data[documents][0][fileContent]=a&data[documents][0][fileContent]=b",
        "data[documents][0][x][fileContent]=a&data[documents][fileContent]=b&documents[0][fileContent]=c",
        "data=%7B%7D&data[documents][0][fileContent]=a&data[documents[0][fileContent]=b",
        "data[documents][0][fileContent]=%FF",
        "data[documents][0][fileContent]=%e",
        "data[documents][0][fileContent]",
        "&&=1&data[documents][0][fileContent]=&%=%&%4=%4%41",
    ] {
        for size in [1, 2, 3, 9, 100] {
            agree_in_brackets(body, size).await;
        }
    }
}

async fn agree_in_brackets(body: &str, size: usize) {
    let whole = whole(URLENCODED, body.as_bytes()).await.map_err(vague);
    let streamed = streamed(URLENCODED, pieces(body.as_bytes(), || size)).await;
    match (whole, streamed) {
        (Ok(whole), Ok((form, kept))) => {
            let streamed = with_contents(said(form), &kept);
            let whole = said(whole);
            assert_eq!(
                (streamed.data, streamed.fields),
                (whole.data, whole.fields),
                "{body}"
            );
        }
        (Err(whole), Err(Stopped::Body(streamed))) => assert_eq!(vague(streamed), whole, "{body}"),
        (whole, streamed) => panic!("{body}: {whole:?} but {streamed:?}"),
    }
}
