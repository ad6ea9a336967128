//! Lyrics that are still being typed go into the song before anything that would pass them by.

use dawg_session::{Edit, Session};

use super::super::Studio;
use super::super::view::{Tab, View};

impl Studio {
    /// Opens the lyrics pad, to be typed into at once, or hides it.
    pub(super) fn toggle_lyrics(&self, view: &mut View) {
        let opens = !view.panels.lyrics_open;
        view.panels.lyrics_open = opens;
        // Where it is not drawn yet, it would take the focus from something else later.
        view.focus_lyrics = opens && view.tab == Tab::Arrange && self.work().is_some();
    }

    /// Commits what the lyrics pad holds, as one step of history.
    pub fn keep_lyrics(&mut self, view: &mut View) {
        let Some(typed) = &view.lyrics else { return };
        let unchanged = self.work().is_none_or(|work| *work.committed().lyrics == **typed);
        if unchanged || typed.len() > Session::MOST_LYRICS {
            return;
        }
        let lyrics = Session::tidy_lyrics(typed);
        if self.edit("Write lyrics", vec![Edit::SetLyrics { lyrics }]) {
            view.lyrics = None;
        }
    }
}
