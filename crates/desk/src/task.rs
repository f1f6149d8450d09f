//! Tasks: set, given to people, done.

mod change;
mod line;

pub(crate) use change::insert_in;
pub use change::{NewTask, assign, assignees, create, finish, reopen};
pub use line::{Assignee, TaskFilter, TaskLine, TaskPage, Whose, list, of_loan, one};

/// Longest description, in characters.
pub const DESCRIPTION_MAX_CHARS: usize = 4000;
