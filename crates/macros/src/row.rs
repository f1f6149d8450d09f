//! `#[derive(FromRow)]`.

use proc_macro::{Delimiter, TokenStream, TokenTree};

use crate::tokens::{Wrong, is_mark, is_word, parsed};

/// Reads every field of the struct.
pub(crate) fn expand(item: TokenStream) -> Result<TokenStream, Wrong> {
    let all: Vec<TokenTree> = item.into_iter().collect();
    let wrong = |why| Wrong {
        at: proc_macro::Span::call_site(),
        why,
    };
    let at = all.iter().position(|token| is_word(token, "struct"));
    let name = at.and_then(|at| all.get(at + 1));
    let (Some(name), Some(TokenTree::Group(body))) = (name, all.last()) else {
        return Err(wrong("FromRow is for a struct with named fields"));
    };
    if body.delimiter() != Delimiter::Brace {
        return Err(wrong("FromRow is for a struct with named fields"));
    }
    let body: Vec<TokenTree> = body.stream().into_iter().collect();
    let mut fields = String::new();
    for field in each(&body) {
        let read = read(field).ok_or_else(|| wrong("a field of FromRow cannot be read"))?;
        fields.push_str(&read);
    }
    Ok(parsed(&format!(
        "#[automatically_derived] impl crate::db::FromRow for {name} {{ \
         fn from_row(row: &crate::db::EitherRow) -> ::core::result::Result<Self, crate::fault::Fault> {{ \
         ::core::result::Result::Ok(Self {{ {fields} }}) }} }}"
    )))
}

/// The fields, each with its attributes: cut at the commas that stand in no angle brackets.
fn each(body: &[TokenTree]) -> impl Iterator<Item = &[TokenTree]> {
    let mut depth = 0_i32;
    let fields = body.split(move |token| {
        depth += i32::from(is_mark(token, '<')) - i32::from(is_mark(token, '>'));
        depth == 0 && is_mark(token, ',')
    });
    fields.filter(|field| !field.is_empty())
}

/// How a field is read: `name: row.get("name")?,`.
fn read(field: &[TokenTree]) -> Option<String> {
    let colon = field.iter().position(|token| is_mark(token, ':'))?;
    let TokenTree::Ident(name) = field.get(colon.checked_sub(1)?)? else {
        return None;
    };
    let mut column = format!("{:?}", name.to_string().trim_start_matches("r#"));
    let pairs = field.iter().zip(field.iter().skip(1));
    for (_, attribute) in pairs.filter(|(mark, _)| is_mark(mark, '#')) {
        let TokenTree::Group(attribute) = attribute else {
            return None;
        };
        let mut parts = attribute.stream().into_iter();
        let (Some(kind), Some(TokenTree::Group(said))) = (parts.next(), parts.next()) else {
            continue;
        };
        if !is_word(&kind, "row") {
            continue;
        }
        let said: Vec<TokenTree> = said.stream().into_iter().collect();
        match said.as_slice() {
            [one] if is_word(one, "flatten") => {
                return Some(format!("{name}: crate::db::FromRow::from_row(row)?,"));
            }
            [one, mark, other] if is_word(one, "name") && is_mark(mark, '=') => {
                column = other.to_string();
            }
            _ => return None,
        }
    }
    Some(format!("{name}: row.get({column})?,"))
}
