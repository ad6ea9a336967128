//! Live pitch on its way to the window: through the sound thread to the studio, for who is shown and nobody else, while a
//! recording runs, and on the device that comes after this one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(dead_code, reason = "the desk is shared")]

#[path = "recording/desk.rs"]
mod desk;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ai_dawg::intake::new_track;
use ai_dawg::sound::{DeviceChoice, SoundCommand};
use ai_dawg::studio::Studio;
use ai_dawg::studio::action::Action;
use ai_dawg::studio::preferences::Preferences;
use ai_dawg::studio::view::View;
use dawg_engine::capture::Punch;
use dawg_engine::device::Host;
use dawg_engine::pitch::Heard;
use dawg_session::{Access, Edit, Input, Layout, Name, Session, SongId, Store, Tempo, TrackId};
use dawg_tests::signal;
use dawg_tests::sung::{Singer, Sung};
use desk::{Desk, LIMIT, Mic};

/// An A3 that is held, in 24 bits.
fn held() -> Mic {
    let sung = Singer::plain(48_000).melody(&[Sung::note(57.0, 10.0)]).samples;
    let steps = f32::from(1_u16 << 15) * 256.0;
    Mic::Sung(sung.iter().map(|sample| (sample * steps).round() / steps).collect())
}

/// What comes of the voice until so many estimates were voiced.
fn voiced(desk: &mut Desk, wanted: usize) -> Vec<Heard> {
    let (mut heard, voice) = (Vec::<Heard>::new(), desk.voice);
    let start = Instant::now();
    while heard.iter().filter(|heard| heard.estimate.voiced).count() < wanted {
        assert!(start.elapsed() < LIMIT, "waited in vain: {} heard", heard.len());
        desk.block();
        heard.extend(desk.sound.pitch().into_iter().filter(|(of, _)| *of == voice).map(|(_, heard)| heard));
        std::thread::park_timeout(Duration::from_millis(2));
    }
    heard
}

fn in_tune(heard: &[Heard]) -> bool {
    let voiced = heard.iter().filter(|heard| heard.estimate.voiced);
    voiced.skip(20).all(|heard| (1_200.0 * (heard.estimate.frequency / 220.0).log2()).abs() < 15.0)
}

// Seen red: with the captures passed over while somebody is followed.
#[test]
fn a_recording_loses_nothing_while_it_is_followed() {
    let mut desk = Desk::open(held());
    desk.send(SoundCommand::FollowPitch(vec![desk.voice]));
    desk.roll(Punch::All(None));
    desk.until("rolling", |_, readout| readout.playhead.rolling);
    let heard = voiced(&mut desk, 300);
    assert!(in_tune(&heard));
    assert!(heard.iter().any(|heard| heard.rolling && heard.position > 12_000), "{:?}", heard.last());
    desk.send(SoundCommand::Stop);
    desk.until("the take", |desk, _| desk.recorded().is_some());
    assert_eq!(desk.recorded().unwrap().tracks[0].lost, 0);
    let takes = desk.takes();
    let [(_, samples)] = &takes[..] else { panic!("{} takes", takes.len()) };
    let Mic::Sung(sung) = &desk.mic else { panic!() };
    let at = signal::find(&samples[..9_600], sung).unwrap();
    assert!(samples[..] == sung[at..at + samples.len()], "a sample differs");
}

// Seen red: with a device that is opened not told whom to follow.
#[test]
fn the_next_device_is_followed_too_and_nobody_when_nobody_is_shown() {
    let mut desk = Desk::open(held());
    desk.send(SoundCommand::FollowPitch(vec![desk.voice]));
    assert!(in_tune(&voiced(&mut desk, 100)));
    desk.send(SoundCommand::Device(DeviceChoice::default()));
    desk.hand = desk.hands.recv_timeout(LIMIT).unwrap();
    desk.sound.pitch();
    let heard = voiced(&mut desk, 100);
    assert!(in_tune(&heard) && heard[0].estimate.number < 100, "{:?}", heard[0]);
    desk.send(SoundCommand::FollowPitch(Vec::new()));
    let start = Instant::now();
    let mut quiet = Instant::now();
    while quiet.elapsed() < Duration::from_millis(200) {
        assert!(start.elapsed() < LIMIT, "it is still followed");
        desk.block();
        std::thread::park_timeout(Duration::from_millis(2));
        if !desk.sound.pitch().is_empty() {
            quiet = Instant::now();
        }
    }
}

