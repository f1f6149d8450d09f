//! Where a redirect leads: to the same server, or nowhere.

/// The address a redirect names, when it is on the server that was asked: same scheme, host and port.
/// Credentials and what they open stay with the server they are for.
pub(super) fn same_server(asked: &str, location: &str) -> Option<String> {
    let (location, _) = location.split_once('#').unwrap_or((location, ""));
    if !location.bytes().all(|b| b.is_ascii_graphic()) {
        return None;
    }
    if location.starts_with('/') && !location.starts_with("//") && !location.starts_with("/\\") {
        let (scheme, rest) = asked.split_once("://")?;
        let host = rest.split(['/', '?']).next()?;
        return Some(format!("{scheme}://{host}{location}"));
    }
    (server(location)? == server(asked)?).then(|| location.to_owned())
}

/// Scheme, host and port.
fn server(address: &str) -> Option<(bool, String, String)> {
    let (scheme, rest) = address.split_once("://")?;
    let is_secret = match scheme.to_ascii_lowercase().as_str() {
        "https" => true,
        "http" => false,
        _ => return None,
    };
    let authority = rest.split(['/', '?']).next()?;
    if authority.is_empty() || authority.contains(['@', '\\']) {
        return None;
    }
    // A colon within brackets is part of the host.
    let host_end = authority.rfind(']').unwrap_or(0);
    let (host, port) = match authority.get(host_end..)?.find(':') {
        Some(at) => authority.split_at(host_end.saturating_add(at)),
        None => (authority, ""),
    };
    let usual = if is_secret { "443" } else { "80" };
    let port = match port.trim_start_matches(':') {
        "" => usual,
        port => port,
    };
    Some((is_secret, host.to_ascii_lowercase(), port.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_server() {
        let asked = "https://los.example.com/loans/7?k=1";
        for (location, to) in [
            ("/v2/loans/7", Some("https://los.example.com/v2/loans/7")),
            ("/v2#part", Some("https://los.example.com/v2")),
            (
                "https://LOS.example.com:443/x",
                Some("https://LOS.example.com:443/x"),
            ),
            (
                "https://los.example.com?x",
                Some("https://los.example.com?x"),
            ),
            ("http://los.example.com/x", None),
            ("https://los.example.com:8443/x", None),
            ("https://evil.example.com/x", None),
            ("https://los.example.com.evil.example/x", None),
            ("https://los.example.com@evil.example/x", None),
            ("https://evil.example\\@los.example.com/x", None),
            ("//evil.example.com/x", None),
            ("/\\evil.example.com/x", None),
            ("file:///etc/passwd", None),
            ("loans/7", None),
            ("", None),
            ("/a b", None),
            ("/a\r\nX: y", None),
        ] {
            assert_eq!(same_server(asked, location).as_deref(), to, "{location:?}");
        }
        let six = "http://[::1]:8080/x";
        assert!(same_server(six, "http://[::1]:8080/y").is_some());
        assert_eq!(same_server(six, "http://[::1]/y"), None);
        assert_eq!(same_server(six, "http://[::2]:8080/y"), None);
    }
}
