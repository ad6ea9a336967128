//! A recording that is called by hand, into a song on a disk that can become full.

use std::path::PathBuf;
use std::sync::Arc;

use dawg_engine::Engine;
use dawg_engine::capture::{Punch, Recorded, Roll, RollRequest, take};
use dawg_engine::device::manual::{Hand, Manual};
use dawg_media::wav::SampleFormat;
use dawg_session::{
    Access, Document, Edit, Layout, Name, Opened, Session, SongId, Store, Tempo, Track, Transaction, now_ms,
};
use dawg_tests::{SmallDisk, torture};

/// It rolls from the song's start, with nothing recorded yet.
pub(crate) struct Recording {
    pub(crate) disk: SmallDisk,
    pub(crate) folder: PathBuf,
    pub(crate) store: Arc<Store>,
    pub(crate) document: Document,
    pub(crate) engine: Engine,
    pub(crate) hand: Hand,
    pub(crate) roll: Roll,
}

impl Recording {
    /// Of so many voices, all from the first input, on a disk of 8 MiB.
    pub(crate) fn begin(voices: usize) -> Self {
        let disk = SmallDisk::mount(8 << 20);
        let folder = disk.path().join("song.dawg");
        let audio = folder.join("audio");
        let session = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
        let store = Arc::new(Store::create(&folder, &session).unwrap());
        let mut document = Document::new(Arc::new(session.clone()));
        let mut song = torture::Song::of(session, &audio);
        let tracks = (0..voices).map(|number| song.track(&format!("Voice {number}"), Layout::MONO)).collect();
        let mut edits = Vec::new();
        for (at, track) in song.session.tracks.iter().enumerate() {
            let track = Track { input: "1".parse().unwrap(), ..Track::clone(track) };
            edits.push(Edit::AddTrack { track, at });
        }
        store.append(document.commit(transaction("Edit", edits), now_ms()).unwrap()).wait().unwrap();
        let (device, hand) = Manual::open(48_000);
        let mut engine = Engine::on_device(Arc::clone(document.session()), &audio, device).unwrap();
        let request = RollRequest {
            tracks,
            from: 0,
            punch: Punch::All(None),
            count_in: 0,
            latency: 0,
            format: SampleFormat::Int24,
        };
        let (roll, taps) = Roll::begin(document.session(), &store, &request).unwrap();
        engine.roll(Some(0), 0, Some(taps));
        Self { disk, folder, store, document, engine, hand, roll }
    }
}

/// Takes what was recorded into the song, as the program does, and opens it again.
pub(crate) fn take_in(
    store: Arc<Store>,
    mut document: Document,
    engine: Engine,
    recorded: &Recorded,
) -> Opened {
    let mut edits = Vec::new();
    for track in &recorded.tracks {
        edits.extend(take::edits(document.session(), &track.row).unwrap().edits);
    }
    let row = document.commit(transaction("Record", edits), now_ms()).unwrap();
    store.finish_captures(recorded.ids(), Some(row)).wait().unwrap();
    let folder = store.folder().to_owned();
    drop((engine, store));
    Store::open(&folder, Access::Write).unwrap()
}

fn transaction(label: &str, edits: Vec<Edit>) -> Transaction {
    Transaction { author: "test".into(), label: label.into(), edits }
}