/// A studio on the timer, with a song of three tracks: the inputs 1, 2, and none.
struct Room {
    studio: Studio,
    view: View,
    home: tempfile::TempDir,
}

impl Room {
    fn open() -> (Self, Vec<TrackId>) {
        let home = tempfile::tempdir().unwrap();
        let device = DeviceChoice { host: Some(Host::Timer), ..DeviceChoice::default() };
        let preferences = Preferences { device, toured: true, ..Preferences::default() };
        let studio = Studio::start(preferences, home.path().join("data"), Arc::new(|| {})).unwrap();
        let mut room = Self { studio, view: View::default(), home };
        let folder = room.song();
        room.studio.perform(Action::Open { folder, access: Access::Write }, &mut room.view);
        room.until("opens", |room| room.studio.session().is_some());
        let tracks = room.studio.session().unwrap().tracks.iter().map(|track| track.id).collect();
        (room, tracks)
    }

    fn song(&self) -> PathBuf {
        let mut song = Session::new(SongId::fresh(), Name::new("Song").unwrap(), 48_000, Tempo::DEFAULT);
        for (row, input) in ["1", "2", "none"].iter().enumerate() {
            let name = Name::new(&format!("Track {row}")).unwrap();
            let mut track = new_track(name, Layout::MONO, row, Vec::new());
            (track.input, track.arm) = (input.parse::<Input>().unwrap(), false);
            song.tracks.push(Arc::new(track));
        }
        let folder = self.home.path().join("song.dawg");
        Store::create(&folder, &song).unwrap().close().unwrap();
        folder
    }

    fn arm(&mut self, track: TrackId, arm: bool) {
        let edits = vec![Edit::SetTrackArm { track, arm }];
        self.studio.perform(Action::Edit { label: "Arm".to_owned(), edits }, &mut self.view);
    }

    fn frame(&mut self) {
        self.studio.poll(&mut self.view);
        self.studio.follow_pitch(std::iter::once(&self.view));
    }

    #[track_caller]
    fn until(&mut self, what: &str, wanted: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !wanted(self) {
            assert!(start.elapsed() < LIMIT, "waited in vain: {what}. {:?}", self.studio.notices().list());
            self.frame();
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    fn followed(&mut self) -> Vec<TrackId> {
        self.frame();
        self.studio.live_pitch().followed().to_vec()
    }
}

// Seen red: with what was sung kept when a track is let go.
#[test]
fn the_armed_and_the_chosen_are_followed_while_the_drawer_is_open() {
    let (mut room, tracks) = Room::open();
    room.view.selection.track = Some(tracks[0]);
    assert!(room.followed().is_empty(), "nobody looks");
    assert_eq!(room.studio.pitch_track(&room.view), Some(tracks[0]));
    room.view.panels.drawer_open = true;
    assert_eq!(room.followed(), tracks[..1]);
    room.until("something heard", |room| {
        let sung = room.studio.live_pitch().of(tracks[0]);
        sung.is_some_and(|sung| sung.heard.len() > 20 && sung.heard[0].estimate.number == 0)
    });

    room.view.selection.track = Some(tracks[2]);
    assert!(room.followed().is_empty(), "it has no input");
    assert!(room.studio.live_pitch().of(tracks[0]).is_none(), "what is not followed is forgotten");
    assert_eq!(room.studio.pitch_track(&room.view), None);
    room.arm(tracks[1], true);
    assert_eq!(room.followed(), tracks[1..2]);
    assert_eq!(room.studio.pitch_track(&room.view), Some(tracks[1]));
    room.view.selection.track = Some(tracks[0]);
    let mut both = tracks[..2].to_vec();
    both.sort_unstable();
    assert_eq!(room.followed(), both);
    room.until("both heard", |room| both.iter().all(|track| room.studio.live_pitch().of(*track).is_some()));
    room.view.panels.drawer_open = false;
    assert!(room.followed().is_empty());
    room.until("nothing more", |room| both.iter().all(|track| room.studio.live_pitch().of(*track).is_none()));
}
