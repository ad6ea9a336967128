//! A song as in the sketch, and a window on it.

#[path = "../common/desk.rs"]
mod common;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ai_dawg::intake::{layout_for, new_track, whole_clip};
use ai_dawg::studio::action::Action;
use ai_dawg::studio::command::Command;
use ai_dawg::studio::preferences::Theme;
use dawg_session::{Clip, Fade, FadeShape, Gain, Media, MediaId, Position, Samples, Session, SongId, Tempo};
use dawg_tests::signal;
use egui::{Pos2, pos2};

pub(crate) use common::{Desk, RATE, name};

/// How long it waits for anything.
const LIMIT: Duration = Duration::from_secs(20);
/// How long no waveform has come when none comes any more.
const QUIET: Duration = Duration::from_millis(400);

/// Phrases that swell and fall: what a voice or a beat looks like from afar.
pub(crate) fn phrases(frames: usize, period: usize, seed: u32) -> Vec<f32> {
    let noise = signal::distinct(frames, seed);
    let shape = |n: usize| {
        let t = (n % period) as f32 / period as f32;
        let swell = (t * 3.3).min(1.0) * (1.0 - t).max(0.0).powf(0.7);
        if t > 0.82 { 0.01 } else { swell * (0.75 + 0.25 * ((n / period) as f32 * 2.1).sin()) }
    };
    noise
        .iter()
        .enumerate()
        .map(|(n, x)| ((x * 0.9 * shape(n)) * 8_388_607.0).round() / 8_388_608.0)
        .collect()
}

/// The song of the sketch, as far as its parts exist: six tracks with audio, fades, gain, a muted and a missing clip.
pub(crate) fn verse(folder: &Path) -> Session {
    let mut song =
        Session::new(SongId::fresh(), name("Midnight Verse"), RATE, Tempo::from_bpm(92.0).unwrap());
    let bar = 125_217usize;
    let ticks = |bar: i64| Position::Ticks((bar - 1) * 7_680);
    // Track, channels, clips: (name, bar, bars, phrases a bar).
    type Clips = &'static [(&'static str, i64, usize, usize)];
    let tracks: [(&str, u16, Clips); 6] = [
        ("Lead vocal", 1, &[("Comp A", 5, 8, 1), ("Take 5", 14, 3, 1)]),
        ("Doubles", 1, &[("Double L", 5, 3, 2), ("Double R", 10, 3, 2)]),
        ("Beat", 2, &[("Trap 92 · variation 1", 1, 8, 4), ("Trap 92 · variation 2", 9, 8, 4)]),
        ("808", 1, &[("808", 5, 8, 2), ("808", 13, 4, 2)]),
        ("Keys", 2, &[("Keys · F♯ minor", 1, 12, 1), ("Keys · F♯ minor", 13, 4, 1)]),
        ("Ad libs", 1, &[("Ad lib far too long a name for so short a clip", 7, 1, 3), ("Lost", 12, 3, 1)]),
    ];
    for (row, (track, channels, clips)) in tracks.into_iter().enumerate() {
        let mut placed = Vec::new();
        for (n, (clip, at, bars, per_bar)) in clips.iter().enumerate() {
            let frames = bar * bars;
            let media = Media {
                id: MediaId::fresh(),
                file: format!("{row}-{n}.wav"),
                name: name(clip),
                sample_rate: RATE,
                channels,
                frames: Samples(frames as i64),
                hash: None,
            };
            if *clip != "Lost" {
                let planes: Vec<_> = (0..channels)
                    .map(|c| phrases(frames, bar / per_bar, 7 + u32::from(c) + row as u32))
                    .collect();
                signal::write_wav_24(folder.join("audio").join(&media.file), RATE, &planes);
            }
            let mut clip = whole_clip(&media, ticks(*at));
            clip.name = media.name.clone();
            song.media.insert(media.id, Arc::new(media));
            placed.push(clip);
        }
        song.tracks.push(Arc::new(new_track(name(track), layout_for(channels), row, placed)));
    }
    let clip = |song: &mut Session, row: usize, n: usize, change: &dyn Fn(&mut Clip)| {
        let track = Arc::make_mut(&mut song.tracks[row]);
        let lane = Arc::make_mut(&mut track.lanes[0]);
        change(Arc::make_mut(&mut lane.clips[n]));
    };
    let fade = |frames| Fade { length: Samples(frames), shape: FadeShape::EqualPower };
    clip(&mut song, 0, 0, &|clip| (clip.fade_in, clip.fade_out) = (fade(60_000), fade(160_000)));
    clip(&mut song, 1, 1, &|clip| clip.mute = true);
    clip(&mut song, 3, 1, &|clip| clip.gain = Gain::new(0.6).unwrap());
    song.loop_range = dawg_session::LoopRange { on: true, start: ticks(5), end: ticks(13) };
    song
}

impl Desk {
    pub(crate) fn verse() -> Self {
        Self::on([1_280.0, 720.0], 1.0, Theme::Dark, verse)
    }

    pub(crate) fn clip(&self, row: usize, n: usize) -> Clip {
        Clip::clone(&self.song().tracks[row].playing().unwrap().clips[n])
    }

    pub(crate) fn start(&self, row: usize, n: usize) -> i64 {
        let song = self.song();
        self.clip(row, n).span(&song.tempo_map, RATE).0
    }

    /// The point of a song frame, at a height within a row.
    pub(crate) fn at(&self, frame: i64, row: usize, part: f32) -> Pos2 {
        let view = self.window.state().view();
        let timeline = &view.timeline;
        let y = timeline.lanes.top() - timeline.top + (row as f32 + part) * view.panels.track_height;
        pos2(timeline.lanes.left() + timeline.x(frame), y)
    }

    pub(crate) fn drop(&mut self, at: Pos2) {
        self.button(at, false);
        self.window.run_steps(2);
    }

    pub(crate) fn command(&mut self, command: Command) {
        self.window.state_mut().perform(Action::Command(command));
        self.window.run_steps(2);
    }

    pub(crate) fn picture(&mut self, what: &str) {
        self.save(&format!("arrange-{what}"));
    }
}

/// A clip upon another's start, and one in the middle of another.
pub(crate) fn stacked(folder: &Path) -> Session {
    let mut song = verse(folder);
    for (row, from, to) in [(0, 1, 4), (1, 1, 6)] {
        let track = Arc::make_mut(&mut song.tracks[row]);
        let lane = Arc::make_mut(&mut track.lanes[0]);
        Arc::make_mut(&mut lane.clips[0]).start = Position::Ticks((if row == 0 { 4 } else { 5 }) * 7_680);
        Arc::make_mut(&mut lane.clips[from]).start = Position::Ticks(to * 7_680);
        Arc::make_mut(&mut lane.clips[from]).length = Samples(125_217);
    }
    song
}
