//! What a take costs on a track that has 2 takes, and on one that has 100: recording one more, opening the song, comping.
//!
//! Both songs are measured in turn, so that whatever else the machine does meets both. Files are not needed: nothing
//! here reads a sample (the comp is swiped, applied and compiled; its joints' shapes are given).
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dawg_benches::data;
use dawg_benches::timing::{self, Times};
use dawg_benches::tracks::RATE;
use dawg_engine::Compiler;
use dawg_engine::capture::take;
use dawg_media::cache::Slots;
use dawg_session::comp::pick;
use dawg_session::{
    Access, CaptureId, CaptureRow, Comp, CompId, Document, Edit, FadeShape, Joint, Lane, LaneId, Layout,
    MediaId, Name, Onward, Opened, Plays, Samples, Segment, Session, SongId, Store, Tempo, Track, TrackId,
    Transaction, TransportLog, apply_all,
};

const FEW: usize = 2;
const MANY: usize = 100;
/// Frames of a take: half a minute.
const FRAMES: i64 = 30 * RATE as i64;
/// Picks of the comp.
const PICKS: i64 = 20;

fn main() {
    let mut few = Song::with_takes("takes-few.dawg", FEW);
    let mut many = Song::with_takes("takes-many.dawg", MANY);
    let mut parts: [[Times; 2]; 5] = Default::default();
    for turn in 0..if timing::quick() { 5 } else { 200 } {
        for (side, song) in [&mut few, &mut many].into_iter().enumerate() {
            let [edits, commit, opening, swipe, compile] = &mut parts;
            song.record(&mut edits[side], &mut commit[side]);
            song.open(&mut opening[side]);
            song.comp(turn, &mut swipe[side], &mut compile[side]);
        }
    }
    println!("\n| a track with | {FEW} takes | {MANY} takes | ratio |");
    println!("| --- | --- | --- | --- |");
    let names = [
        "one more take: Edits, applied",
        "one more take: journal (COMMIT)",
        "open the song",
        "a swipe: Edit, applied",
        "a swipe: compiled",
    ];
    for (name, [few, many]) in names.iter().zip(&parts) {
        let (few, many) = (few.median().as_secs_f64() * 1e3, many.median().as_secs_f64() * 1e3);
        println!("| {name} | {few:.3} ms | {many:.3} ms | {:.2} |", many / few);
    }
}

/// A song of one track with so many takes, and a comp of some of them that plays.
struct Song {
    folder: PathBuf,
    session: Arc<Session>,
    compiler: Compiler,
}

impl Song {
    fn with_takes(name: &str, takes: usize) -> Self {
        let session = comped(&recorded(takes));
        let folder = data::folder().join(name);
        store(&folder, &session);
        let mut compiler = Compiler::new(PathBuf::from("/nowhere"), Slots::with_bytes(0), 1_024);
        compiler.compile(&session, &[]).unwrap();
        Self { folder, session: Arc::new(session), compiler }
    }

    /// One more take, which is then forgotten.
    fn record(&self, edits: &mut Times, commit: &mut Times) {
        let Opened { store, mut document, .. } = Store::open(&self.folder, Access::Write).unwrap();
        let row = capture(&self.session, "Next");
        let row = edits.time(|| {
            let edits = take::edits(document.session(), &row).unwrap().edits;
            commit_to(&mut document, edits)
        });
        commit.time(|| store.append(row).wait().unwrap());
        drop(document);
        store.close().unwrap();
        crate::store(&self.folder, &self.session);
    }

    /// From a snapshot.
    fn open(&self, times: &mut Times) {
        let opened = times.time(|| Store::open(&self.folder, Access::Write).unwrap());
        assert_eq!(opened.document.session().tracks[0].lanes.len(), self.session.tracks[0].lanes.len());
    }

    /// A swipe somewhere in the comp, which stays.
    fn comp(&mut self, turn: i64, swipe: &mut Times, compile: &mut Times) {
        let track = &self.session.tracks[0];
        let comp = track.playing_comp().unwrap();
        let at = turn * 7_919 % (FRAMES - i64::from(RATE));
        let lane = &track.lanes[turn as usize % FEW];
        let joint = Joint::usual(RATE, FadeShape::EqualPower);
        let next = swipe.time(|| {
            let edit = pick(comp, Samples(at), Samples(at + i64::from(RATE) / 4), lane, joint);
            apply_all(&self.session, &edit.into_iter().collect::<Vec<_>>()).unwrap().session
        });
        compile.time(|| self.compiler.compile(&next, &[]).unwrap());
        // Back, so that each swipe finds the same comp.
        self.compiler.compile(&self.session, &[]).unwrap();
    }
}

fn commit_to(document: &mut Document, edits: Vec<Edit>) -> dawg_session::Row {
    let transaction = Transaction { author: "bench".to_owned(), label: "Record".to_owned(), edits };
    document.commit(transaction, 0).unwrap()
}

/// The song in its folder, anew.
fn store(folder: &Path, session: &Session) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).unwrap();
    }
    Store::create(folder, session).unwrap().close().unwrap();
}

fn recorded(takes: usize) -> Session {
    let name = Name::new("Voice").unwrap();
    let lane = Lane::new(LaneId::fresh(), name.clone());
    let track = Track::with_lane(TrackId::fresh(), name.clone(), Layout::MONO, lane);
    let empty = Session::new(SongId::fresh(), name, RATE, Tempo::DEFAULT);
    let mut session = apply_all(&empty, &[Edit::AddTrack { track, at: 0 }]).unwrap().session;
    for number in 0..takes {
        let row = capture(&session, &format!("take {number}"));
        let edits = take::edits(&session, &row).unwrap().edits;
        session = apply_all(&session, &edits).unwrap().session;
    }
    session
}

/// A comp of short picks, of two takes in turn: the same whatever else there is.
fn comped(session: &Session) -> Session {
    let track = &session.tracks[0];
    let mut comp = Comp::new(CompId::fresh(), Name::new("Comp A").unwrap());
    let joint = Joint::usual(RATE, FadeShape::EqualPower);
    let each = FRAMES / PICKS;
    for number in 0..PICKS {
        let lane = &track.lanes[number as usize % FEW];
        let edit = pick(&comp, Samples(number * each), Samples((number + 1) * each), lane, joint);
        if let Some(Edit::SpliceComp { at, remove, insert, .. }) = edit {
            comp.picks.splice(at..at + remove, insert);
        }
    }
    let plays = Plays::Comp(comp.id);
    let edits = [Edit::AddComp { track: track.id, comp, at: 0 }, Edit::SetPlays { track: track.id, plays }];
    apply_all(session, &edits).unwrap().session
}

/// A capture of one pass, as the writer leaves it.
fn capture(session: &Session, name: &str) -> CaptureRow {
    CaptureRow {
        id: CaptureId::fresh(),
        track: session.tracks[0].id,
        media: MediaId::fresh(),
        file: format!("{name}.wav"),
        name: Name::new("Voice").unwrap(),
        rate: RATE,
        channels: 1,
        started_ms: 0,
        latency: 0,
        record_from: Some(0),
        record_to: Some(FRAMES),
        log: TransportLog {
            segments: vec![Segment { capture_frame: 0, song_position: 0, length: FRAMES }],
            punches: None,
            onward: Onward::Stopped,
        },
        frames: FRAMES,
    }
}
