//! Which shape a joint wants: equal power between takes, equal gain where they are correlated.
//!
//! Start at [`joint_shape`]. It reads files and waits for the disk: for workers and the command line, not for the
//! window's thread, never for the audio thread.

use std::path::Path;

use dawg_dsp::correlation::{EQUAL_GAIN_FROM, correlation};
use dawg_media::{MediaError, source};
use dawg_session::{
    Comp, CompId, FadeShape, Joint, JointRamp, LaneId, Pick, PlayedClip, Samples, Session, Track,
    resolve_comp,
};

use crate::timeline::{Routing, routing};

/// The shape for a joint of `length` frames at song frame `at`, where `track` goes from the lane `earlier` to the lane
/// `later`: [`FadeShape::Linear`] if what both play there is correlated by [`EQUAL_GAIN_FROM`] or more, else
/// [`FadeShape::EqualPower`], also where there is nothing to compare.
///
/// # Errors
/// When a file cannot be read.
pub fn joint_shape(
    session: &Session,
    audio_folder: &Path,
    track: &Track,
    (earlier, later): (LaneId, LaneId),
    at: Samples,
    length: Samples,
) -> Result<FadeShape, MediaError> {
    let joint = Joint { length: length.clamp(Samples::ZERO, Joint::LONGEST), shape: FadeShape::EqualPower };
    let pick = |start, end, lane| Pick { start, end, lane, name: track.name.clone(), joint };
    let mut comp = Comp::new(CompId::fresh(), track.name.clone());
    comp.picks = vec![pick(Pick::FIRST, at, earlier), pick(at, Pick::LAST, later)];
    let pieces = resolve_comp(session, track, &comp);
    let Some(zone) = zone(&pieces) else { return Ok(FadeShape::EqualPower) };
    let channels = track.layout.channels();
    let falling = pieces.iter().filter(|piece| piece.joint_out == Some(zone));
    let rising = pieces.iter().filter(|piece| piece.joint_in == Some(zone));
    let a = sound(session, audio_folder, falling, zone, channels)?;
    let b = sound(session, audio_folder, rising, zone, channels)?;
    let correlated = correlation(&a, &b) >= EQUAL_GAIN_FROM;
    Ok(if correlated { FadeShape::Linear } else { FadeShape::EqualPower })
}

/// The joint in which one side falls while the other rises.
fn zone(pieces: &[PlayedClip]) -> Option<JointRamp> {
    let falling = pieces.iter().filter_map(|piece| piece.joint_out);
    falling.into_iter().find(|ramp| pieces.iter().any(|piece| piece.joint_in == Some(*ramp)))
}

/// What a track of `channels` channels plays of these pieces in the joint, one channel after the other, without fades.
fn sound<'a>(
    session: &Session,
    audio_folder: &Path,
    pieces: impl Iterator<Item = &'a PlayedClip>,
    zone: JointRamp,
    channels: u16,
) -> Result<Vec<f32>, MediaError> {
    let whole = zone.length as usize;
    let mut sound = vec![0.0; whole * usize::from(channels)];
    for piece in pieces {
        let (from, to) = (piece.from.max(zone.from), piece.to.min(zone.from + zone.length));
        let Some(media) = session.media.get(&piece.media).filter(|_| from < to) else { continue };
        let mut source = source::open(&audio_folder.join(&media.file))?;
        let frames = (to - from) as usize;
        let mut planes = vec![vec![0.0; frames]; usize::from(source.channels())];
        let mut slices: Vec<&mut [f32]> = planes.iter_mut().map(Vec::as_mut_slice).collect();
        source.read((from - piece.file_start()).max(0) as u64, &mut slices)?;
        let routing = routing(&piece.channels, channels, source.channels());
        for (channel, sound) in sound.chunks_exact_mut(whole).enumerate() {
            let part = &mut sound[(from - zone.from) as usize..][..frames];
            let all = 0..planes.len();
            let heard = match &routing {
                Routing::Mean => all,
                Routing::Pick(picked) => {
                    let one = usize::from(picked.get(channel).copied().unwrap_or(u16::MAX)).min(planes.len());
                    one..(one + 1).min(planes.len())
                }
            };
            let gain = piece.gain / heard.len().max(1) as f32;
            for plane in &planes[heard] {
                part.iter_mut().zip(plane).for_each(|(sum, sample)| *sum += sample * gain);
            }
        }
    }
    Ok(sound)
}
