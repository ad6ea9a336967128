//! The supervisor in the window's program: owned, followed, taken over, and ended. The studio never waits for any of it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::supervision::{Role, Supervision};
use jarvis::by::By;
use jarvis::control_loop::Target;
use jarvis::endpoint::Endpoint;
use jarvis::event::Action;
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::lock::Ownership;

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
    // Seen red: with nobody looking whether the lock is still taken, the second follows a dead one for ever.
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

// Seen red: with the command line's token.
#[test]
fn an_attached_window_is_a_panel_to_the_owner() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path());
    until("the first owns", || owns(&first));
    let second = start(folder.path());
    until("the second follows", || matches!(second.role(), Role::Attached { .. }).then_some(()));
    // It may ask where a service is, and what is done there is the panel's.
    let attached = second.client().unwrap();
    assert_eq!(attached.address("vocal-coach").unwrap(), None, "none is declared");
    attached.autonomy(Some(false), By::name("panel")).unwrap();
    let trail = first.client().unwrap().audit(1).unwrap();
    assert_eq!((trail[0].record.action.as_str(), trail[0].record.by.who.as_str()), ("autonomy", "panel"));
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
    // Seen red, one wait earlier: with an owner that owns again after it was ended, the second never owns.
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

/// One of ours, as far as its declaration goes; it never says that it is ready.
const DECLARED: &str =
    "[[sidecar]]\nname = \"coach\"\nidentity = \"nonce\"\ncommand = [\"sleep\", \"1000\"]\n";

fn state(supervision: &Supervision) -> Option<State> {
    Some(supervision.client()?.status().ok()?.first()?.state)
}

// Seen red: with each try after the first taken for a human's start, which starts the coach.
#[test]
fn a_takeover_that_fails_at_first_starts_nothing_that_a_human_had_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let declared = folder.path().join("jarvis/sidecars.toml");
    std::fs::create_dir_all(declared.parent().unwrap()).unwrap();
    std::fs::write(&declared, DECLARED).unwrap();
    let mut first = start(folder.path());
    until("the first owns", || owns(&first));
    let coach = Target::One("coach".to_owned());
    first.client().unwrap().act(coach, Action::Stop, By::name("panel")).unwrap();
    until("the coach is stopped", || (state(&first) == Some(State::Stopped)).then_some(()));
    let second = start(folder.path());
    until("the second follows", || matches!(second.role(), Role::Attached { .. }).then_some(()));
    std::fs::write(&declared, "[[sidecar]]\nname = 7\n").unwrap();
    until("the first is over", || first.end().then_some(()));
    until("the second cannot own", || matches!(second.role(), Role::Without { .. }).then_some(()));
    std::fs::write(&declared, DECLARED).unwrap();
    until("the second owns", || owns(&second));
    assert_eq!(until("how the coach is", || state(&second)), State::Stopped);
}

// Seen red: with the time that an owner's sidecars have, it is eight seconds.
#[test]
fn for_a_supervisor_that_hangs_in_another_program_the_window_does_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    std::fs::create_dir_all(folder.path().join("jarvis")).unwrap();
    // It holds the lock, says where it is, and answers nobody.
    let _lock = Ownership::take(&layout).unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = Endpoint {
        pid: std::process::id(),
        version: "1".to_owned(),
        instance: "hangs".to_owned(),
        port: listener.local_addr().unwrap().port(),
        tokens: [("panel".to_owned(), "secret".to_owned())].into(),
    };
    endpoint.publish(&layout).unwrap();
    let mut window = start(folder.path());
    // It is asked who it is, for ten seconds.
    let _asked = listener.accept().unwrap();
    let begun = Instant::now();
    window.end_now();
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}
