//! Edits of comps.

use std::iter::once;
use std::mem::replace;
use std::sync::Arc;

use super::draft::{Draft, refuse_beyond};
use super::{Edit, EditError};
use crate::check::picks_violation;
use crate::comp::{Comp, Pick};
use crate::id::{CompId, TrackId};
use crate::song::Plays;
use crate::value::Name;

impl Draft {
    /// Numbers of the comp's track and of the comp.
    fn comp_place(&self, id: CompId) -> Result<(usize, usize), EditError> {
        let mut tracks = self.session.tracks.iter().enumerate();
        tracks
            .find_map(|(number, track)| Some((number, track.comps.iter().position(|comp| comp.id == id)?)))
            .ok_or(EditError::NoComp(id))
    }

    pub(super) fn add_comp(&mut self, id: TrackId, comp: Comp, at: usize) -> Result<Edit, EditError> {
        refuse_beyond(at, self.session.tracks[self.track_number(id)?].comps.len())?;
        self.refuse_taken(once(comp.id.as_u128()))?;
        if let Some(violation) = picks_violation(comp.id, &comp.picks) {
            return Err(violation.into());
        }
        let comp_id = comp.id;
        self.contents_mut(id)?.comps.insert(at, Arc::new(comp));
        Ok(Edit::RemoveComp { comp: comp_id })
    }

    pub(super) fn remove_comp(&mut self, id: CompId) -> Result<Edit, EditError> {
        let (track, at) = self.comp_place(id)?;
        let track = &self.session.tracks[track];
        if track.plays == Plays::Comp(id) {
            return Err(EditError::CompPlays(id));
        }
        let track = track.id;
        let comp = self.contents_mut(track)?.comps.remove(at);
        Ok(Edit::AddComp { track, comp: Arc::unwrap_or_clone(comp), at })
    }

    pub(super) fn rename_comp(&mut self, id: CompId, name: Name) -> Result<Edit, EditError> {
        let (track, at) = self.comp_place(id)?;
        let track = &mut self.session.tracks[track];
        self.touched.tracks.insert(track.id);
        let comp = Arc::make_mut(&mut Arc::make_mut(track).comps[at]);
        Ok(Edit::RenameComp { comp: id, name: replace(&mut comp.name, name) })
    }

    pub(super) fn splice_comp(
        &mut self,
        id: CompId,
        at: usize,
        remove: usize,
        insert: Vec<Pick>,
    ) -> Result<Edit, EditError> {
        let (track, number) = self.comp_place(id)?;
        let picks = &self.session.tracks[track].comps[number].picks;
        refuse_beyond(at, picks.len())?;
        if remove > picks.len() - at {
            return Err(EditError::NoPicks { comp: id, at, given: remove, most: picks.len() - at });
        }
        // What stays is in order already: only the new ones and their neighbours can break it.
        let before = at.checked_sub(1).map(|before| picks[before].clone());
        let around: Vec<Pick> =
            before.into_iter().chain(insert.iter().cloned()).chain(picks.get(at + remove).cloned()).collect();
        if let Some(violation) = picks_violation(id, &around) {
            return Err(violation.into());
        }
        let track = self.session.tracks[track].id;
        let comp = Arc::make_mut(&mut self.contents_mut(track)?.comps[number]);
        let count = insert.len();
        let removed = comp.picks.splice(at..at + remove, insert).collect();
        Ok(Edit::SpliceComp { comp: id, at, remove: count, insert: removed })
    }
}
