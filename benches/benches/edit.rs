//! One clip moved in a song of 100 tracks × 100 clips: apply, journal, compile, swap; each part, and all together.
//!
//! The store is a real one on the disk of the target folder: the journal's time ends when COMMIT has returned. The
//! swap is what `Engine::set_session` does after compiling (it waits for the first blocks at the playhead, then
//! sends), and the device call that installs the Plan. Both are timed while the song plays at the pace of a real
//! device: criterion would move thousands of clips a second, and keep the disk reader from its work.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a bench")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::Criterion;
use dawg_benches::timing::{self, Times};
use dawg_benches::tracks::{self, RATE};
use dawg_benches::{data, song};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_engine::{Compiler, Engine};
use dawg_media::cache::Slots;
use dawg_session::{Access, Document, Edit, Opened, Position, Session, Store, Transaction};

const TRACKS: usize = 100;
const CLIPS: usize = 100;
/// Frames that are played between two moves: a tenth of a second.
const PACE: usize = 4_800;
const FRAMES: usize = song::MIX_SECONDS * RATE as usize;

fn main() {
    let tracks_folder = data::folder().join("mix/in");
    tracks::make(&tracks_folder, TRACKS, FRAMES);
    let folder = data::folder().join("edit.dawg");
    let audio = song::store(&folder, &song::clips(TRACKS, FRAMES, CLIPS), &tracks_folder);
    let Opened { store, document, .. } = Store::open(&folder, Access::Write).unwrap();
    let first = Arc::clone(document.session());
    let (device, mut hand) = Manual::open(RATE);
    let mut engine = Engine::on_device(first, &audio, device).unwrap();
    engine.play(Some(0));
    hand.silence(256);
    let compiler = Compiler::new(audio, Slots::with_bytes(0), 1_024);
    let aside = Document::new(Arc::clone(document.session()));
    let mut desk = Desk { document, aside, store, engine, hand, compiler, moves: 0 };

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sample_size(20)
        .configure_from_args();
    let mut group = criterion.benchmark_group("edit");
    group.bench_function("apply", |bencher| {
        bencher.iter(|| desk.move_aside());
    });
    group.bench_function("journal", |bencher| {
        bencher.iter_custom(|moves| (0..moves).map(|_| desk.move_journalled().1).sum());
    });
    group.bench_function("compile", |bencher| {
        bencher.iter_custom(|moves| (0..moves).map(|_| desk.move_compiled()).sum());
    });
    group.finish();

    // Back to the song that is on disk.
    desk.compiler.compile(desk.document.session(), &[]).unwrap();
    desk.engine.set_session(Arc::clone(desk.document.session())).unwrap();
    desk.settle();
    let mut parts: [Times; 6] = Default::default();
    for _ in 0..if timing::quick() { 10 } else { 150 } {
        let times = desk.move_whole();
        parts.iter_mut().zip(times).for_each(|(part, time)| part.add(time));
    }
    println!("\n| one clip moved, {TRACKS} tracks × {CLIPS} clips | median | worst of 100 but one | worst |");
    println!("| --- | --- | --- | --- |");
    let names = [
        "apply",
        "journal (COMMIT)",
        "compile",
        "swap (prepare, send)",
        "install (device call of 256)",
        "all",
    ];
    names.iter().zip(&parts).for_each(|(name, part)| println!("| {name} {}", part.cells()));
    criterion.final_summary();
}

/// The song, and all that an Edit passes through.
struct Desk {
    document: Document,
    // The same song for the parts that need no disk.
    aside: Document,
    store: Store,
    engine: Engine,
    hand: Hand,
    // Beside the engine's own, to see compiling alone.
    compiler: Compiler,
    moves: usize,
}

impl Desk {
    /// Applies and journals a move; the time of each.
    fn move_journalled(&mut self) -> (Duration, Duration) {
        self.moves += 1;
        let transaction = next_move(self.document.session(), self.moves);
        let start = Instant::now();
        let row = self.document.commit(transaction, 0).unwrap();
        let applied = start.elapsed();
        self.store.append(row).wait().unwrap();
        (applied, start.elapsed() - applied)
    }

    /// Applies a move to the song beside, which has no store behind it.
    fn move_aside(&mut self) -> Arc<Session> {
        self.moves += 1;
        self.aside.commit(next_move(self.aside.session(), self.moves), 0).unwrap();
        Arc::clone(self.aside.session())
    }

    fn move_compiled(&mut self) -> Duration {
        let session = self.move_aside();
        let start = Instant::now();
        let installation = self.compiler.compile(&session, &[]).unwrap();
        let time = start.elapsed();
        drop(installation);
        time
    }

    /// All of it; apply, journal, compile, swap without compiling, install, and the sum.
    fn move_whole(&mut self) -> [Duration; 6] {
        let (apply, journal) = self.move_journalled();
        let session = Arc::clone(self.document.session());
        let mut start = Instant::now();
        let installation = self.compiler.compile(&session, &[]).unwrap();
        let compile = start.elapsed();
        drop(installation);
        start = Instant::now();
        self.engine.set_session(session).unwrap();
        let swap = start.elapsed();
        start = Instant::now();
        self.hand.silence(256);
        let install = start.elapsed();
        self.settle();
        [apply, journal, compile, swap.saturating_sub(compile), install, apply + journal + swap + install]
    }

    /// Plays on for a while at the pace of a real device, so that the fade from the Plan before ends, and goes back to the start before the song is over.
    fn settle(&mut self) {
        for _ in 0..PACE / 256 {
            timing::pause(Duration::from_secs_f64(256.0 / f64::from(RATE)));
            self.hand.silence(256);
        }
        self.engine.tick();
        if self.engine.vitals().position > (FRAMES / 2) as i64 {
            self.engine.play(Some(0));
            for _ in 0..4 {
                self.hand.silence(256);
            }
        }
    }
}

/// Move number `index`: a clip here and there, 10 ms to the right and, the next time, back.
fn next_move(session: &Session, index: usize) -> Transaction {
    let (place, back) = (index / 2 * 37, index % 2 == 1);
    let lane = &session.tracks[place % TRACKS].lanes[0];
    // Moved clips go on top of the stack, so the one that was moved last is the last one.
    let clip = if back { lane.clips.last() } else { lane.clips.get(place / TRACKS % (CLIPS - 1)) }.unwrap();
    let Position::Samples(start) = clip.start else { panic!("a clip in bars") };
    let start = Position::Samples(if back { start - 480 } else { start + 480 }.max(0));
    let edit = Edit::MoveClip { clip: clip.id, to: lane.id, start, at: None };
    Transaction { author: "bench".to_owned(), label: "Move clip".to_owned(), edits: vec![edit] }
}
