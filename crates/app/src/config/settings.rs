//! Everything that can be set, with its default and a sentence about it.

/// One thing that can be set.
#[derive(Debug)]
pub struct Setting {
    /// Dotted name, as in the file: `http.listen`.
    pub name: &'static str,
    /// What it does, for people.
    pub about: &'static str,
    /// Value when nobody sets it.
    pub default: &'static str,
    /// Whether its value must not be shown.
    pub is_secret: bool,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting {
        name,
        about,
        default,
        is_secret: false,
    }
}

/// Everything that can be set.
pub const SETTINGS: &[Setting] = &[
    setting(
        "public_url",
        "",
        "Address under which callers reach this server; empty: the listen address",
    ),
    setting(
        "data_folder",
        "lintel-data",
        "Folder of the SQLite file and the key ring",
    ),
    setting(
        "keys.file",
        "",
        "Key ring file; empty: keys.toml in the data folder",
    ),
    setting(
        "rules.folder",
        "",
        "Folder whose data files replace the embedded rule book's; empty: none",
    ),
    setting(
        "blobs.url",
        "",
        "Where pictures and documents are kept: s3://bucket/prefix; empty: the folder blobs in the data folder",
    ),
    setting(
        "http.listen",
        "127.0.0.1:8080",
        "Address and port to listen on; port 0 picks one",
    ),
    setting(
        "http.body_limit_mib",
        "16",
        "Largest request body in MiB, 1 to 256",
    ),
    setting(
        "http.body_budget_mib",
        "64",
        "Request bodies held in memory at once, in MiB",
    ),
    setting(
        "http.request_timeout_seconds",
        "30",
        "Longest time to an answer, 5 to 600",
    ),
    setting(
        "http.max_in_flight",
        "512",
        "Requests worked on at once, 1 to 100000",
    ),
    setting(
        "http.trusted_proxies",
        "",
        "Proxy addresses whose X-Forwarded-For is believed, commas",
    ),
    Setting {
        name: "database.url",
        about: "postgres://… address; empty: SQLite in the data folder",
        default: "",
        is_secret: true,
    },
    setting(
        "database.max_connections",
        "16",
        "PostgreSQL connections, 2 to 1000",
    ),
    setting(
        "lender_api.error_status",
        "code",
        "HTTP status of Lender API errors: code (repeats the error's code) or ok (always 200)",
    ),
    setting(
        "sessions.idle_minutes",
        "60",
        "Minutes after which an unused session ends, 5 to 1440",
    ),
    setting(
        "sessions.hours",
        "12",
        "Hours after which every session ends, 1 to 168",
    ),
    setting(
        "sign_on.link_minutes",
        "10",
        "Minutes a single-sign-on link lives, 1 to 1440",
    ),
    Setting {
        name: "mail.url",
        about: "Mail server: smtp://user:password@host:587, smtps://…, with ?tls=none without TLS; catch: keeps mail for the page /mailbox, folder: writes files; empty: folder:, or with --demo catch:",
        default: "",
        is_secret: true,
    },
    setting(
        "mail.folder",
        "",
        "Folder letters are written to; empty: mail in the data folder",
    ),
    setting(
        "mail.from",
        "Lintel <no-reply@localhost>",
        "Sender of letters: an address, or a name and an address in angle brackets",
    ),
    setting(
        "mail.bounce_address",
        "",
        "Address reports of undelivered mail go to; empty: each letter's sender",
    ),
    setting(
        "mail.hello_name",
        "",
        "Name this server gives itself to the mail server; empty: the host of public_url",
    ),
    setting(
        "mail.ca_file",
        "",
        "PEM file of certificates the mail server's may be signed by, beside the public ones; empty: none",
    ),
    setting(
        "mail.connections",
        "4",
        "Connections to the mail server at once, 1 to 64",
    ),
    setting(
        "mail.timeout_seconds",
        "30",
        "Longest time the mail server may take to connect, or to answer a step, in seconds, 1 to 60",
    ),
    setting(
        "mail.per_domain_per_minute",
        "0",
        "Letters to one receiving domain in any minute, per node, 0 to 6000; 0: as many as there are",
    ),
    setting(
        "mail.dkim_domain",
        "",
        "Domain letters are signed for (DKIM); empty: they are not signed",
    ),
    setting(
        "mail.dkim_selector",
        "",
        "Selector of the signing key: its public half stands in DNS at selector._domainkey.domain",
    ),
    setting(
        "mail.dkim_key_file",
        "",
        "PEM file of the signing key, RSA of 2048 bits and more or Ed25519",
    ),
    setting(
        "sms.provider",
        "",
        "TOML file that says how a provider of text messages is called; empty: they are kept for pages, not sent",
    ),
    setting(
        "documents.max_mib",
        "25",
        "Largest document uploaded, in MiB, 1 to 1024",
    ),
    setting(
        "documents.request_mib",
        "768",
        "Largest upload of documents in one call, in MiB, 1 to 16384",
    ),
    setting(
        "documents.uploads_at_once",
        "4",
        "Uploads of documents worked on at once, 1 to 64",
    ),
    setting(
        "documents.minutes",
        "15",
        "Longest time for one upload or download of documents in minutes, 1 to 120",
    ),
    setting(
        "documents.scanner",
        "",
        "Malware scanner (ClamAV's clamd) documents are shown to: tcp://host:port or unix:/path; empty: none",
    ),
    setting(
        "jobs.workers",
        "4",
        "Jobs of each queue this process works on at once, 0 to 256; 0: none, other nodes do them",
    ),
    setting(
        "jobs.drain_seconds",
        "20",
        "Longest time jobs may finish in when the process is asked to stop, 1 to 600",
    ),
    setting(
        "callbacks.allow_private",
        "false",
        "Whether partners' callbacks may go to addresses that are not public, true or false: for development only",
    ),
    setting(
        "callbacks.ca_file",
        "",
        "Certificates (PEM) partners' servers are trusted by instead of the public ones; empty: the public ones",
    ),
    setting(
        "callbacks.waits",
        "5,300,1800,7200,18000,36000,36000",
        "Seconds between the attempts to deliver a callback, 1 to 86400 each, at most 20; after one more attempt it is dead",
    ),
    setting(
        "callbacks.workers",
        "32",
        "Callbacks this process delivers at once, 1 to 256; with jobs.workers 0, none",
    ),
    setting("log.format", "text", "Log lines as text or json"),
    setting(
        "log.filter",
        "info",
        "What is logged: error, warn, info, debug, or module=level,…",
    ),
];
