//! Disks and databases that fail, and a port that is another's: sidecars are kept alive all the same.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use jarvis::audit::{self, Verdict};
use jarvis::by::By;
use jarvis::client::Client;
use jarvis::client::EventQuery;
use jarvis::control_loop::Target;
use jarvis::endpoint::Endpoint;
use jarvis::event::{Action, What};
use jarvis::health::State;
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner};
use jarvis::status::Status;
use jarvis::store::Reader;
use rusqlite::Connection;

use crate::owned::{Owned, ours, start, write};
use crate::rig::{program, signal, timed, until};

/// A real file system of a few bytes. Unmounted on drop.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Needs root, as in `script/test`.
    fn mount(bytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={bytes},mode=0777");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "small"]).arg(folder.path());
        assert!(mount_succeeds(&mut mount), "cannot mount a small disk; this test needs root");
        Self(folder)
    }

    /// Takes all the room there is; that room again when the file is removed.
    fn fill(&self) -> std::path::PathBuf {
        let ballast = self.0.path().join("ballast");
        let mut file = fs::File::create(&ballast).unwrap();
        let full = std::io::copy(&mut std::io::repeat(0x55), &mut file).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull, "{full}");
        ballast
    }
}

fn mount_succeeds(mount: &mut Command) -> bool {
    mount.status().is_ok_and(|status| status.success())
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily, if something is open there still: the mount must not outlive the test.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

fn layout(folder: &Path) -> Layout {
    let layout = Layout::within(folder);
    layout.make().unwrap();
    write(&layout, &[], &ours("coach", ""));
    layout
}

#[track_caller]
fn healthy(client: &Client, but: Option<u32>) -> Status {
    until("the coach to be well", || {
        let status = client.status().unwrap().into_iter().next().unwrap();
        (status.state == State::Healthy && status.pid.is_some() && status.pid != but).then_some(status)
    })
}

/// Kills the coach and waits until another is well; then restarts it, as a human does, and waits again.
#[track_caller]
fn killed_and_restarted(client: &Client) {
    let first = healthy(client, None).pid;
    signal(first.unwrap(), "KILL");
    let second = healthy(client, first).pid;
    client.act(Target::All, Action::Restart, By::name("test")).unwrap();
    healthy(client, second);
}

fn actions(layout: &Layout) -> Vec<String> {
    audit::newest(layout, 1000).unwrap().into_iter().map(|entry| entry.record.action).collect()
}

fn is_whole(layout: &Layout) -> bool {
    matches!(audit::verify(layout), Verdict::Whole { entries, .. } if entries > 0)
}

#[test]
fn on_a_full_disk_sidecars_are_mended_and_what_was_done_is_written_down_later() {
    let disk = SmallDisk::mount(4 << 20);
    let layout = layout(disk.0.path());
    let owner = start(&layout, None);
    let client = owner.client();
    healthy(&client, None);
    let ballast = disk.fill();
    let before = actions(&layout).len();
    killed_and_restarted(&client);
    assert!(!client.autonomy(Some(false), By::name("test")).unwrap().on, "a flip works too");
    // The chain on the disk is whole as far as it goes; what is new waits.
    assert!(is_whole(&layout), "{:?}", audit::verify(&layout));
    assert_eq!(actions(&layout).len(), before);
    fs::remove_file(ballast).unwrap();
    until("what was done to be written down", || {
        let since = actions(&layout).split_off(before);
        let has = |wanted: &str| since.iter().any(|action| action == wanted);
        (has("gap") && has("restart") && has("autonomy")).then_some(())
    });
    assert!(is_whole(&layout), "{:?}", audit::verify(&layout));
    drop(owner);
    assert!(is_whole(&layout), "{:?}", audit::verify(&layout));
}

// Seen red: with a store that was never begun taken for one that cannot be read, whose switch is off.
#[test]
fn a_disk_that_is_full_from_the_beginning_keeps_nothing_from_being_supervised() {
    let disk = SmallDisk::mount(4 << 20);
    let layout = layout(disk.0.path());
    let ballast = disk.fill();
    let owner =
        Owner::start(Options { layout: layout.clone(), program: program(), environment: None, port: Ok(0) });
    // Without an endpoint nobody could reach it: that it says so is as good.
    match owner {
        Ok(owner) => killed_and_restarted(&owner.client()),
        Err(error) => assert!(error.to_string().contains("the studio and its songs are safe"), "{error}"),
    }
    fs::remove_file(ballast).unwrap();
    drop(start(&layout, None));
    assert!(is_whole(&layout), "{:?}", audit::verify(&layout));
}

#[test]
fn databases_that_another_program_holds_delay_no_healing() {
    // Seen red: with 5 s of patience for each turn at the store.
    let folder = tempfile::tempdir().unwrap();
    let layout = layout(folder.path());
    let owner = start(&layout, None);
    let client = owner.client();
    healthy(&client, None);
    let holders = [layout.events(), layout.audit()].map(|path| {
        let holder = Connection::open(path).unwrap();
        holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
        holder
    });
    let (_, took) = timed(|| killed_and_restarted(&client));
    // Each of them lasts a moment; SQLite's own patience of 5 s for each event would be a minute.
    assert!(took < Duration::from_secs(20), "{took:?}");
    for holder in holders {
        holder.execute_batch("ROLLBACK").unwrap();
    }
    until("what was done to be written down", || {
        actions(&layout).iter().any(|action| action == "gap").then_some(())
    });
    assert!(is_whole(&layout), "{:?}", audit::verify(&layout));
}

// Seen red: with a loop that never asks its store again.
#[test]
fn a_switch_that_cannot_be_read_counts_as_off_until_it_can() {
    for chosen in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let layout = layout(folder.path());
        start(&layout, None).client().autonomy(Some(chosen), By::name("test")).unwrap();
        let holder = Connection::open(layout.events()).unwrap();
        // Otherwise, with a log of what is to be written, whoever reads is let in.
        let alone =
            "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; INSERT INTO settings VALUES ('other', 'x')";
        holder.execute_batch(alone).unwrap();
        let owner = start(&layout, None);
        let client = owner.client();
        assert!(!client.autonomy(None, By::name("test")).unwrap().on);
        drop(holder);
        until("the history to be written", || {
            let written = Reader::open(&layout.events()).ok()?.events(&EventQuery::default()).ok()?;
            let begun = written.iter().filter(|event| matches!(event.what, What::Began)).count();
            (begun == 2).then_some(())
        });
        let switch = client.autonomy(None, By::name("test")).unwrap();
        assert_eq!((switch.on, switch.stored), (chosen, chosen));
    }
}

