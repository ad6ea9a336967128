//! The tracks that are recorded: found or made, each with an input that fits.
//!
//! Start at [`prepare`].

use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use dawg_session::{Edit, Input, Layout, Name, Session, Track, TrackId};

use crate::intake::{new_track, next_colour};

/// What is recorded on, and what has to be done to the song first.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    pub(super) tracks: Vec<Track>,
    pub(super) edits: Vec<Edit>,
}

impl Prepared {
    pub(super) fn ids(&self) -> Vec<TrackId> {
        self.tracks.iter().map(|track| track.id).collect()
    }

    /// Hardware channels needed.
    pub(super) fn inputs(&self) -> u16 {
        self.tracks.iter().flat_map(|track| track.input.channels()).copied().max().unwrap_or(0)
    }

    /// `“Voice”`, or `“Voice”, “Piano”`.
    pub(super) fn names(&self) -> String {
        let names: Vec<String> = self.tracks.iter().map(|track| format!("“{}”", track.name)).collect();
        names.join(", ")
    }

    /// What the engine gets: these tracks armed and no others, so that they are monitored as the song says and
    /// what comes in on them is remembered.
    pub(super) fn armed(&self, session: &mut Session) {
        for track in &mut session.tracks {
            let arm = self.tracks.iter().any(|recorded| recorded.id == track.id);
            if track.arm != arm {
                Arc::make_mut(track).arm = arm;
            }
        }
    }
}

/// The tracks of these names, each with its input, if one is given. Those that are not there are made: mono, or as
/// their input says; without one they take the hardware inputs from 1 on in turn.
pub(super) fn prepare(session: &Session, names: &[String], inputs: &[String]) -> Result<Prepared> {
    if !inputs.is_empty() && inputs.len() != names.len() {
        bail!(
            "{} --track and {} --input: give one --input for each --track, in the same order, or none at all",
            names.len(),
            inputs.len()
        );
    }
    let mut prepared = Prepared::default();
    for (index, name) in names.iter().enumerate() {
        let name = Name::new(name)?;
        if prepared.tracks.iter().any(|track| track.name == name) {
            bail!("the track “{name}” is named twice: give each track once");
        }
        let input = inputs.get(index).map(|input| input.parse::<Input>()).transpose()?;
        let (track, edits) = match session.track_named(name.as_str()) {
            Some(track) => existing(track, input)?,
            None => made(session, &prepared, name, input)?,
        };
        refuse_misfit(&track)?;
        prepared.tracks.push(track);
        prepared.edits.extend(edits);
    }
    Ok(prepared)
}

fn made(
    session: &Session,
    before: &Prepared,
    name: Name,
    input: Option<Input>,
) -> Result<(Track, Vec<Edit>)> {
    let input = input.map_or_else(|| (before.inputs() + 1).to_string().parse(), Ok)?;
    let new = before.edits.iter().filter(|edit| matches!(edit, Edit::AddTrack { .. })).count();
    let at = session.tracks.len() + new;
    let track = Track {
        input: input.clone(),
        ..new_track(name, layout(&input)?, next_colour(session) + new, Vec::new())
    };
    Ok((track.clone(), vec![Edit::AddTrack { track, at }]))
}

fn existing(track: &Track, input: Option<Input>) -> Result<(Track, Vec<Edit>)> {
    let mut track = track.clone();
    let mut edits = Vec::new();
    if let Some(input) = input.filter(|input| *input != track.input) {
        let wanted = layout(&input)?;
        if wanted != track.layout && track.lanes.iter().all(|lane| lane.clips.is_empty()) {
            track.layout = wanted;
            edits.push(Edit::SetTrackLayout { track: track.id, layout: wanted });
        }
        track.input = input.clone();
        edits.push(Edit::SetTrackInput { track: track.id, input });
    }
    Ok((track, edits))
}

fn layout(input: &Input) -> Result<Layout> {
    match input.channels().len() {
        1 => Ok(Layout::MONO),
        2 => Ok(Layout::STEREO),
        _ => Err(anyhow!("a track records one channel (--input 1) or two (--input 1+2)")),
    }
}

/// Refused here, so that a record that cannot be leaves no trace in the history.
fn refuse_misfit(track: &Track) -> Result<()> {
    let (channels, layout) = (track.input.channels().len(), track.layout.channels());
    if channels == 0 {
        bail!(
            "the track “{}” has no input: give it one with --input 1, or 1+2 for a stereo track",
            track.name
        );
    }
    if channels != usize::from(layout) {
        bail!(
            "the track “{}” has {layout} channel(s) and clips, the input {} has {channels}: give an input that fits, \
             or record on another track",
            track.name,
            track.input
        );
    }
    Ok(())
}
