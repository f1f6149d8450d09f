//! Rate cards for the outside: Parquet files, and S3-compatible stores that take each file once.
//!
//! A leaf beside the stores: only the server's feature `export` compiles it, so that the default
//! build carries no Parquet. It knows columns and bytes, and nothing of loans.

mod error;
pub mod parquet;

pub use error::ExportError;
pub use lintel_bucket as bucket;