#[test]
fn damaged_databases_are_kept_aside_and_said_so() {
    // Seen red: with the damaged files removed.
    let folder = tempfile::tempdir().unwrap();
    let layout = layout(folder.path());
    drop(start(&layout, None));
    let aside = |which: &str| {
        let names = fs::read_dir(layout.folder()).unwrap().flatten();
        let mut names = names.filter_map(|file| file.file_name().into_string().ok());
        names.find(|name| name.starts_with(&format!("{which}.damaged-")) && name.ends_with(".db"))
    };
    assert_eq!((aside("events"), aside("audit")), (None, None));
    for path in [layout.events(), layout.audit()] {
        fs::write(path, "no database any more ".repeat(500)).unwrap();
    }
    let owner = start(&layout, None);
    killed_and_restarted(&owner.client());
    assert!(aside("events").is_some());
    let file = aside("audit");
    assert!(file.is_some());
    let damaged = Verdict::Tampered { seq: 1, kind: "damaged".to_owned(), file };
    assert_eq!(audit::verify(&layout), damaged);
    assert_eq!(owner.client().verify().unwrap(), damaged);
    assert_eq!(actions(&layout)[0], "began anew");
}

#[test]
fn a_switch_is_off_as_a_human_chose_also_when_the_file_that_held_it_is_damaged() {
    // Seen red: with the store's word alone (on, since nobody ever said).
    let folder = tempfile::tempdir().unwrap();
    let layout = layout(folder.path());
    start(&layout, None).client().autonomy(Some(false), By::name("test")).unwrap();
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", layout.events().display()));
    }
    fs::write(layout.events(), "no database any more ".repeat(500)).unwrap();
    for _ in 0..2 {
        let switch = start(&layout, None).client().autonomy(None, By::name("test")).unwrap();
        assert_eq!((switch.on, switch.stored), (false, false));
    }
}

