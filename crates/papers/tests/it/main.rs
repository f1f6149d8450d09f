//! The papers read back: structure, text, bounds.
#[cfg(test)]
mod fine;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod letter;
#[cfg(test)]
mod reader;
