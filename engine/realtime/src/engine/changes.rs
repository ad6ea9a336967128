//! What of a change makes a new Plan, and what only moves a parameter.

use std::sync::Arc;

use dawg_plugins::ParamId;
use dawg_session::{Session, Track};

use super::Engine;
use crate::compile::{master_settings, same_timeline, strip_settings};
use crate::plan::{MAX_CHANNELS, NodeId};
use crate::processor::command::{Click, Command};
use crate::processor::shortest_loop;
use crate::processor::strip::{AUDIBLE, GAIN, PAN, StripSettings};

impl Engine {
    pub(super) fn send_settings(&mut self, session: &Session) {
        let range = session.loop_range;
        let at = |position| session.tempo_map.to_samples(position, session.sample_rate).0;
        let range = range.on.then(|| (at(range.start), at(range.end)));
        self.disk.set_loop(range.map(|(start, _)| start));
        self.send(Command::Loop(range));
        let metronome = session.metronome;
        let click = Click { on: metronome.on, gain: metronome.gain.get(), accent: metronome.accent };
        self.send(Command::Metronome(click));
    }

    pub(super) fn send_changes(&mut self, before: &Session, now: &Session) {
        if before.loop_range != now.loop_range {
            let range = now.loop_range;
            let at = |position| now.tempo_map.to_samples(position, now.sample_rate).0;
            let short = range.on && at(range.end) - at(range.start) < shortest_loop(now.sample_rate);
            self.short_loop.set(short);
        }
        if before.loop_range != now.loop_range
            || before.metronome != now.metronome
            || before.tempo_map != now.tempo_map
        {
            self.send_settings(now);
        }
        let (solo_before, solo_now) = (before.any_solo(), now.any_solo());
        for track in &now.tracks {
            let Some(old) = before.track(track.id) else { continue };
            if Arc::ptr_eq(old, track) && solo_before == solo_now {
                continue;
            }
            let (was, is) = (strip_settings(old, solo_before), strip_settings(track, solo_now));
            self.send_strip(NodeId::Strip(track.id), was, is);
            if (&old.input, old.monitor, old.arm) != (&track.input, track.monitor, track.arm) {
                self.send_monitor(track);
            }
        }
        self.send_strip(NodeId::MasterStrip, master_settings(before), master_settings(now));
    }

    fn send_strip(&mut self, id: NodeId, was: StripSettings, is: StripSettings) {
        let Some(slot) = self.compiler.slot(id) else { return };
        let audible = |settings: StripSettings| f64::from(u8::from(settings.audible));
        let changes: [(ParamId, f64, f64); 3] = [
            (GAIN, f64::from(was.gain), f64::from(is.gain)),
            (PAN, f64::from(was.pan), f64::from(is.pan)),
            (AUDIBLE, audible(was), audible(is)),
        ];
        for (param, was, value) in changes {
            if was != value {
                self.send(Command::Glide { slot, param, value });
            }
        }
    }

    fn send_monitor(&mut self, track: &Track) {
        let Some(slot) = self.compiler.slot(NodeId::Source(track.id)) else { return };
        let mut input = [0; MAX_CHANNELS];
        for (place, channel) in input.iter_mut().zip(track.input.channels()) {
            *place = *channel;
        }
        self.send(Command::Monitor { slot, input, monitor: track.monitor, armed: track.arm });
    }
}

/// Whether the difference is more than parameters: only then a Plan is compiled.
pub(super) fn needs_plan(before: &Session, now: &Session) -> bool {
    before.tempo_map != now.tempo_map
        || before.tracks.len() != now.tracks.len()
        || before.media != now.media
        || before.tracks.iter().zip(&now.tracks).any(|(a, b)| {
            !Arc::ptr_eq(a, b) && (a.id != b.id || a.output != b.output || !same_timeline(a, b))
        })
}
