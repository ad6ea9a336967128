//! Whether the window has something new to draw: what it was last woken for, and how often.
//!
//! Start at [`Shown::wants_waking`].

use std::time::{Duration, Instant};

use dawg_engine::VitalsReading;

use super::{Level, Readout};

/// Sixty frames a second; a little less, since it is looked every 5 ms.
const FRAME: Duration = Duration::from_millis(15);
/// −70 dBFS: what lies below is not seen.
const UNSEEN: f32 = -70.0;
/// Decibels that a meter moves visibly.
const STEP: f32 = 0.5;

/// What the window was last woken for.
#[derive(Debug, Default)]
pub(super) struct Shown {
    last: Readout,
    woken: Option<Instant>,
}

impl Shown {
    /// Whether the window is to be woken for this. `lively` says that something moves: load and counts of a song that
    /// stands still are no reason to draw. `news`: there is something else to be drawn.
    pub(super) fn wants_waking(&mut self, now: &Readout, lively: bool, news: bool) -> bool {
        let too_soon = self.woken.is_some_and(|woken| woken.elapsed() < FRAME);
        if too_soon || !(news || differs(&self.last, now, lively)) {
            return false;
        }
        self.woken = Some(Instant::now());
        self.last = now.clone();
        true
    }
}

fn differs(old: &Readout, new: &Readout, lively: bool) -> bool {
    let place = |readout: &Readout| {
        let playhead = readout.playhead;
        (playhead.position, playhead.rolling, playhead.counting_in, playhead.recording)
    };
    let counts = |vitals: &VitalsReading| (vitals.xruns, vitals.missed_frames, vitals.late_callbacks);
    place(old) != place(new)
        || old.device != new.device
        || old.recording != new.recording
        || (old.punching, old.writing, old.keeping) != (new.punching, new.writing, new.keeping)
        || old.retrospect != new.retrospect
        || percent(old.calibrating) != percent(new.calibrating)
        || (&old.auditioning, old.test_tone) != (&new.auditioning, new.test_tone)
        || lively && (old.load, counts(&old.vitals)) != (new.load, counts(&new.vitals))
        || levels_differ(old, new)
}

/// A bar moves by no less.
fn percent(share: Option<f32>) -> Option<i32> {
    share.map(|share| (share * 100.0) as i32)
}

fn levels_differ(old: &Readout, new: &Readout) -> bool {
    let pairs = |old: &[Level], new: &[Level]| {
        old.len() != new.len() || old.iter().zip(new).any(|(old, new)| moved(old, new))
    };
    pairs(&old.master, &new.master)
        || pairs(&old.inputs, &new.inputs)
        || !std::sync::Arc::ptr_eq(&old.tracks, &new.tracks)
            && (old.tracks.len() != new.tracks.len()
                || new.tracks.iter().any(|(id, new)| old.tracks.get(id).is_none_or(|old| pairs(old, new))))
}

fn moved(old: &Level, new: &Level) -> bool {
    let far = |old: f32, new: f32| old != new && (decibels(old) - decibels(new)).abs() > STEP;
    old.clipped != new.clipped || far(old.peak, new.peak) || far(old.rms, new.rms) || far(old.held, new.held)
}

fn decibels(level: f32) -> f32 {
    (20.0 * level.log10()).max(UNSEEN)
}

/// Load over the last second, steady enough to be read.
#[derive(Debug, Default)]
pub(super) struct Load {
    shown: f32,
    since: Option<(Instant, VitalsReading)>,
}

impl Load {
    /// The load to show.
    pub(super) fn follow(&mut self, vitals: &VitalsReading) -> f32 {
        let Some((since, before)) = self.since else {
            self.since = Some((Instant::now(), *vitals));
            return self.shown;
        };
        if since.elapsed() >= Duration::from_secs(1) {
            // The vitals' load is that since the start: what frames of either reading have cost tells the share of
            // those between.
            let frames = vitals.frames.saturating_sub(before.frames) as f64;
            let cost = vitals.load * vitals.frames as f64 - before.load * before.frames as f64;
            let load = if frames > 0.0 { (cost / frames).clamp(0.0, 9.0) as f32 } else { 0.0 };
            if (load - self.shown).abs() > 0.015 {
                self.shown = (load * 100.0).round() / 100.0;
            }
            self.since = Some((Instant::now(), *vitals));
        }
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(peak: f32) -> Readout {
        let level = Level { peak, ..Level::default() };
        Readout { master: [level; 2], ..Readout::default() }
    }

    // Seen red: with levels compared as they are, every block of a held note wakes the window.
    #[test]
    fn only_what_is_seen_to_move_wakes() {
        let (silent, faint, loud) = (at(0.0), at(1e-4), at(0.5));
        assert!(!differs(&silent, &faint, true));
        assert!(differs(&silent, &loud, false));
        assert!(!differs(&loud, &at(0.51), true));
        assert!(differs(&loud, &at(0.54), true));
        let busy = Readout { load: 0.5, ..at(0.0) };
        // Seen red: without the share in `differs` the bar of a measurement stands still, since nothing else moves.
        let measuring = |share| Readout { calibrating: Some(share), ..at(0.0) };
        assert!(
            differs(&silent, &measuring(0.0), false) && differs(&measuring(0.1), &measuring(0.12), false)
        );
        assert!(!differs(&measuring(0.101), &measuring(0.102), false));
        assert!(differs(&silent, &busy, true) && !differs(&silent, &busy, false));
    }
}
