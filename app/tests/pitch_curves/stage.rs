//! Songs with takes whose pitch is known, and what a desk does with curves.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use dawg_session::{
    Access, Clip, Edit, Lane, LaneId, Media, MediaId, Name, Plays, Position, Samples, Session, SongId, Take,
    Tempo,
};
use dawg_tests::signal;
use dawg_tests::sung::{Chance, Singer, Sung, noise};
use egui::Event;

use super::desk::Desk;

pub(crate) const RATE: u32 = 48_000;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A3, B3, C♯4, D4: a second each, with half a second of rest before.
pub(crate) fn scale() -> Vec<Sung> {
    [57.0, 59.0, 61.0, 62.0].into_iter().flat_map(|key| [Sung::rest(0.5), Sung::note(key, 1.0)]).collect()
}

/// A media of these samples in the song's folder.
pub(crate) fn media(song: &mut Session, folder: &Path, called: &str, planes: &[Vec<f32>]) -> Media {
    let id = MediaId::fresh();
    let file = format!("{id}.wav");
    let whole = |x: &f32| (x.clamp(-0.99, 0.99) * 8_388_607.0).round() / 8_388_608.0;
    let stored: Vec<Vec<f32>> = planes.iter().map(|plane| plane.iter().map(whole).collect()).collect();
    signal::write_wav_24(folder.join("audio").join(&file), RATE, &stored);
    let frames = Samples(planes[0].len() as i64);
    let channels = planes.len() as u16;
    let media = Media { id, file, name: name(called), sample_rate: RATE, channels, frames, hash: None };
    song.media.insert(id, Arc::new(media.clone()));
    media
}

pub(crate) fn at(media: &Media, start: Position) -> Clip {
    Clip { name: media.name.clone(), ..whole_clip(media, start) }
}

/// One track with one take that sings these notes, from the song's start on.
pub(crate) fn melody(folder: &Path, notes: &[Sung]) -> Session {
    voice(folder, Singer::plain(RATE).melody(notes).samples)
}

fn voice(folder: &Path, samples: Vec<f32>) -> Session {
    let mut song = Session::new(SongId::fresh(), name("Scale"), RATE, Tempo::from_bpm(120.0).unwrap());
    let media = media(&mut song, folder, "Take 1", &[samples]);
    let mut track = new_track(name("Voice"), layout_for(1), 0, Vec::new());
    let mut lane = Lane::new(LaneId::fresh(), name("Take 1"));
    lane.clips.push(Arc::new(at(&media, Position::Samples(0))));
    lane.take = Some(Take { number: 1, at_ms: 1_700_000_000_000 });
    track.plays = Plays::Lane(lane.id);
    track.lanes = vec![Arc::new(lane)];
    song.tracks.push(Arc::new(track));
    song
}

/// The same sung so many times over.
pub(crate) fn repeated(folder: &Path, times: usize) -> Session {
    let once = Singer::plain(RATE).melody(&scale()).samples;
    voice(folder, once.repeat(times))
}

/// The same beside a beat on a track of its own.
pub(crate) fn with_beat(folder: &Path, notes: &[Sung]) -> Session {
    let mut song = melody(folder, notes);
    let beat = noise::beat(4 * RATE as usize, RATE, false, &mut Chance::named(1, "beat"));
    let beat = media(&mut song, folder, "Beat", &[beat]);
    let track = new_track(name("Beat"), layout_for(1), 1, vec![at(&beat, Position::Samples(0))]);
    song.tracks.push(Arc::new(track));
    song
}

/// Two takes of it.
pub(crate) fn twice(folder: &Path, notes: &[Sung]) -> Session {
    let mut song = melody(folder, notes);
    let second = media(&mut song, folder, "Take 2", &[Singer::plain(RATE).melody(notes).samples]);
    let mut track = (*song.tracks[0]).clone();
    let mut lane = Lane::new(LaneId::fresh(), name("Take 2"));
    lane.clips.push(Arc::new(at(&second, Position::Samples(0))));
    lane.take = Some(Take { number: 2, at_ms: 1_700_000_060_000 });
    track.lanes.push(Arc::new(lane));
    track.shows_lanes = true;
    song.tracks[0] = Arc::new(track);
    song
}

