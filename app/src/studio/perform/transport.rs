//! Rolling, locating, looping, clicking.

use std::time::{Duration, Instant};

use dawg_engine::capture::Punch;
use dawg_session::{Edit, LoopRange, Position, Tempo, Track, TrackId};

use super::super::Studio;
use super::super::notice::Gravity;
use super::super::view::View;
use super::lanes::selected_span;
use super::run::{Run, count_in, is_past};
use crate::sound::{DeviceState, SoundCommand};

/// For as long a start that the sound thread has not answered is taken for one.
const START: Duration = Duration::from_millis(300);
/// Taps further apart begin a new count.
const TAP_PAUSE: Duration = Duration::from_secs(2);

impl Studio {
    pub(super) fn play_stop(&mut self) {
        if self.rolls() {
            self.stop();
        } else {
            self.play();
        }
    }

    pub(super) fn play(&mut self) {
        if self.readout.playhead.rolling || self.work().is_none() || !self.has_device() {
            return;
        }
        self.asked_to_roll = Some(Instant::now());
        self.started_at = self.readout.playhead.position;
        match self.quick_punch() {
            Some(tracks) => self.sound.send(SoundCommand::Record {
                tracks,
                from: self.started_at,
                count_in: 0,
                punch: Punch::Quick,
                until: None,
                float: self.preferences.record_float,
            }),
            None => self.sound.send(SoundCommand::Play(None)),
        }
    }

    /// The armed tracks, if Play is to capture them so that Record can punch in at any moment. With auto-punch on
    /// Record means its range alone, so there is nothing to be captured before.
    fn quick_punch(&self) -> Option<Vec<TrackId>> {
        let work = self.work().filter(|work| work.writable() && !self.preferences.no_quick_punch)?;
        let work = Some(work).filter(|work| !work.committed().punch.on)?;
        let armed = work.committed().tracks.iter().filter(|track| track.arm).map(|track| track.id);
        let armed: Vec<TrackId> = armed.collect();
        (!armed.is_empty()).then_some(armed)
    }

    /// Whether it rolls, or is about to: files and rows for captures take a moment.
    fn rolls(&self) -> bool {
        let playhead = self.readout.playhead;
        let asked = self.asked_to_roll.is_some_and(|asked| asked.elapsed() < START);
        asked || playhead.rolling || playhead.counting_in || self.readout.recording.is_some()
    }

    /// Stops; stopped already, it goes back to where it last started, then to the song's start, as tape decks do.
    pub(super) fn stop(&mut self) {
        let playhead = self.readout.playhead;
        if self.rolls() {
            self.asked_to_roll = None;
            self.stopped = Some(Instant::now());
            self.sound.send(SoundCommand::Stop);
        } else {
            let to = if playhead.position == self.started_at { 0 } else { self.started_at };
            self.sound.send(SoundCommand::Locate(to));
        }
    }

    /// Records onto the armed tracks; without any, onto the selected one, which is armed first. With auto-punch on, its
    /// range alone, with pre-roll and post-roll. While playing with armed tracks, punches in and out; while recording
    /// otherwise, stops.
    pub(super) fn record(&mut self, view: &View) {
        if let Some(punched) = self.readout.punching {
            return self.sound.send(SoundCommand::Punch(!punched));
        }
        if self.readout.recording.is_some() {
            return self.stop();
        }
        let Some(work) = self.work() else { return };
        if !work.writable() {
            return self.notices.tell(
                Gravity::Attention,
                "This song is open for reading only",
                "Save a copy of it and record there.",
            );
        }
        let armed = work.committed().tracks.iter().any(|track| track.arm);
        if !self.has_device() || (!armed && !self.arm_selected(view)) {
            return;
        }
        let Some(work) = self.work() else { return };
        let session = work.committed();
        let tracks = session.tracks.iter().filter(|track| track.arm).map(|track| track.id).collect();
        let playhead = self.readout.playhead;
        if playhead.rolling && is_past(session, playhead.position) {
            return self.notices.tell(
                Gravity::Attention,
                "The red range has gone by",
                "Stop and press Record: the song goes back to before the range by itself. Or switch auto-punch off.",
            );
        }
        let Run { from, punch, until, counts } = Run::of(session, playhead.position);
        let count_in = if counts { count_in(session, from) } else { 0 };
        self.started_at = from;
        self.asked_to_roll = Some(Instant::now());
        let float = self.preferences.record_float;
        self.sound.send(SoundCommand::Record { tracks, from, count_in, punch, until, float });
    }

