//! The history of a status is told in the order in which it was written.

use lintel_domain::id::RowId;
use lintel_domain::organisation::OrganisationKind;
use lintel_store::status_change::{StatusChange, Subject, insert_in, of_subject};
use lintel_testkit::both;

use crate::seed::{add_org, day, org, row};

fn change(subject: &RowId, n: usize) -> StatusChange {
    StatusChange {
        // Ids of one millisecond are in any order; and what expired is dated back.
        id: row("change", 9 - n),
        subject: Subject::Process,
        subject_id: subject.clone(),
        from: None,
        to: n.to_string(),
        actor: "system".to_owned(),
        actor_name: String::new(),
        reason: None,
        at: day(if n == 3 { 0 } else { 1 }),
    }
}

both! {
    async fn a_history_is_told_as_it_was_written(db) {
        let bank = org(1, OrganisationKind::Bank, None);
        add_org(&db, &bank).await;
        let (one, other) = (row("process", 1), row("process", 2));
        for n in 0..4 {
            let mut tx = db.begin().await.expect("begun");
            insert_in(&mut tx, &bank.id, &change(&one, n)).await.expect("written");
            insert_in(&mut tx, &bank.id, &change(&other, n)).await.expect("written");
            tx.commit().await.expect("committed");
        }
        for subject in [&one, &other] {
            let all = of_subject(&db, &bank.id, subject).await.expect("read");
            let told: Vec<&str> = all.iter().map(|change| change.to.as_str()).collect();
            assert_eq!(told, ["0", "1", "2", "3"]);
        }
    }
}
