//! A window without a display on a song with takes: the verse of the sketch.

#[path = "../common/desk.rs"]
mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{
    Clip, Comp, CompId, FadeShape, Joint, Lane, LaneId, Media, MediaId, Pick, Plays, Position, Samples,
    Session, SongId, Take, Tempo, Track,
};
use dawg_tests::signal;
use egui::{Key, Modifiers, Pos2, pos2};

use common::name;
pub(crate) use common::{Desk, RATE};

/// How long it waits for anything.
const LIMIT: Duration = Duration::from_secs(30);
/// How long no waveform has come when none comes any more.
const QUIET: Duration = Duration::from_millis(600);
/// Frames of a bar at 92 beats a minute.
pub(crate) const BAR: usize = 125_217;

pub(crate) fn bar(number: i64) -> Position {
    Position::Ticks((number - 1) * 7_680)
}

/// The song frame of a bar.
pub(crate) fn frame(song: &Session, number: i64) -> i64 {
    song.tempo_map.to_samples(bar(number), RATE).0
}

/// A sung phrase every `period` frames, of uneven lengths and strengths.
fn sung(frames: usize, period: usize, seed: u32) -> Vec<f32> {
    let noise = signal::distinct(frames, seed);
    let at = |n: usize| {
        let phrase = (n + seed as usize * 31_007) / period;
        let t = ((n + seed as usize * 31_007) % period) as f32 / period as f32;
        let length = 0.55 + 0.3 * ((phrase as f32 * 2.7 + seed as f32).sin() * 0.5 + 0.5);
        let strength = 0.55 + 0.45 * ((phrase as f32 * 1.3 + seed as f32 * 0.7).sin() * 0.5 + 0.5);
        let t = t / length;
        let swell = if t < 1.0 { (t * 5.0).min(1.0) * (1.0 - t).powf(0.45) } else { 0.004 };
        let syllables = 0.72 + 0.28 * (n as f32 / 5_200.0 + seed as f32).sin();
        strength * swell * syllables
    };
    let whole = |x: f32| (x * 8_388_607.0).round() / 8_388_608.0;
    noise.iter().enumerate().map(|(n, x)| whole(x * 0.92 * at(n))).collect()
}

fn media(song: &mut Session, folder: &Path, called: &str, planes: &[Vec<f32>]) -> Media {
    let id = MediaId::fresh();
    let file = format!("{id}.wav");
    signal::write_wav_24(folder.join("audio").join(&file), RATE, planes);
    let frames = Samples(planes[0].len() as i64);
    let channels = planes.len() as u16;
    let media = Media { id, file, name: name(called), sample_rate: RATE, channels, frames, hash: None };
    song.media.insert(id, Arc::new(media.clone()));
    media
}

fn at(media: &Media, start: Position) -> Clip {
    Clip { name: media.name.clone(), ..whole_clip(media, start) }
}

/// Four takes of bars 5 to 13 in a comp, doubles, a beat, an 808 and keys.
pub(crate) fn verse(folder: &Path) -> Session {
    let mut song =
        Session::new(SongId::fresh(), name("Midnight Verse"), RATE, Tempo::from_bpm(92.0).unwrap());
    let lead = lead(&mut song, folder);
    song.tracks.push(Arc::new(lead));
    type Clips = &'static [(&'static str, i64, usize, usize)];
    let tracks: [(&str, u16, Clips); 4] = [
        ("Doubles", 1, &[("Double L", 5, 3, 2), ("Double R", 10, 3, 2)]),
        ("Beat", 2, &[("Trap 92 · variation 1", 1, 8, 8), ("Trap 92 · variation 2", 9, 8, 8)]),
        ("808", 1, &[("808", 5, 8, 2), ("808", 13, 4, 2)]),
        ("Keys", 2, &[("Keys · F♯ minor", 1, 12, 1), ("Keys · F♯ minor", 13, 4, 1)]),
    ];
    for (row, (track, channels, clips)) in tracks.into_iter().enumerate() {
        let mut placed = Vec::new();
        for (called, start, bars, per_bar) in clips {
            let planes: Vec<_> = (0..u32::from(channels))
                .map(|c| sung(BAR * bars, BAR / per_bar, 20 + c + row as u32))
                .collect();
            let media = media(&mut song, folder, called, &planes);
            placed.push(at(&media, bar(*start)));
        }
        song.tracks.push(Arc::new(new_track(name(track), layout_for(channels), row + 1, placed)));
    }
    song.loop_range = dawg_session::LoopRange { on: true, start: bar(5), end: bar(13) };
    song
}

