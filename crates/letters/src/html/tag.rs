//! The elements that stay, and how they may stand in each other.

/// An element that stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A block: ends an open paragraph.
    Block,
    /// Within a line.
    Inline,
    /// Within a line, and opened again by browsers after a block has closed it.
    Formatting,
    /// A part of a table.
    Table,
    /// Has no content.
    Void,
}

/// Elements that stay.
pub(super) const KEPT: &[(&str, Role)] = &[
    ("a", Role::Formatting),
    ("abbr", Role::Inline),
    ("address", Role::Block),
    ("b", Role::Formatting),
    ("big", Role::Formatting),
    ("blockquote", Role::Block),
    ("br", Role::Void),
    ("caption", Role::Table),
    ("center", Role::Block),
    ("cite", Role::Inline),
    ("code", Role::Formatting),
    ("dd", Role::Block),
    ("del", Role::Inline),
    ("div", Role::Block),
    ("dl", Role::Block),
    ("dt", Role::Block),
    ("em", Role::Formatting),
    ("font", Role::Formatting),
    ("h1", Role::Block),
    ("h2", Role::Block),
    ("h3", Role::Block),
    ("h4", Role::Block),
    ("h5", Role::Block),
    ("h6", Role::Block),
    ("hr", Role::Void),
    ("i", Role::Formatting),
    ("img", Role::Void),
    ("ins", Role::Inline),
    ("kbd", Role::Inline),
    ("li", Role::Block),
    ("mark", Role::Inline),
    ("ol", Role::Block),
    ("p", Role::Block),
    ("pre", Role::Block),
    ("q", Role::Inline),
    ("s", Role::Formatting),
    ("samp", Role::Inline),
    ("section", Role::Block),
    ("small", Role::Formatting),
    ("span", Role::Inline),
    ("strike", Role::Formatting),
    ("strong", Role::Formatting),
    ("sub", Role::Inline),
    ("sup", Role::Inline),
    ("table", Role::Block),
    ("tbody", Role::Table),
    ("td", Role::Table),
    ("tfoot", Role::Table),
    ("th", Role::Table),
    ("thead", Role::Table),
    ("tr", Role::Table),
    ("tt", Role::Formatting),
    ("u", Role::Formatting),
    ("ul", Role::Block),
];

/// An element that stays, by name.
pub(super) fn kept(name: &str) -> Option<(&'static str, Role)> {
    KEPT.iter().copied().find(|(kept, _)| *kept == name)
}

/// Whether text of the one element never runs into text of the next.
pub(super) fn is_block(name: &str) -> bool {
    let other = [
        "body", "html", "article", "header", "footer", "main", "form",
    ];
    other.contains(&name)
        || kept(name).is_some_and(|(_, role)| match role {
            Role::Block | Role::Table => true,
            Role::Inline | Role::Formatting | Role::Void => false,
        })
}

/// The elements an element ends by beginning, up to but without one of the second list.
pub(super) fn ended_by(name: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match name {
        "li" => (&["li"], &["ul", "ol", "table", "td", "th"]),
        "dt" | "dd" => (&["dt", "dd"], &["dl", "table", "td", "th"]),
        "td" | "th" => (&["td", "th"], &["tr", "table"]),
        "tr" => (&["tr", "caption"], &["table"]),
        "thead" | "tbody" | "tfoot" => (&["thead", "tbody", "tfoot", "tr", "caption"], &["table"]),
        "a" => (&["a"], &["table", "td", "th"]),
        _ => (&[], &[]),
    }
}

/// Whether an end tag of one element stays within the other: a cell's content cannot close what is
/// around its table.
pub(super) fn is_border(open: &str, closing: &str) -> bool {
    let is_part = matches!(kept(closing), Some((_, Role::Table))) || closing == "table";
    match open {
        "td" | "th" | "caption" => !is_part,
        "table" => closing != "table",
        _ => false,
    }
}
