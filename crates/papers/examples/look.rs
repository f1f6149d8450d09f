//! Writes the fictional papers into the folder named, to be looked at.

use std::path::PathBuf;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    std::fs::write(
        folder.join("fine.pdf"),
        lintel_papers::fine(&lintel_papers::sample::fine(360, true))?,
    )?;
    std::fs::write(
        folder.join("letter.pdf"),
        lintel_papers::proposal_letter(&lintel_papers::sample::proposal_letter())?,
    )?;
    let mut hostile = lintel_papers::sample::fine(480, true);
    hostile.borrowers = vec!["😀 ) Tj <</S/X>> שלום".repeat(20), "W".repeat(10_000)];
    hostile.loan.product = "Ωμέγα Юлия e\u{301} \u{202e}x".to_owned();
    std::fs::write(folder.join("hostile.pdf"), lintel_papers::fine(&hostile)?)?;
    let fine = lintel_papers::sample::fine(360, false);
    let begun = Instant::now();
    let mut bytes = 0;
    for _ in 0..50 {
        bytes = lintel_papers::fine(&fine)?.len();
    }
    std::fs::write(
        folder.join("times.txt"),
        format!("{:?} each, {bytes} bytes\n", begun.elapsed() / 50),
    )?;
    Ok(())
}