fn lead(song: &mut Session, folder: &Path) -> Track {
    let mut track = new_track(name("Lead vocal"), layout_for(1), 0, Vec::new());
    track.lanes.clear();
    for number in (1..=4u32).rev() {
        let called = format!("Take {number}");
        let media = media(song, folder, &called, &[sung(BAR * 8, BAR * 2, number)]);
        let mut lane = Lane::new(LaneId::fresh(), name(&called));
        lane.clips.push(Arc::new(at(&media, bar(5))));
        lane.take = Some(Take { number, at_ms: 1_700_000_000_000 + i64::from(number) * 60_000 });
        lane.rating = [0, 2, 4, 3, 5][number as usize];
        track.lanes.push(Arc::new(lane));
    }
    let mut comp = Comp::new(CompId::fresh(), name("Comp A"));
    // Bar and beat at which each part starts, and its lane from the top.
    for (n, (start, end, lane)) in
        [(5, 7, 0usize), (7, 9, 2), (9, 11, 3), (11, 13, 2)].into_iter().enumerate()
    {
        let (start, end) = (Samples(frame(song, start)), Samples(frame(song, end)));
        let start = if n == 0 { start } else { start + Samples(BAR as i64 / 8) };
        let end = if n == 3 { end } else { end + Samples(BAR as i64 / 8) };
        let lane = &track.lanes[lane];
        let joint = Joint::usual(RATE, FadeShape::EqualPower);
        comp.picks.push(Pick { start, end, lane: lane.id, name: lane.name.clone(), joint });
    }
    track.plays = Plays::Comp(comp.id);
    track.comps.push(Arc::new(comp));
    track.shows_lanes = true;
    track
}

impl Desk {
    /// With the first track selected.
    pub(crate) fn open(size: [f32; 2], theme: Theme, make: impl FnOnce(&Path) -> Session) -> Self {
        let mut desk = Self::on(size, 1.0, theme, make);
        let track = desk.song().tracks[0].id;
        desk.window.state_mut().view_mut().selection.track = Some(track);
        desk
    }

    pub(crate) fn verse() -> Self {
        Self::open([1_280.0, 720.0], Theme::Dark, verse)
    }

    /// As it is committed.
    pub(crate) fn committed(&self) -> Arc<Session> {
        Arc::clone(self.window.state().studio().work().unwrap().committed())
    }

    /// What the lead vocal's comp plays, in words: take and bars.
    pub(crate) fn comp(&self) -> Vec<(String, i64, i64)> {
        let song = self.committed();
        let comp = song.tracks[0].playing_comp().unwrap();
        let bars = |x: Samples| ((x.0 as f64 / BAR as f64 * 8.0).round() as i64) + 8;
        comp.picks.iter().map(|pick| (pick.name.to_string(), bars(pick.start), bars(pick.end))).collect()
    }

    /// The point of a song frame in a lane of the lead vocal (none: in its own row), at a height within the row.
    pub(crate) fn at(&self, frame: i64, lane: Option<usize>, part: f32) -> Pos2 {
        let view = self.window.state().view();
        let timeline = &view.timeline;
        let rows = view.arrange.rows();
        let row = lane.map_or_else(|| rows.of(0), |lane| rows.of_lane(0, lane)).unwrap();
        let y = timeline.lanes.top() - timeline.top + row.top + part * row.height;
        pos2(timeline.lanes.left() + timeline.x(frame), y)
    }

    pub(crate) fn bar(&self, number: i64) -> i64 {
        frame(&self.song(), number)
    }

    pub(crate) fn label(&self) -> String {
        let work = self.window.state().studio().work().unwrap();
        work.document().can_undo().unwrap_or_default().to_owned()
    }

    pub(crate) fn drop(&mut self, at: Pos2) {
        self.button(at, false);
        self.window.run_steps(3);
        self.until("the swipe is done", |shell| !shell.studio().is_swiping());
    }

    pub(crate) fn click(&mut self, at: Pos2) {
        self.press(at);
        self.drop(at);
    }

    /// A key, and what comes of it.
    pub(crate) fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.window.key_press_modifiers(modifiers, key);
        self.window.run_steps(3);
        self.until("the swipe is done", |shell| !shell.studio().is_swiping());
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.window.state_mut().perform(Action::Command(command));
        self.window.run_steps(3);
    }

    pub(crate) fn picture(&mut self, what: &str) {
        self.save(&format!("lanes-{what}"));
    }
}
