use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use jarvis::client::ClientError;
use jarvis::usage::Refused;

use super::*;
use crate::courier::Supervisor;
use crate::vitals::{VitalsWriter, cell};

const LIMIT: Duration = Duration::from_secs(20);
/// A detail of a use that it refuses.
const UNFIT: &str = "unfit";
/// How long one that hangs lets each question wait.
const HANGS: Duration = Duration::from_secs(5);
const LOAD: [Scale; 1] = [Scale { name: "load", unit: "share", warn: None, fail: None }];

/// A supervisor that can be made to hang, and to be gone.
#[derive(Debug, Clone, Default)]
struct Fake {
    told: Arc<Mutex<Told>>,
    hangs: Arc<AtomicBool>,
    refuses: Arc<AtomicBool>,
    gone: Arc<AtomicBool>,
    /// Whether it was ever told anything.
    asked: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Told {
    /// How often a use was told.
    heard: usize,
    used: Vec<Usage>,
    gauges: Vec<Gauge>,
}

impl Fake {
    fn wait(&self) -> Result<(), ClientError> {
        self.asked.store(true, Ordering::Relaxed);
        if self.hangs.load(Ordering::Relaxed) {
            pause(HANGS);
            return Err(ClientError::NoAnswer("it hangs".to_owned()));
        }
        Ok(())
    }

    fn details(&self) -> Vec<usize> {
        let told = self.told.lock().unwrap();
        told.used.iter().filter_map(|used| used.detail.as_ref()?.parse().ok()).collect()
    }

    fn gauge(&self, name: &str) -> Option<f64> {
        let told = self.told.lock().unwrap();
        told.gauges.iter().rev().find(|gauge| gauge.name == name).map(|gauge| gauge.value)
    }
}

impl Supervisor for Fake {
    fn gauges(&self, gauges: Vec<Gauge>) -> Result<(), ClientError> {
        self.wait()?;
        self.told.lock().unwrap().gauges.extend(gauges);
        Ok(())
    }

    fn usage(&self, used: Vec<Usage>) -> Result<jarvis::usage::Told, ClientError> {
        self.wait()?;
        let mut told = self.told.lock().unwrap();
        let (mut kept, mut refused) = (Vec::new(), Vec::new());
        for one in used {
            told.heard += 1;
            if one.detail.as_deref() == Some(UNFIT) {
                refused.push(Refused { id: one.id, why: "it is unfit".to_owned() });
                continue;
            }
            kept.push(one.id.clone());
            if !told.used.iter().any(|known| known.id == one.id) {
                told.used.push(one);
            }
        }
        if self.refuses.load(Ordering::Relaxed) {
            // It kept them, and its answer was lost.
            return Err(ClientError::NoAnswer("it broke off".to_owned()));
        }
        Ok(jarvis::usage::Told { kept, refused })
    }
}

fn start(folder: &std::path::Path, fake: &Fake) -> (Bridge, VitalsWriter<1>) {
    let (writer, reader) = cell(LOAD);
    let fake = fake.clone();
    let line: Line = Box::new(move || {
        (!fake.gone.load(Ordering::Relaxed)).then(|| Box::new(fake.clone()) as Box<dyn Supervisor>)
    });
    let sources: Vec<Box<dyn Source>> = vec![Box::new(reader)];
    (Bridge::start(Setup { spool: folder.join("spool"), sources, line }).unwrap(), writer)
}

/// A program that ends without a supervisor to tell these uses to.
fn used_untold(folder: &std::path::Path, details: impl IntoIterator<Item = usize>) {
    let nobody = Fake::default();
    nobody.gone.store(true, Ordering::Relaxed);
    let (mut bridge, _) = start(folder, &nobody);
    for detail in details {
        bridge.used("thing", Some(detail.to_string()));
    }
}

/// Lets time pass, where that is the point.
fn pause(span: Duration) {
    jarvis::clock::Bell::default().wait(span);
}

#[track_caller]
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let clock = SystemClock::new();
    while !is() {
        assert!(clock.now().since(Moment::ORIGIN) < LIMIT, "waited in vain: {what}");
        pause(Duration::from_millis(5));
    }
}

#[test]
fn the_newest_reading_and_every_use_arrive() {
    // Seen red: with what does not fit put behind what comes after it.
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::default();
    let (mut bridge, mut vitals) = start(folder.path(), &fake);
    vitals.write([0.25]);
    for number in 0..600 {
        bridge.used("thing", Some(number.to_string()));
    }
    until("600 uses", || {
        bridge.retry();
        fake.details().len() == 600
    });
    assert_eq!(fake.details(), (0..600).collect::<Vec<_>>(), "in order, each once");
    until("the load", || fake.gauge("load") == Some(0.25));
    drop(bridge);
    assert_eq!(std::fs::read_dir(folder.path().join("spool")).unwrap().count(), 0, "all is told");
}

