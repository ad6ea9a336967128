//! The supervisor in the window's program: owned, followed, taken over, and ended. The studio never waits for any of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::supervision::{Role, Supervision};

const LIMIT: Duration = Duration::from_secs(30);

fn start(folder: &Path) -> Supervision {
    let declared = folder.join("jarvis");
    std::fs::create_dir_all(&declared).unwrap();
    if !declared.join("sidecars.toml").exists() {
        std::fs::write(declared.join("sidecars.toml"), "").unwrap();
    }
    Supervision::start_at(folder, Some(0), Arc::new(|| ()))
}

#[track_caller]
fn until<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(begun.elapsed() < LIMIT, "waited {LIMIT:?} in vain: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn owns(supervision: &Supervision) -> Option<u16> {
    match supervision.role() {
        Role::Owner { port } => Some(port),
        _ => None,
    }
}

#[test]
fn the_second_window_follows_the_first_and_takes_over_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = start(folder.path());
    let port = until("the first owns", || owns(&first));
    assert!(first.client().unwrap().status().unwrap().is_empty());
    let second = start(folder.path());
    let followed = until("the second follows", || match second.role() {
        Role::Attached { pid, port } => Some((pid, port)),
        _ => None,
    });
    assert_eq!(followed, (std::process::id(), port));
    assert!(second.client().unwrap().status().unwrap().is_empty());
    until("the first is over", || first.end().then_some(()));
    assert!(first.client().is_none());
    let begun = Instant::now();
    until("the second owns", || owns(&second));
    // Not seen red yet; meant for: with nobody looking whether the lock is still taken, the second follows a dead one for ever.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn what_cannot_be_started_is_said_and_tried_again_once_it_is_mended() {
    let folder = tempfile::tempdir().unwrap();
    let declared = folder.path().join("jarvis/sidecars.toml");
    std::fs::create_dir_all(declared.parent().unwrap()).unwrap();
    std::fs::write(&declared, "[[sidecar]]\nname = 7\n").unwrap();
    let supervision = start(folder.path());
    let why = until("why not", || match supervision.role() {
        Role::Without { why } => Some(why),
        _ => None,
    });
    assert!(why.contains("sidecars.toml"), "{why}");
    assert!(supervision.client().is_none());
    std::fs::write(&declared, "").unwrap();
    until("it is tried again", || owns(&supervision));
}

#[test]
fn who_is_ended_from_outside_stays_ended_and_follows_who_comes() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path());
    until("the first owns", || owns(&first));
    first.client().unwrap().shutdown().unwrap();
    until("the first was ended", || matches!(first.role(), Role::Without { .. }).then_some(()));
    let second = start(folder.path());
    until("the second owns", || owns(&second));
    // Not seen red yet; meant for: an owner that owns again after it was ended, the second never owns.
    until("the first follows", || matches!(first.role(), Role::Attached { .. }).then_some(()));
}

#[test]
fn closing_that_is_called_off_leaves_it_running() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = start(folder.path());
    until("it owns", || owns(&window));
    assert!(window.holds_up_closing());
    window.end();
    assert!(window.ends());
    window.go_on();
    until("it owns again", || owns(&window).filter(|_| !window.ends()));
}
