//! Songs, files and folders: everything here hands its work to a job.

use std::path::PathBuf;
use std::sync::Arc;

use dawg_session::{Name, Session, SongId, Tempo};

use super::super::Studio;
use super::super::action::{ExportWish, ImportWish, NewSong, Pick};
use super::super::notice::Gravity;
use super::super::view::View;
use crate::jobs::{Listed, files, songs};

impl Studio {
    /// Makes an untitled song in the songs folder and opens it: what a first start shows.
    pub fn new_untitled(&mut self) {
        let folder = self.songs_folder();
        let listed = self.awaits(&folder.join("Untitled.dawg"));
        self.jobs.start("New song", listed, move |_| songs::untitled(&folder));
    }

    pub(super) fn new_song(&mut self, new: NewSong) {
        let session = Name::new(&new.name).map_err(|error| error.to_string()).and_then(|name| {
            let tempo = Tempo::from_bpm(new.bpm).ok_or_else(|| {
                format!("a tempo of {} is out of range: give 10 to 999 beats a minute", new.bpm)
            })?;
            Ok(Session::new(SongId::fresh(), name, new.rate, tempo))
        });
        match session {
            Ok(session) => {
                let listed = self.awaits(&new.folder);
                self.jobs.start("New song", listed, move |_| songs::create(new.folder, &session));
            }
            Err(why) => self.notices.tell(Gravity::Failed, "The song was not made", why),
        }
    }

    pub(super) fn open_demo(&mut self) {
        let folder = self.data_folder.join("demo.dawg");
        self.jobs.start("Make the demo song", Listed::Certain, move |progress| songs::demo(folder, progress));
    }

    pub(super) fn save_copy(&mut self, to: PathBuf) {
        let Some(work) = self.work() else { return };
        let (store, session) = (Arc::clone(work.store()), Arc::clone(work.committed()));
        self.jobs.start(format!("Copy to {}", to.display()), Listed::Shown, move |progress| {
            songs::copy(&store, &session, to, progress)
        });
    }

    pub(super) fn import(&mut self, wish: ImportWish) {
        let Some(work) = self.work() else { return };
        if !work.writable() {
            return self.notices.tell(
                Gravity::Attention,
                "This song is open for reading only",
                "Save a copy of it and import there.",
            );
        }
        let (folder, rate) = (work.folder().to_owned(), work.committed().sample_rate);
        let title = match wish.files.as_slice() {
            [file] => format!("Import {}", file.file_name().unwrap_or_default().to_string_lossy()),
            many => format!("Import {} files", many.len()),
        };
        self.jobs.start(title, Listed::Shown, move |progress| files::import(folder, rate, wish, progress));
    }

    pub(super) fn export(&mut self, wish: ExportWish) {
        let Some(work) = self.work() else { return };
        let (session, audio) = (Arc::clone(work.committed()), work.audio_folder());
        let name = wish.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.exported = None;
        self.jobs.start(format!("Export {name}"), Listed::Shown, move |progress| {
            files::export(&session, &audio, &wish, progress)
        });
    }

    pub(super) fn pick(&mut self, pick: Pick) {
        let start = match pick {
            Pick::ExportTo => self.work().map(|work| work.exports_folder()),
            Pick::BrowserFolder => self.preferences.browser_folder.clone(),
            Pick::Audio => None,
            Pick::TableTo => self.places.home.clone(),
            Pick::Song | Pick::NewSongFolder | Pick::CopyTo => Some(self.songs_folder()),
        };
        self.jobs.start("Choose", Listed::Unawaited, move |_| files::pick(pick, start));
    }

    pub(in crate::studio) fn take_pick(&mut self, pick: Pick, paths: &[PathBuf], view: &mut View) {
        match (pick, paths.first()) {
            (_, None) => {}
            (Pick::Song, Some(folder)) => {
                view.dialog = None;
                self.keep_lyrics(view);
                self.open(folder.clone(), dawg_session::Access::Write);
            }
            (Pick::BrowserFolder, Some(folder)) => self.list_folder(folder.clone()),
            _ => {
                if let Some(dialog) = &mut view.dialog {
                    dialog.picked(pick, paths);
                }
            }
        }
    }

    pub(super) fn save_table(&mut self, path: PathBuf, table: crate::studio::operator::table::Table) {
        self.jobs.start("Save table", Listed::Hidden, move |_| files::save_table(path, &table));
    }

    pub(super) fn list_folder(&mut self, folder: PathBuf) {
        self.preferences.browser_folder = Some(folder.clone());
        self.save_preferences();
        self.jobs.start("List folder", Listed::Unawaited, move |_| files::list(folder));
    }

    pub(super) fn show_in_folder(&mut self, path: PathBuf) {
        self.jobs.start("Show in folder", Listed::Unawaited, move |_| files::show_in_folder(&path));
    }
}
