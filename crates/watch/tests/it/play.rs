//! Playing a script over the engine.

use std::collections::HashMap;

use lintel_domain::id::Instant;
use lintel_watch::{Asked, RateWatch, resume, stop, stop_all_of};

use crate::model::{Script, Sub, Wants};
use crate::world::{BASE, PRODUCTS, World, percent, rows};

/// What happens at an instant, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Act {
    Rates([i64; 2]),
    Begin(usize),
    Stop(usize),
    Quiet(usize),
    Loud(usize),
    /// The engine is there again.
    Up,
}

fn acts(script: &Script) -> Vec<(Instant, Act)> {
    let mut acts: Vec<(Instant, Act)> = script
        .rates
        .iter()
        .map(|(at, rates)| (*at, Act::Rates(*rates)))
        .collect();
    for (n, sub) in script.subs.iter().enumerate() {
        acts.push((sub.at, Act::Begin(n)));
        acts.extend(sub.stopped.map(|at| (at, Act::Stop(n))));
        acts.extend(sub.quiet.map(|(from, _)| (from, Act::Quiet(n))));
        acts.extend(sub.quiet.map(|(_, to)| (to, Act::Loud(n))));
    }
    acts.push((script.down.1, Act::Up));
    acts.sort();
    acts
}

async fn begin(world: &World, sub: &Sub) -> RateWatch {
    let names = PRODUCTS.map(str::to_owned);
    let asked = match sub.wants {
        Wants::Regular(frequency) => Asked::Regular {
            frequency,
            names: names.to_vec(),
        },
        Wants::Targets(rates) => {
            Asked::Targets(names.into_iter().zip(rates.map(percent)).collect())
        }
    };
    world.minute(sub.minute, true).await;
    world
        .watch(sub.name, asked, sub.duration, sub.zone.name)
        .await
}

async fn act(world: &World, script: &Script, act: Act, watches: &mut HashMap<usize, RateWatch>) {
    match act {
        Act::Rates(rates) => world.rates(rates).await,
        Act::Begin(n) => {
            watches.insert(n, begin(world, &script.subs[n]).await);
        }
        // What waits by then would not be sent any more: it is handed over first.
        Act::Stop(n) => {
            world.letters().await;
            stop(&world.app, &watches[&n].token).await.expect("stopped");
        }
        Act::Quiet(n) => {
            world.letters().await;
            stop_all_of(&world.app, &watches[&n].token)
                .await
                .expect("said");
        }
        Act::Loud(n) => {
            resume(&world.app, &watches[&n].token).await.expect("said");
        }
        Act::Up => {}
    }
}

/// Plays a script and compares every mail of every subscription with the model's.
pub async fn play(world: &World, script: &Script) {
    let mut acts = acts(script).into_iter().peekable();
    let mut watches = HashMap::new();
    let mut steps = 0;
    loop {
        let (from, to) = script.down;
        let due = world.next_due().await.map(|due| {
            let is_down = (from..to).contains(&due.max(world.app.now()));
            if is_down { to } else { due }
        });
        let next = acts.peek().map(|(at, _)| *at);
        let Some(now) = due
            .into_iter()
            .chain(next)
            .min()
            .filter(|at| *at <= script.end)
        else {
            break;
        };
        world.set_clock(now);
        while let Some((_, what)) = acts.next_if(|(at, _)| *at <= now) {
            act(world, script, what, &mut watches).await;
        }
        if !(from..to).contains(&now) {
            world.run().await;
        }
        steps += 1;
        assert!(steps < 20_000, "the engine does not get on at {now:?}");
    }
    world.set_clock(script.end);
    world.run().await;
    compare(world, script, &watches).await;
}

async fn compare(world: &World, script: &Script, watches: &HashMap<usize, RateWatch>) {
    let letters = world.letters().await;
    let mut total = 0;
    for (n, sub) in script.subs.iter().enumerate() {
        let address = format!("{}@example.com", sub.name);
        let sent = letters.get(&address).map_or(&[][..], Vec::as_slice);
        let said: Vec<_> = sent
            .iter()
            .map(|letter| (letter.at, rows(letter)))
            .collect();
        let expected = sub.mails(script);
        let instants = |mails: &[(Instant, Vec<_>)]| -> Vec<i64> {
            mails.iter().map(|(at, _)| at.seconds()).collect()
        };
        assert_eq!(instants(&said), instants(&expected), "{}: when", sub.name);
        assert_eq!(said, expected, "{}: what", sub.name);
        let token = &watches[&n].token;
        let stop = format!("{BASE}/app/rates/{token}/stop");
        for letter in sent {
            assert_eq!(letter.unsubscribe.as_deref(), Some(stop.as_str()));
            let page = format!("{BASE}/app/rates/{token}");
            assert!(letter.text.contains(&page));
            assert!(
                letter
                    .html
                    .as_ref()
                    .is_some_and(|html| html.contains(&page))
            );
        }
        total += sent.len();
    }
    assert_eq!(
        world.post.letters().len(),
        total,
        "nobody else was written to"
    );
    assert_eq!(world.post.handed_over(), total, "each once");
    assert!(total > 300, "a year has more mails than {total}");
}
