//! `#[boxed]`.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};

use crate::tokens::{Wrong, is_mark, is_word, parsed};

/// The lifetime of the future, and of everything borrowed that is not named.
const LIFETIME: &str = "'boxed";

/// The function without `async`, with a box around its body.
pub(crate) fn expand(function: TokenStream) -> Result<TokenStream, Wrong> {
    let all: Vec<TokenTree> = function.into_iter().collect();
    let wrong = |at: Option<&TokenTree>, why| Wrong {
        at: at.map_or_else(proc_macro::Span::call_site, TokenTree::span),
        why,
    };
    let Some(Split {
        before,
        name,
        named,
        args,
        rest,
    }) = split(&all)
    else {
        return Err(wrong(all.first(), "#[boxed] is for an async fn"));
    };
    let Some((TokenTree::Group(body), rest)) = rest.split_last() else {
        return Err(wrong(Some(name), "#[boxed] is for a function with a body"));
    };
    let arrow = rest.iter().zip(rest.iter().skip(1)).position(is_arrow);
    let returned = match arrow {
        Some(at) => lent(rest.iter().skip(at + 2).cloned().collect()),
        None if rest.is_empty() => parsed("()"),
        None => return Err(wrong(rest.first(), "#[boxed] takes no where clause")),
    };
    if returned.clone().into_iter().any(|t| is_word(&t, "where")) {
        return Err(wrong(Some(name), "#[boxed] takes no where clause"));
    }
    let mut out = TokenStream::new();
    out.extend(
        before
            .iter()
            .filter(|token| !is_word(token, "async"))
            .cloned(),
    );
    out.extend([name.clone()]);
    out.extend(parsed(&format!("<{LIFETIME}, ")));
    out.extend(named.iter().cloned());
    out.extend(parsed(">"));
    out.extend([grouped(Delimiter::Parenthesis, lent(args.stream()))]);
    out.extend(parsed(
        "-> ::core::pin::Pin<::std::boxed::Box<dyn ::core::marker::Send + ",
    ));
    out.extend(parsed(&format!(
        "{LIFETIME} + ::core::future::Future<Output = "
    )));
    out.extend(returned);
    out.extend(parsed(">>>"));
    let mut outlive = lifetimes(named);
    if takes_itself(args) {
        outlive.push("Self".to_owned());
    }
    if !outlive.is_empty() {
        let clauses = outlive.iter().map(|one| format!("{one}: {LIFETIME},"));
        out.extend(parsed(&format!("where {}", clauses.collect::<String>())));
    }
    let mut future = parsed("async move");
    future.extend([TokenTree::Group(body.clone())]);
    let mut boxing = parsed("::std::boxed::Box::pin");
    boxing.extend([grouped(Delimiter::Parenthesis, future)]);
    out.extend([grouped(Delimiter::Brace, boxing)]);
    Ok(out)
}

/// The parts of a function.
struct Split<'a> {
    /// Attributes, visibility, `async fn`.
    before: &'a [TokenTree],
    name: &'a TokenTree,
    /// Between its angle brackets.
    named: &'a [TokenTree],
    args: &'a Group,
    /// From the arrow on.
    rest: &'a [TokenTree],
}

fn split(all: &[TokenTree]) -> Option<Split<'_>> {
    let at = all.iter().position(|token| is_word(token, "fn"))?;
    let before = all.get(..=at)?;
    before.iter().find(|token| is_word(token, "async"))?;
    let name = all.get(at + 1)?;
    let rest = all.get(at + 2..)?;
    // Lifetimes hold no parentheses: the first are the arguments.
    let open = rest
        .iter()
        .position(|token| matches!(token, TokenTree::Group(_)))?;
    let named = rest.get(..open)?;
    let named = match named {
        [] => named,
        [_, within @ .., _] => within,
        [_] => return None,
    };
    match rest.get(open)? {
        TokenTree::Group(args) if args.delimiter() == Delimiter::Parenthesis => Some(Split {
            before,
            name,
            named,
            args,
            rest: rest.get(open + 1..)?,
        }),
        _ => None,
    }
}

fn is_arrow((one, next): (&TokenTree, &TokenTree)) -> bool {
    is_mark(one, '-') && is_mark(next, '>')
}

/// The names of the lifetimes declared.
fn lifetimes(named: &[TokenTree]) -> Vec<String> {
    let pairs = named.iter().zip(named.iter().skip(1));
    let found = pairs.filter(|(mark, _)| is_mark(mark, '\''));
    found.map(|(_, name)| format!("'{name}")).collect()
}

/// Is the first argument `self`, not a reference to it?
fn takes_itself(args: &Group) -> bool {
    let mut tokens = args.stream().into_iter().skip_while(|t| is_word(t, "mut"));
    tokens.next().is_some_and(|first| is_word(&first, "self"))
}

/// The tokens with every elided lifetime replaced by the future's. What stands behind `Fn` is left as it
/// is: its lifetimes are each call's own.
fn lent(stream: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut out = TokenStream::new();
    let mut is_call = false;
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        let is_elided = is_word(token, "_") && before.is_some_and(|mark| is_mark(mark, '\''));
        match token {
            TokenTree::Ident(_) if is_elided => out.extend([word(token)]),
            TokenTree::Group(group) if !is_call => {
                out.extend([grouped(group.delimiter(), lent(group.stream()))]);
            }
            _ => out.extend([token.clone()]),
        }
        if is_mark(token, '&') && !next.is_some_and(|next| is_mark(next, '\'')) {
            out.extend(parsed(LIFETIME));
        }
        is_call = ["Fn", "FnMut", "FnOnce"]
            .iter()
            .any(|name| is_word(token, name));
    }
    out
}

/// The lifetime's name in the place of `_`.
fn word(at: &TokenTree) -> TokenTree {
    let name = LIFETIME.trim_start_matches('\'');
    TokenTree::Ident(proc_macro::Ident::new(name, at.span()))
}

fn grouped(delimiter: Delimiter, stream: TokenStream) -> TokenTree {
    TokenTree::Group(Group::new(delimiter, stream))
}
