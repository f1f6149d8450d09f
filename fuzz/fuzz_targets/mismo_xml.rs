//! Any text as XML: our reader and another one accept and refuse the same texts, and see the same
//! tree. Where they differ on purpose stands in `rival.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lintel_mismo::{Limits, xml_elements};

#[path = "../../crates/mismo/src/xml/rival.rs"]
mod rival;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    // The other reader recurses into nothing deeper than this, and takes a mark before the text.
    let text = text.trim_start_matches('\u{feff}');
    let limits = Limits {
        max_depth: 200,
        ..Limits::default()
    };
    let ours = xml_elements(text, &limits).map_err(|(offset, message, is_limit)| rival::Refused {
        offset,
        message,
        is_limit,
    });
    rival::agree(text, ours, limits.max_nodes);
});