#[test]
fn a_switch_that_neither_file_can_tell_counts_as_off_until_one_can() {
    // Seen red: with a trail that cannot be read taken for one that says nothing.
    for chosen in [Some(false), None] {
        let folder = tempfile::tempdir().unwrap();
        let layout = layout(folder.path());
        let owner = start(&layout, None);
        if let Some(on) = chosen {
            owner.client().autonomy(Some(on), By::name("test")).unwrap();
        }
        drop(owner);
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", layout.events().display()));
        }
        fs::write(layout.events(), "no database any more ".repeat(500)).unwrap();
        let holder = Connection::open(layout.audit()).unwrap();
        holder.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
        let owner = start(&layout, None);
        let client = owner.client();
        let switch = client.autonomy(None, By::name("test")).unwrap();
        assert!(!switch.on && !switch.stored, "{chosen:?}: {switch:?}");
        let coach = healthy(&client, None);
        signal(coach.pid.unwrap(), "KILL");
        until("what would be done to be withheld", || {
            let events = client.events(&EventQuery::default()).unwrap();
            events.iter().any(|event| matches!(event.what, What::Withheld { .. })).then_some(())
        });
        drop(holder);
        until("the trail to be written", || {
            let began = actions(&layout).iter().filter(|action| *action == "began").count();
            (began == 2).then_some(())
        });
        let on = chosen.unwrap_or(true);
        until("what was chosen to hold", || {
            let switch = client.autonomy(None, By::name("test")).unwrap();
            (switch.on == on && switch.stored == on).then_some(())
        });
    }
}

#[test]
fn databases_removed_while_the_owner_runs_are_noticed_begun_anew_and_told() {
    // Seen red: with a supervisor that does not look which files lie there.
    let owned = Owned::new(&ours("coach", ""));
    healthy(&owned.client, None);
    let folder = owned.layout.folder();
    for file in fs::read_dir(folder).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        if name.starts_with("events.db") || name.starts_with("audit.db") {
            fs::remove_file(file.path()).unwrap();
        }
    }
    until("a new trail", || (*actions(&owned.layout).first()? == "began anew").then_some(()));
    let tells = |name: &str, words: &str| {
        let all = owned.client.checks().unwrap();
        all.iter().any(|check| check.name == name && !check.ok && check.detail.contains(words))
    };
    until("both to be told", || {
        (tells("audit", "begun anew") && tells("database", "was removed")).then_some(())
    });
    until("humans to be called", || {
        let alerts = owned.client.alerts(false).unwrap();
        (alerts.iter().filter(|alert| alert.rule == "check_fails").count() == 2).then_some(())
    });
    assert_eq!(
        owned.client.verify().unwrap(),
        Verdict::Tampered { seq: 1, kind: "gone".to_owned(), file: None }
    );
    // It goes on in both.
    killed_and_restarted(&owned.client);
    assert!(actions(&owned.layout).iter().any(|action| action == "restart"));
    owned.event("the fall", |what| {
        matches!(what, What::Changed(change) if change.to == State::Down).then_some(())
    });
}

#[test]
fn a_port_that_is_another_s_is_left_to_it_and_the_endpoint_names_another() {
    // Seen red: with a taken port as the end of the start.
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let layout = layout(folder.path());
    let owner = Owner::start(Options {
        layout: layout.clone(),
        program: program(),
        environment: None,
        port: Ok(port),
    });
    let owner = owner.unwrap();
    assert_ne!(owner.port(), port);
    assert_eq!(Endpoint::read(&layout).unwrap().unwrap().port, owner.port());
    healthy(&owner.client(), None);
}

#[test]
fn what_is_done_is_audited_with_who_and_why() {
    // Seen red: with the reason of the fall left out.
    let owned = Owned::new(&ours("coach", ""));
    killed_and_restarted(&owned.client);
    let newest = owned.client.audit(100).unwrap();
    let said: Vec<String> = newest
        .iter()
        .map(|entry| {
            let record = &entry.record;
            format!("{} {} {} {}", record.by.who, record.action, record.target, record.reason)
        })
        .collect();
    for wanted in [
        "jarvis began jarvis",
        "jarvis restart coach whoever falls",
        "killed (signal 9)",
        "test restart coach",
    ] {
        assert!(said.iter().any(|line| line.contains(wanted)), "{wanted}: {said:#?}");
    }
    assert_eq!(audit::newest(&owned.layout, 1).unwrap().len(), 1);
    assert!(matches!(owned.client.verify().unwrap(), Verdict::Whole { .. }));
}
