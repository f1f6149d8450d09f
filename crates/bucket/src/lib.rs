//! Files in S3-compatible stores, through one HTTP client.
//!
//! A leaf: it depends on no crate of ours. Rate cards (`lintel-export`) and pictures and documents
//! (`lintel-blobs`) are kept with it. It knows names and bytes, and nothing of what they mean.
#![deny(missing_docs)]

mod bucket;
mod error;
mod http;

pub use bucket::{Bucket, PART_BYTES, Put, Upload};
pub use error::BucketError;
