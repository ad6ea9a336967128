//! The report of `info` as people read it.

use std::fmt::{self, Display, Formatter};

use dawg_session::{Key, Mode};

use super::{ClipReport, LaneReport, Report, TrackReport};
use crate::cli::format::{Level, Time};

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { name, path, sample_rate, tempo, meter, length, seq, .. } = self;
        let length = Time { samples: length.samples, rate: *sample_rate };
        let key = self.key.map(|key| format!(", {}", key_name(key))).unwrap_or_default();
        writeln!(f, "{name}  ({})", path.display())?;
        writeln!(
            f,
            "{tempo} beats a minute, {}/{}{key}, {sample_rate} Hz, A4 {} Hz",
            meter.beats, meter.unit, self.a4
        )?;
        writeln!(f, "length {length}, {} track(s), history at step {seq}", self.tracks.len())?;
        if self.downbeat != 0 {
            let downbeat = Time { samples: self.downbeat, rate: *sample_rate };
            writeln!(f, "bar 1 begins at {downbeat}")?;
        }
        let lines = self.lyrics.lines().filter(|line| !line.trim().is_empty()).count();
        if lines > 0 {
            writeln!(f, "{lines} line(s) of lyrics")?;
        }
        for (index, track) in self.tracks.iter().enumerate() {
            self.track(f, index + 1, track)?;
        }
        if !self.missing.is_empty() {
            writeln!(f, "\nmissing: {}", self.missing.join(", "))?;
            writeln!(f, "`ai-dawg relink SONG FOLDER` mends it when FOLDER has the files")?;
        }
        self.notices.iter().try_for_each(|notice| writeln!(f, "\nnote: {notice}"))
    }
}

impl Report {
    fn track(&self, f: &mut Formatter<'_>, number: usize, track: &TrackReport) -> fmt::Result {
        let TrackReport { name, layout, input, gain_db, pan, mute, solo, arm, lanes, .. } = track;
        let gain = Level(gain_db.unwrap_or(f64::NEG_INFINITY));
        write!(f, "\n{number:>3}  {name}  {layout}, {gain} dB, pan {pan:+.2}")?;
        if input != "none" {
            write!(f, ", input {input}")?;
        }
        for (is, word) in [(mute, "muted"), (solo, "solo"), (arm, "armed")] {
            if *is {
                write!(f, ", {word}")?;
            }
        }
        writeln!(f)?;
        let several = lanes.len() > 1 || !track.comps.is_empty();
        track.comps.iter().try_for_each(|comp| writeln!(f, "     comp {}", comp.title()))?;
        lanes.iter().try_for_each(|lane| self.lane(f, lane, several))
    }

    fn lane(&self, f: &mut Formatter<'_>, lane: &LaneReport, several: bool) -> fmt::Result {
        if several {
            let LaneReport { name, take, rating, .. } = lane;
            let number = take.map(|number| format!("take {number} ")).unwrap_or_default();
            write!(f, "     lane {number}{name}")?;
            if *rating > 0 {
                write!(f, "  {}", "*".repeat(usize::from(*rating)))?;
            }
            for (is, word) in [(lane.plays, " (plays)"), (lane.hidden, " (hidden)")] {
                write!(f, "{}", if is { word } else { "" })?;
            }
            writeln!(f)?;
        }
        lane.clips.iter().try_for_each(|clip| self.clip(f, clip))
    }

    fn clip(&self, f: &mut Formatter<'_>, clip: &ClipReport) -> fmt::Result {
        let time = |samples| Time { samples, rate: self.sample_rate };
        let (start, end) = (time(clip.start), time(clip.start + clip.length));
        let missing = if clip.missing { "  MISSING" } else { "" };
        let muted = if clip.mute { "  muted" } else { "" };
        writeln!(f, "       {start} to {end}  {}  ({}){muted}{missing}", clip.name, clip.file)
    }
}

fn key_name(key: Key) -> String {
    const TONICS: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
    let tonic = TONICS.get(usize::from(key.tonic)).copied().unwrap_or("?");
    let mode = match key.mode {
        Mode::Major => "major",
        Mode::Minor => "minor",
    };
    format!("{tonic} {mode}")
}
