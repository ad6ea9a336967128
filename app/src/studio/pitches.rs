//! Pitch curves of the open song: shown or not, and found in the background while they are.

use super::Studio;
use super::notice::Gravity;
use super::view::View;
use super::work::Work;
use crate::pitches::Place;

impl Studio {
    /// Shows the pitch on clips, or not.
    pub(super) fn toggle_curves(&mut self, view: &mut View) {
        view.panels.curves = !view.panels.curves;
        self.pitches.show(view.panels.curves, &self.jobs);
    }

    /// Takes in curves, and finds the next that was wished for. Once a frame.
    pub(super) fn follow_curves(&mut self) {
        for (title, detail) in self.pitches.follow(&mut self.jobs) {
            self.notices.tell(Gravity::Told, title, detail);
        }
    }
}

/// Where a song's curves lie.
pub(super) fn place_of(work: &Work) -> Place {
    Place { audio: work.audio_folder(), peaks: work.peaks_folder(), writable: work.writable() }
}
