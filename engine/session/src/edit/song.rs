//! Edits of the song as a whole.

use std::mem::replace;
use std::sync::Arc;

use super::draft::Draft;
use super::{Edit, EditError};
use crate::check::{
    MOST_COUNT_IN, RATES, REFERENCE_PITCHES, Violation, downbeat_violation, loop_holds, lyrics_violation,
    punch_holds,
};
use crate::punch::PunchRange;
use crate::song::{Key, LoopRange, Master, Metronome};
use crate::time::{Meter, Tempo};

impl Draft {
    pub(super) fn set_sample_rate(&mut self, sample_rate: u32) -> Result<Edit, EditError> {
        if !RATES.contains(&sample_rate) {
            return Err(Violation::SampleRate(sample_rate).into());
        }
        // No media is no clips either: a clip shows one.
        if !self.session.media.is_empty() {
            return Err(EditError::RateFixed);
        }
        self.touched.structure = true;
        Ok(Edit::SetSampleRate { sample_rate: replace(&mut self.session.sample_rate, sample_rate) })
    }

    pub(super) fn set_tempo(&mut self, tempo: Tempo) -> Result<Edit, EditError> {
        let first = self.session.tempo_map.tempos.first_mut().filter(|_| tempo.in_range());
        let change = first.ok_or(Violation::Tempo)?;
        self.touched.tempo = true;
        Ok(Edit::SetTempo { tempo: replace(&mut change.tempo, tempo) })
    }

    pub(super) fn set_meter(&mut self, meter: Meter) -> Result<Edit, EditError> {
        let first = self.session.tempo_map.meters.first_mut().filter(|_| meter.is_valid());
        let change = first.ok_or(Violation::Meter)?;
        self.touched.tempo = true;
        Ok(Edit::SetMeter { meter: replace(&mut change.meter, meter) })
    }

    pub(super) fn set_key(&mut self, key: Option<Key>) -> Result<Edit, EditError> {
        if let Some(key) = key.filter(|key| key.tonic > 11) {
            return Err(Violation::Tonic(key.tonic).into());
        }
        self.touched.about = true;
        Ok(Edit::SetKey { key: replace(&mut self.session.key, key) })
    }

    pub(super) fn set_downbeat(&mut self, at: i64) -> Result<Edit, EditError> {
        if let Some(violation) = downbeat_violation(at) {
            return Err(violation.into());
        }
        self.touched.tempo = true;
        Ok(Edit::SetDownbeat { at: replace(&mut self.session.tempo_map.downbeat, at) })
    }

    pub(super) fn set_lyrics(&mut self, lyrics: Arc<str>) -> Result<Edit, EditError> {
        if let Some(violation) = lyrics_violation(&lyrics) {
            return Err(violation.into());
        }
        self.touched.about = true;
        Ok(Edit::SetLyrics { lyrics: replace(&mut self.session.lyrics, lyrics) })
    }

    pub(super) fn set_reference_pitch(&mut self, a4_millihertz: u32) -> Result<Edit, EditError> {
        if !REFERENCE_PITCHES.contains(&a4_millihertz) {
            return Err(Violation::ReferencePitch(a4_millihertz).into());
        }
        self.touched.about = true;
        let before = replace(&mut self.session.a4_millihertz, a4_millihertz);
        Ok(Edit::SetReferencePitch { a4_millihertz: before })
    }

    pub(super) fn set_loop(&mut self, range: LoopRange) -> Result<Edit, EditError> {
        if !loop_holds(&range) {
            return Err(Violation::Loop.into());
        }
        self.touched.transport = true;
        Ok(Edit::SetLoop { range: replace(&mut self.session.loop_range, range) })
    }

    pub(super) fn set_punch(&mut self, punch: PunchRange) -> Result<Edit, EditError> {
        if !punch_holds(&punch) {
            return Err(Violation::Punch.into());
        }
        self.touched.transport = true;
        Ok(Edit::SetPunch { punch: replace(&mut self.session.punch, punch) })
    }

    pub(super) fn set_metronome(&mut self, metronome: Metronome) -> Result<Edit, EditError> {
        if metronome.count_in_bars > MOST_COUNT_IN {
            return Err(Violation::CountIn(metronome.count_in_bars).into());
        }
        self.touched.transport = true;
        Ok(Edit::SetMetronome { metronome: replace(&mut self.session.metronome, metronome) })
    }

    pub(super) fn master_mut(&mut self) -> &mut Master {
        self.touched.master = true;
        &mut self.session.master
    }
}
