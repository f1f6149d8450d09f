//! Rate cards for the outside: Parquet files, and S3-compatible stores that take each file once.
//!
//! A leaf: it depends on no crate of ours and only the server's feature `export` compiles it, so
//! that the default build carries neither Parquet nor an object store. It knows columns and bytes,
//! and nothing of loans.

pub mod bucket;
mod error;
mod http;
pub mod parquet;

pub use error::ExportError;