/// What a desk does with curves.
pub(crate) trait Curves {
    /// Shows them, and waits until the first track's are there.
    fn show_curves(&mut self);
    /// Waits until the curves of the first track are there.
    fn until_known(&mut self);
    /// Where the curve of the song's first media lies.
    fn pitch_file(&self) -> PathBuf;
    fn edit(&mut self, edit: Edit);
    /// Closes the song, and says where it lies.
    fn close(&mut self) -> PathBuf;
    /// Opens it again.
    fn open_again(&mut self, folder: PathBuf, access: Access);
    /// What the pointer reads in the first track, so many seconds from the song's start.
    fn read_at(&mut self, seconds: f64) -> Vec<String>;
}

impl Curves for Desk {
    fn show_curves(&mut self) {
        if !self.window.state().view().panels.curves {
            self.command(Command::ToggleCurves);
        }
        self.until_known();
    }

    fn until_known(&mut self) {
        let song = self.song();
        let media: Vec<MediaId> =
            song.tracks[0].lanes.iter().flat_map(|lane| &lane.clips).map(|clip| clip.media).collect();
        self.until("all curves are there", |shell| {
            media.iter().all(|media| shell.studio().pitches().known(*media).is_some())
        });
        self.window.run_steps(3);
    }

    fn pitch_file(&self) -> PathBuf {
        let song = self.song();
        let media = song.media.keys().next().unwrap().to_string();
        dawg_media::pitch::file_for(&self.window.state().studio().work().unwrap().peaks_folder(), &media)
    }

    fn edit(&mut self, edit: Edit) {
        let label = "Test".to_owned();
        self.window.state_mut().perform(Action::Edit { label, edits: vec![edit] });
        self.window.run_steps(3);
    }

    fn close(&mut self) -> PathBuf {
        let folder = self.window.state().studio().work().unwrap().folder().to_owned();
        self.command(Command::CloseSong);
        self.until("it is closed", |shell| {
            shell.studio().work().is_none() && !shell.studio().jobs().at_work()
        });
        folder
    }

    fn open_again(&mut self, folder: PathBuf, access: Access) {
        self.window.state_mut().perform(Action::Open { folder, access });
        self.until("it is open again", |shell| shell.studio().work().is_some());
        self.window.run_steps(3);
    }

    fn read_at(&mut self, seconds: f64) -> Vec<String> {
        let place = self.at((seconds * f64::from(RATE)) as i64, None, 0.55);
        self.window.event(Event::PointerMoved(place));
        self.window.run_steps(3);
        let painted = painted(self);
        let first = painted.iter().position(|text| text.ends_with(" sure") || text.ends_with("no voice"));
        let first = first.unwrap_or_else(|| panic!("nothing is read at {seconds} s: {painted:?}"));
        let is_of_note = |text: &&String| text.contains(" of it in tune") || text.contains(" · drift ");
        let more = painted[first + 1..].iter().take_while(is_of_note);
        std::iter::once(&painted[first]).chain(more).cloned().collect()
    }
}

/// What is painted in the window, as texts.
fn painted(desk: &Desk) -> Vec<String> {
    fn texts(shape: &egui::Shape, out: &mut Vec<String>) {
        match shape {
            egui::Shape::Text(text) => out.push(text.galley.text().to_owned()),
            egui::Shape::Vec(shapes) => shapes.iter().for_each(|shape| texts(shape, out)),
            _ => {}
        }
    }
    let mut out = Vec::new();
    desk.window.output().shapes.iter().for_each(|clipped| texts(&clipped.shape, &mut out));
    out
}
