//! Files in an S3-compatible store, each written once.
//!
//! `s3://bucket/prefix`; endpoint, region and credentials come from the usual `AWS_*` variables.
//! A file is written with `If-None-Match: *`, so of several writers exactly one wins, and a store
//! shows no object before it is whole. Stores that do not know that header are not for this.

mod range;
mod upload;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey, S3ConditionalPut};
use object_store::path::Path;
use object_store::{
    BackoffConfig, Error, ObjectStore as _, ObjectStoreExt as _, PutMode, PutOptions, RetryConfig,
};

use crate::error::{BucketError, shown};
use crate::http::Connector;
pub use upload::{PART_BYTES, Upload};

/// How often a call is tried again after a fault of the line or the server.
const RETRIES: usize = 4;
/// After this time no further attempt begins.
const RETRY_TIMEOUT: Duration = Duration::from_secs(60);
/// A name that is taken but empty is asked for again this often: another writer's was just removed.
const ATTEMPTS: usize = 3;
/// Most names listed.
const MAX_NAMES: usize = 1_000_000;
/// Longest prefix or name.
const MAX_NAME: usize = 512;

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The bytes are now there, and nobody else's ever were.
    Written,
    /// Somebody was first, and nothing was changed.
    AlreadyThere {
        /// Whether what is there are the same bytes.
        same: bool,
    },
}

/// A place in an S3-compatible store.
pub struct Bucket {
    store: AmazonS3,
    bucket: String,
    prefix: String,
}

impl Bucket {
    /// Reads an address and the environment. Nothing is sent yet.
    ///
    /// Understood: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`,
    /// `AWS_REGION` or `AWS_DEFAULT_REGION`, `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_S3`,
    /// `AWS_VIRTUAL_HOSTED_STYLE_REQUEST` (else the bucket is in the path), `AWS_CA_BUNDLE`,
    /// web identity and container credentials. Plain http is taken for an endpoint on this
    /// machine, and elsewhere with `AWS_ALLOW_HTTP=true`.
    pub fn open(url: &str) -> Result<Self, BucketError> {
        let settings = std::env::vars_os().filter_map(|(key, value)| {
            let key = key.into_string().ok()?;
            Some((key, value.into_string().ok()?))
        });
        Self::open_with(url, settings)
    }

    /// As [`open`](Self::open), with the variables given; others than `AWS_*` are passed over.
    pub fn open_with(
        url: &str,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, BucketError> {
        let (bucket, prefix) = address(url)?;
        let mut builder = AmazonS3Builder::new();
        let mut certificates = None;
        let mut region = None;
        for (key, value) in settings {
            if value.is_empty() {
                continue;
            }
            match key.as_str() {
                "AWS_ALLOW_HTTP" => builder = builder.with_allow_http(is_yes(&value)),
                "AWS_CA_BUNDLE" => certificates = Some(read_bundle(&value)?),
                // Either may be set; the first is the more particular one.
                "AWS_REGION" => region = Some(value),
                "AWS_DEFAULT_REGION" => region = region.or(Some(value)),
                _ => {
                    if key.starts_with("AWS_")
                        && let Ok(known) = key.to_ascii_lowercase().parse::<AmazonS3ConfigKey>()
                    {
                        builder = builder.with_config(known, value);
                    }
                }
            }
        }
        if let Some(region) = region {
            builder = builder.with_region(region);
        }
        let endpoint = builder
            .get_config_value(&AmazonS3ConfigKey::S3Endpoint)
            .or_else(|| builder.get_config_value(&AmazonS3ConfigKey::Endpoint));
        if let Some(endpoint) = endpoint {
            check_endpoint(&endpoint)?;
            if is_on_this_machine(&endpoint) {
                builder = builder.with_allow_http(true);
            }
        }
        let store = builder
            .with_bucket_name(&bucket)
            .with_conditional_put(S3ConditionalPut::ETagMatch)
            .with_http_connector(Connector::try_new(certificates.as_deref())?)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: RETRIES,
                retry_timeout: RETRY_TIMEOUT,
            })
            .build()
            .map_err(|_| unusable_settings())?;
        Ok(Self {
            store,
            bucket,
            prefix,
        })
    }

    /// Stores `bytes` under `name` unless something is there already; then says whether it is the same.
    pub async fn put_if_absent(&self, name: &str, bytes: Vec<u8>) -> Result<Put, BucketError> {
        let path = self.path(name)?;
        let bytes = Bytes::from(bytes);
        let options = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        for _ in 0..ATTEMPTS {
            let payload = bytes.clone().into();
            match self.store.put_opts(&path, payload, options.clone()).await {
                Ok(_) => return Ok(Put::Written),
                Err(Error::AlreadyExists { .. }) => {
                    // Also what we hear when our own first attempt arrived and its answer was lost.
                    if let Some(there) = self.read(name).await? {
                        let same = there == bytes;
                        return Ok(Put::AlreadyThere { same });
                    }
                }
                Err(error) => return Err(fault("write", name, &error)),
            }
        }
        Err(BucketError::Store {
            action: "write",
            name: name.to_owned(),
            reason: "the name is taken, and nothing can be read under it".to_owned(),
        })
    }

    /// Whether something is stored under `name`.
    pub async fn exists(&self, name: &str) -> Result<bool, BucketError> {
        match self.store.head(&self.path(name)?).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(fault("look for", name, &error)),
        }
    }

    /// What is stored under `name`, if anything; at most a gibibyte.
    pub async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, BucketError> {
        let got = match self.store.get(&self.path(name)?).await {
            Ok(got) => got,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(fault("read", name, &error)),
        };
        let bytes = got.bytes().await;
        let bytes = bytes.map_err(|error| fault("read", name, &error))?;
        Ok(Some(Vec::from(bytes)))
    }

    /// As [`read`](Self::read), for readers that take `max_bytes` at most: a longer one is an error
    /// and is not fetched.
    pub async fn read_at_most(
        &self,
        name: &str,
        max_bytes: u64,
    ) -> Result<Option<Vec<u8>>, BucketError> {
        // The client has whole answers in memory, so the length is asked for first.
        let length = match self.store.head(&self.path(name)?).await {
            Ok(there) => there.size,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(fault("read", name, &error)),
        };
        if length > max_bytes {
            return Err(BucketError::Store {
                action: "read",
                name: name.to_owned(),
                reason: format!("it is longer than {max_bytes} bytes"),
            });
        }
        self.read(name).await
    }

    /// Removes what is stored under `name`; whether something was there is asked first, so of two
    /// callers at once both may hear yes.
    pub async fn delete(&self, name: &str) -> Result<bool, BucketError> {
        if !self.exists(name).await? {
            return Ok(false);
        }
        match self.store.delete(&self.path(name)?).await {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(fault("remove", name, &error)),
        }
    }

    /// The names that begin with `start`, sorted; at most a million. Empty lists everything here.
    pub async fn list(&self, start: &str) -> Result<Vec<String>, BucketError> {
        let under = (!self.prefix.is_empty()).then(|| Path::from(self.prefix.as_str()));
        let mut names = Vec::new();
        let mut listing = self.store.list(under.as_ref());
        while let Some(next) = listing.next().await {
            let meta = next.map_err(|error| fault("list", &self.to_string(), &error))?;
            let location = meta.location.as_ref();
            let name = if self.prefix.is_empty() {
                Some(location)
            } else {
                location
                    .strip_prefix(&self.prefix)
                    .and_then(|rest| rest.strip_prefix('/'))
            };
            if let Some(name) = name.filter(|name| name.starts_with(start)) {
                if names.len() == MAX_NAMES {
                    return Err(BucketError::Address {
                        reason: "more than a million objects lie under this prefix",
                    });
                }
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn path(&self, name: &str) -> Result<Path, BucketError> {
        if name.is_empty() || !is_clean(name) {
            return Err(BucketError::Address {
                reason: "a name may hold letters, digits and . _ - = in parts divided by /",
            });
        }
        Ok(if self.prefix.is_empty() {
            Path::from(name)
        } else {
            Path::from(format!("{}/{name}", self.prefix))
        })
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}", self.bucket)?;
        if self.prefix.is_empty() {
            return Ok(());
        }
        write!(f, "/{}", self.prefix)
    }
}

// The store's own form shows settings.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({self})")
    }
}