    /// Auto-punch on or off; without a range, over the selected clips, the loop, or the playhead's bar.
    pub(super) fn toggle_punch(&mut self, view: &View) {
        let Some(session) = self.session() else { return };
        let mut punch = session.punch;
        punch.on = !punch.on;
        let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
        if punch.on && at(punch.end) <= at(punch.start) {
            (punch.start, punch.end) = self.range_at_hand(view);
        }
        let label = if punch.on { "Auto-punch on" } else { "Auto-punch off" };
        self.edit(label, vec![Edit::SetPunch { punch }]);
    }

    /// A range that a person may mean: the loop's, the selected clips', the playhead's bar.
    fn range_at_hand(&self, view: &View) -> (Position, Position) {
        let Some(session) = self.session() else { return (Position::START, Position::START) };
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let spans = session.clips().filter(|(_, _, clip)| view.selection.clips.contains(&clip.id));
        let spans = spans.map(|(_, _, clip)| clip.span(map, rate));
        if let Some((start, end)) = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))) {
            return (Position::Samples(start.max(0)), Position::Samples(end));
        }
        let range = session.loop_range;
        if map.to_samples(range.end, rate) > map.to_samples(range.start, rate) {
            return (range.start, range.end);
        }
        let bar = map.bar_beat_tick(map.samples_to_ticks(self.readout.playhead.position, rate)).bar.max(1);
        let line = |bar| Position::Ticks(map.ticks_at(dawg_session::BarBeatTick { bar, beat: 1, tick: 0 }));
        (line(bar), line(bar + 1))
    }

    /// Makes takes of what the armed tracks heard lately, though nobody pressed Record.
    pub(super) fn keep_last(&mut self) {
        let Some(work) = self.work() else { return };
        let tracks: Vec<TrackId> =
            work.committed().tracks.iter().filter(|track| track.arm).map(|track| track.id).collect();
        if tracks.is_empty() {
            return self.notices.tell(
                Gravity::Attention,
                "Nothing was listened to",
                "Arm a track by its record button: from then on what is sung can be kept afterwards.",
            );
        }
        let float = self.preferences.record_float;
        self.sound.send(SoundCommand::Keep { tracks, seconds: None, float });
    }

    pub(super) fn toggle_quick_punch(&mut self) {
        let off = &mut self.preferences.no_quick_punch;
        *off = !*off;
        let words = if *off {
            "Play leaves armed tracks alone. Record while playing begins a take there and then."
        } else {
            "Play captures armed tracks. Record punches in and out, and a take's edges can be dragged outwards later."
        };
        let title = if *off { "Quick-punch is off" } else { "Quick-punch is on" };
        self.notices.tell(Gravity::Told, title, words);
        self.save_preferences();
    }

    /// Arms the selected track, giving it the first inputs if it has none. Returns whether one is armed now.
    fn arm_selected(&mut self, view: &View) -> bool {
        let track = view.selection.track.and_then(|id| self.session()?.track(id).cloned());
        let Some(track) = track else {
            self.notices.offer(
                Gravity::Attention,
                "No track is armed",
                "Arm a track by its record button, or add one, and press Record again.",
                vec![("Add a track".to_owned(), super::Action::Command(super::Command::AddMonoTrack))],
            );
            return false;
        };
        let edits = arming(&track);
        self.edit(&format!("Arm “{}”", track.name), edits)
    }

    fn has_device(&mut self) -> bool {
        match &self.readout.device {
            DeviceState::Missing(why) => {
                let why = format!("{why}\nThe song is safe and can be edited and exported.");
                self.notices.offer(Gravity::Attention, "There is no sound", why, self.device_offers());
                false
            }
            _ => true,
        }
    }

    pub(super) fn locate_start(&mut self, view: &mut View) {
        self.sound.send(SoundCommand::Locate(0));
        if view.timeline.x(0) < 0.0 || view.timeline.x(0) > view.timeline.width {
            view.timeline.left = -12.0 * view.timeline.frames_per_point;
        }
    }

    pub(super) fn locate_end(&mut self) {
        if let Some(session) = self.session() {
            let end = session.end().0;
            self.sound.send(SoundCommand::Locate(end));
        }
    }

    pub(super) fn by_bars(&mut self, bars: i64) {
        let Some(session) = self.session() else { return };
        let (map, rate) = (&session.tempo_map, session.sample_rate);
        let tick = map.samples_to_ticks(self.readout.playhead.position, rate);
        let place = map.bar_beat_tick(tick);
        let at_line = place.beat == 1 && place.tick == 0;
        // Back from within a bar goes to its start first.
        let bar = if bars < 0 && !at_line { place.bar } else { place.bar + bars };
        let tick = map.ticks_at(dawg_session::BarBeatTick { bar, beat: 1, tick: 0 });
        let to = map.ticks_to_samples(tick, rate).0.max(0);
        self.sound.send(SoundCommand::Locate(to));
    }

    pub(super) fn toggle_loop(&mut self) {
        let Some(session) = self.session() else { return };
        let mut range = session.loop_range;
        range.on = !range.on;
        let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
        if range.on && at(range.end) <= at(range.start) {
            // Without a range: four bars from the playhead's bar on.
            let map = &session.tempo_map;
            let tick = map.samples_to_ticks(self.readout.playhead.position, session.sample_rate);
            let bar = map.bar_beat_tick(tick).bar.max(1);
            let line =
                |bar| Position::Ticks(map.ticks_at(dawg_session::BarBeatTick { bar, beat: 1, tick: 0 }));
            (range.start, range.end) = (line(bar), line(bar + 4));
        }
        self.edit(if range.on { "Loop on" } else { "Loop off" }, vec![Edit::SetLoop { range }]);
    }

    pub(super) fn loop_selection(&mut self, view: &View) {
        let Some(session) = self.session() else { return };
        let Some((start, end)) = selected_span(session, view) else {
            let why = "Select clips, or a part of a take, to loop them.";
            return self.notices.tell(Gravity::Told, "Nothing is selected", why);
        };
        let range =
            LoopRange { on: true, start: Position::Samples(start.max(0)), end: Position::Samples(end) };
        self.edit("Loop the selection", vec![Edit::SetLoop { range }]);
    }

    pub(super) fn toggle_metronome(&mut self) {
        let Some(session) = self.session() else { return };
        let mut metronome = session.metronome;
        metronome.on = !metronome.on;
        let label = if metronome.on { "Metronome on" } else { "Metronome off" };
        self.edit(label, vec![Edit::SetMetronome { metronome }]);
    }

    pub(super) fn cycle_count_in(&mut self) {
        let Some(session) = self.session() else { return };
        let mut metronome = session.metronome;
        metronome.count_in_bars = match metronome.count_in_bars {
            0 => 1,
            1 => 2,
            2 => 4,
            _ => 0,
        };
        self.edit("Change count-in", vec![Edit::SetMetronome { metronome }]);
    }

    /// From the fourth tap on the song takes the tempo of the taps.
    pub(super) fn tap_tempo(&mut self) {
        let now = Instant::now();
        if self.taps.last().is_some_and(|last| now - *last > TAP_PAUSE) {
            self.taps.clear();
        }
        self.taps.push(now);
        if self.taps.len() > 9 {
            self.taps.remove(0);
        }
        let beats = self.taps.len() - 1;
        self.notices.forget_told("Tap ");
        if beats < 3 {
            let left = 3 - beats;
            self.notices.tell(
                Gravity::Told,
                format!("Tap {left} more"),
                "The song takes the tempo of your taps.",
            );
            return;
        }
        let seconds = (now - self.taps[0]).as_secs_f64();
        let bpm = (60.0 * beats as f64 / seconds * 10.0).round() / 10.0;
        if let Some(tempo) = Tempo::from_bpm(bpm) {
            self.edit("Tap tempo", vec![Edit::SetTempo { tempo }]);
        }
    }

    pub(super) fn first_downbeat_here(&mut self) {
        let at = self.readout.playhead.position;
        self.edit("First downbeat is here", vec![Edit::SetDownbeat { at }]);
    }
}

/// The Edits that make a track ready to record.
pub(super) fn arming(track: &Track) -> Vec<Edit> {
    let mut edits = Vec::new();
    if track.input.channels().is_empty() {
        let input = if track.layout.channels() == 1 { "1" } else { "1+2" };
        if let Ok(input) = input.parse() {
            edits.push(Edit::SetTrackInput { track: track.id, input });
        }
    }
    edits.push(Edit::SetTrackArm { track: track.id, arm: true });
    edits
}
