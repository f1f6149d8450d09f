//! The real program as its users meet it: started, called over HTTP, stopped, killed, fed rubbish.
//!
//! Every test starts `lintel` processes of its own on free ports, with a folder (and, on PostgreSQL,
//! a database) of its own. Nothing sleeps: tests wait for a line, an answer or the end of a stream,
//! each with a deadline.

mod admin;
mod client;
mod documents;
mod help;
mod hostile;
mod kill;
mod lenders_day;
mod life;
mod logs;
mod los;
mod place;
mod process;
mod ratecard;
mod raw;
mod rules;