fn fault(action: &'static str, name: &str, error: &Error) -> BucketError {
    BucketError::Store {
        action,
        name: name.to_owned(),
        reason: shown(error),
    }
}

/// Which setting it was is not repeated: the library's text may hold its value.
fn unusable_settings() -> BucketError {
    BucketError::Setting(
        "the AWS_* variables do not make usable settings (a key without its secret, or a value that \
         cannot be read)"
            .to_owned(),
    )
}

fn is_yes(value: &str) -> bool {
    matches!(
        value.to_ascii_lowercase().as_str(),
        "true" | "1" | "yes" | "on"
    )
}

fn read_bundle(path: &str) -> Result<Vec<u8>, BucketError> {
    std::fs::read(path).map_err(|error| {
        BucketError::Setting(format!(
            "AWS_CA_BUNDLE names a file that cannot be read: {error}"
        ))
    })
}

/// Bucket and prefix of `s3://bucket/prefix`.
fn address(url: &str) -> Result<(String, String), BucketError> {
    let wrong = |reason| Err(BucketError::Address { reason });
    let Some(rest) = url.strip_prefix("s3://") else {
        return wrong("it begins with s3://");
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let is_bucket = (3..=63).contains(&bucket.len())
        && bucket.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
        });
    if !is_bucket {
        return wrong("a bucket's name has 3 to 63 small letters, digits, dots and hyphens");
    }
    let prefix = prefix.trim_end_matches('/');
    if !prefix.is_empty() && !is_clean(prefix) {
        return wrong("a prefix may hold letters, digits and . _ - = in parts divided by /");
    }
    Ok((bucket.to_owned(), prefix.to_owned()))
}

/// Whether a name means the same to every store: no empty part, no `..`, nothing to be escaped.
fn is_clean(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.split('/').all(|part| {
            !matches!(part, "" | "." | "..")
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'='))
        })
}

/// An endpoint is scheme, host and port. A password in it would end up in messages.
fn check_endpoint(endpoint: &str) -> Result<(), BucketError> {
    let host = endpoint
        .strip_prefix("http://")
        .or_else(|| endpoint.strip_prefix("https://"));
    if host.is_none_or(|host| host.is_empty() || host.contains(['@', '?', '#'])) {
        return Err(BucketError::Setting(
            "AWS_ENDPOINT_URL is http:// or https:// with host and port, and nothing secret"
                .to_owned(),
        ));
    }
    Ok(())
}

fn is_on_this_machine(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or_else(
            || authority.split(':').next().unwrap_or_default(),
            |(host, _)| host,
        );
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
