//! What the trail costs the control loop's thread; asked for by `--run-ignored only`, for the figures and no verdict.

use super::*;
use crate::clock::{Clock, SystemClock};

#[test]
#[ignore = "measures, and judges nothing"]
fn what_an_entry_and_an_opening_cost() {
    let clock = SystemClock::new();
    let place = Place::with(0);
    let mut audit = place.open(8);
    let mut took: Vec<_> = (0..200)
        .map(|number| {
            let began = clock.now();
            audit.append(record(number));
            clock.now().since(began)
        })
        .collect();
    took.sort_unstable();
    println!("an entry: median {:?}, 99 % {:?}, longest {:?}", took[100], took[197], took[199]);
    // Many, in one transaction.
    let trail = audit.trail.as_mut().unwrap();
    trail.ledger.0.execute_batch("BEGIN").unwrap();
    let mut link = trail.head.committed;
    for number in 0..100_000 {
        let next = record(number);
        link = trail.key.link(link, &next);
        trail.ledger.insert(link, &next).unwrap();
    }
    trail.ledger.0.execute_batch("COMMIT").unwrap();
    trail.commit(link).unwrap();
    drop(audit);
    let began = clock.now();
    assert_eq!(whole(&place.verify()), 100_200);
    println!("100,200 entries: verified in {:?}", clock.now().since(began));
    let began = clock.now();
    assert_eq!(place.open(9).check(), Ok(()));
    println!("100,200 entries: opened in {:?}", clock.now().since(began));
}