#[test]
fn a_supervisor_that_hangs_is_waited_for_by_nobody_and_misses_no_use() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::default();
    fake.hangs.store(true, Ordering::Relaxed);
    let (mut bridge, mut vitals) = start(folder.path(), &fake);
    let clock = SystemClock::new();
    let mut longest = Duration::ZERO;
    for number in 0..1_000 {
        let before = clock.now();
        bridge.used("thing", Some(number.to_string()));
        vitals.write([number as f64]);
        longest = longest.max(clock.now().since(before));
        pause(Duration::from_millis(1));
    }
    // Seen red, with all below it: what does not fit into the ring dropped.
    assert!(longest < Duration::from_millis(200), "{longest:?}");
    fake.hangs.store(false, Ordering::Relaxed);
    until("1,000 uses", || {
        bridge.retry();
        fake.details().len() == 1_000
    });
    assert_eq!(fake.details(), (0..1_000).collect::<Vec<_>>());
    vitals.write([4.0]);
    until("readings that nobody saw are counted", || {
        vitals.write([4.0]);
        fake.gauge("bridge_dropped").is_some_and(|dropped| dropped > 100.0)
    });
}

#[test]
fn without_a_supervisor_the_next_program_tells_it() {
    let folder = tempfile::tempdir().unwrap();
    // Seen red: without what `Drop` does with the overflow, 44 are missing.
    used_untold(folder.path(), 0..300);
    let fake = Fake::default();
    let (_next, _) = start(folder.path(), &fake);
    until("300 uses", || fake.details().len() == 300);
    assert_eq!(fake.details(), (0..300).collect::<Vec<_>>());
    until("the left-over is gone", || std::fs::read_dir(folder.path().join("spool")).unwrap().count() == 0);
}

#[test]
fn what_was_kept_and_not_answered_counts_once() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::default();
    fake.refuses.store(true, Ordering::Relaxed);
    let (mut bridge, _) = start(folder.path(), &fake);
    bridge.used("thing", Some("7".to_owned()));
    until("it is told", || !fake.details().is_empty());
    bridge.used("thing", Some("8".to_owned()));
    fake.refuses.store(false, Ordering::Relaxed);
    until("both are told", || fake.details().len() == 2);
    drop(bridge);
    // Seen red: with a new id for each try.
    assert_eq!(fake.details(), [7, 8]);
    assert_eq!(std::fs::read_dir(folder.path().join("spool")).unwrap().count(), 0);
}

#[test]
fn what_is_refused_is_told_once_and_holds_up_nothing() {
    // Seen red: with what is refused left among what is to be told.
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::default();
    let (mut bridge, _) = start(folder.path(), &fake);
    for detail in ["1", UNFIT, "2"] {
        bridge.used("thing", Some(detail.to_owned()));
    }
    until("the spool to be empty", || {
        bridge.retry();
        let heard = fake.told.lock().unwrap().heard;
        heard >= 3
            && std::fs::read_dir(folder.path().join("spool"))
                .unwrap()
                .all(|file| file.unwrap().metadata().unwrap().len() == 0)
    });
    bridge.used("thing", Some("3".to_owned()));
    until("the next", || {
        bridge.retry();
        fake.details() == [1, 2, 3]
    });
    drop(bridge);
    assert_eq!(fake.told.lock().unwrap().heard, 4, "each was told once");
    assert_eq!(std::fs::read_dir(folder.path().join("spool")).unwrap().count(), 0);
}

#[test]
fn an_empty_left_over_holds_up_no_other() {
    let folder = tempfile::tempdir().unwrap();
    used_untold(folder.path(), [7]);
    // Programs that were killed before their first line was whole; whichever is found first, all are gone through.
    // Seen red: with what is adopted looked at only when the supervisor has kept something, the first empty one stays.
    let spool = folder.path().join("spool");
    for (name, text) in [("a", ""), ("b", "00000000 {\"id\""), ("y", ""), ("z", "0")] {
        std::fs::write(spool.join(name).with_extension("spool"), text).unwrap();
    }
    let fake = Fake::default();
    let (next, _) = start(folder.path(), &fake);
    until("what was used", || fake.details() == [7]);
    until("the left-overs are gone", || std::fs::read_dir(&spool).unwrap().count() == 0);
    drop(next);
}

#[test]
fn a_supervisor_that_hangs_does_not_hold_up_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::default();
    fake.hangs.store(true, Ordering::Relaxed);
    let (mut bridge, mut vitals) = start(folder.path(), &fake);
    bridge.used("thing", Some("7".to_owned()));
    vitals.write([1.0]);
    until("it is asked", || fake.asked.load(Ordering::Relaxed));
    let clock = SystemClock::new();
    let before = clock.now();
    drop(bridge);
    let took = clock.now().since(before);
    // Seen red: with an end that waits for the courier.
    assert!(took < Duration::from_millis(1_500), "{took:?}");
    fake.hangs.store(false, Ordering::Relaxed);
    let (next, _) = start(folder.path(), &fake);
    until("what was used", || fake.details() == [7]);
    drop(next);
}
