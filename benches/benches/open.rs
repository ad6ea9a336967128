//! Opening a song of 10,000 clips, and compiling its first Plan.
//!
//! From a snapshot; by replay of 100 rows that add a track with 100 clips each (never more than 200 rows lie behind
//! a snapshot); and from a snapshot at the end of a history of 10,000 single steps.
#![allow(clippy::unwrap_used, reason = "a bench")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use criterion::Criterion;
use dawg_benches::song::Builder;
use dawg_benches::{data, song};
use dawg_engine::Compiler;
use dawg_media::cache::Slots;
use dawg_session::{Access, Document, Edit, Opened, Session, Store, Transaction};

const TRACKS: usize = 100;
const CLIPS: usize = 100;
const FRAMES: usize = 2_880_000;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(4))
        .sample_size(10)
        .configure_from_args();
    let session = song::clips(TRACKS, FRAMES, CLIPS);
    let mut group = criterion.benchmark_group("open 10,000 clips");
    let snapshot = fresh("open-snapshot.dawg");
    Store::create(&snapshot, &session).unwrap().close().unwrap();
    let replay =
        from_rows("open-replay.dawg", false, |index| vec![Builder::track(index, FRAMES, CLIPS).edits]);
    let history = from_rows("open-history.dawg", true, |index| {
        let edits = Builder::track(index, FRAMES, CLIPS).edits;
        let (track, clips) = edits.split_at(2);
        std::iter::once(track.to_vec()).chain(clips.iter().map(|clip| vec![clip.clone()])).collect()
    });
    for (name, folder, rows) in [
        ("snapshot", &snapshot, 0),
        ("replay of 100 rows", &replay, 100),
        ("snapshot, 10,100 steps", &history, 0),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| open(folder, rows)).sum());
        });
    }
    group.bench_function("first Plan", |bencher| {
        bencher.iter_custom(|times| (0..times).map(|_| first_plan(&session)).sum());
    });
    group.finish();
    criterion.final_summary();
}

/// The time to open a song for writing. It is left without a snapshot, so that the next time is the same.
fn open(folder: &Path, rows: usize) -> Duration {
    let start = Instant::now();
    let Opened { store, document, report, .. } = Store::open(folder, Access::Write).unwrap();
    let time = start.elapsed();
    assert_eq!(report.replayed, rows);
    assert_eq!(document.session().clips().count(), TRACKS * CLIPS);
    drop(document);
    drop(store);
    time
}

fn first_plan(session: &Session) -> Duration {
    let mut compiler = Compiler::new(PathBuf::from("/nowhere"), Slots::with_bytes(0), 1_024);
    let start = Instant::now();
    let installation = compiler.compile(session, &[]).unwrap();
    let time = start.elapsed();
    let voices = installation.plan.timelines().flat_map(|timeline| timeline.voices());
    let pieces = voices.map(|voice| voice.between(i64::MIN, i64::MAX).len()).sum::<usize>();
    assert_eq!(pieces, TRACKS * CLIPS);
    time
}

fn fresh(name: &str) -> PathBuf {
    let folder = data::folder().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    folder
}

/// A song whose tracks are added by the transactions that `of_track` gives for each; closed with a snapshot or not.
fn from_rows(name: &str, snapshot: bool, of_track: impl Fn(usize) -> Vec<Vec<Edit>>) -> PathBuf {
    let folder = fresh(name);
    let empty = Builder::new().session;
    Store::create(&folder, &empty).unwrap().close().unwrap();
    let Opened { store, mut document, .. } = Store::open(&folder, Access::Write).unwrap();
    let rows = (0..TRACKS).flat_map(of_track).map(|edits| commit(&mut document, edits));
    store.append_all(rows.collect()).wait().unwrap();
    if snapshot {
        store.close().unwrap();
    }
    folder
}

fn commit(document: &mut Document, edits: Vec<Edit>) -> dawg_session::Row {
    let transaction = Transaction { author: "bench".to_owned(), label: "Add".to_owned(), edits };
    document.commit(transaction, 0).unwrap()
}
