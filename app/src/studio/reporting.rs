//! What the studio tells the supervisor: which things were used. Each kind from the one place that knows it.
//!
//! Start at `Studio::supervise`.

use dawg_engine::export::Exported;
use dawg_session::{ClipId, Edit, Session};

use super::{Stage, Studio};
use crate::sound::Waker;
use crate::supervision::{Supervision, Used};

impl Studio {
    /// From now on sidecars are supervised from here, or by whoever does it already, and told of what happens. The real window
    /// asks for this.
    pub fn supervise(&mut self, waker: Waker) {
        self.supervision = Supervision::start(&self.data_folder, waker);
        self.supervision.report(&self.data_folder, self.sound.take_vitals());
    }

    /// The supervisor, as this program has it.
    #[must_use]
    pub fn supervision(&self) -> &Supervision {
        &self.supervision
    }

    /// Tells what came up since the last frame. Without a supervisor it is forgotten.
    pub(super) fn report(&mut self) {
        for (title, detail) in self.notices.failures() {
            self.supervision.used(&Used::Error { title, detail });
        }
        if let Stage::Open(work) = &mut self.stage {
            for (comp, track) in work.comps_made() {
                self.supervision.used(&Used::CompMade { comp, track });
            }
        }
        self.supervision.retry();
    }

    /// A song was opened: from now on its disk is watched.
    pub(super) fn report_opened(&mut self) {
        let Some(work) = self.work() else { return };
        let (song, folder) = (work.session().name.to_string(), work.folder().to_owned());
        self.supervision.used(&Used::SongOpened { song });
        self.supervision.watch_disk(folder);
    }

    /// A song could not be opened, and the page says so.
    pub(super) fn report_not_opened(&mut self, title: String, detail: String) {
        self.supervision.used(&Used::Error { title, detail });
    }

    pub(super) fn report_exported(&mut self, exported: &Exported) {
        let file = exported.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let seconds = exported.frames as f64 / f64::from(exported.rate.max(1));
        let lufs = exported.lufs.is_finite().then_some(exported.lufs);
        self.supervision.used(&Used::Exported { file, seconds, lufs });
    }

    /// These clips of the song are new takes.
    pub(super) fn report_takes(&mut self, clips: &[ClipId]) {
        let Some(work) = self.work() else { return };
        for take in takes(work.committed(), clips) {
            self.supervision.used(&take);
        }
    }
}

/// The comps that these Edits make, each with the name of its track.
pub(super) fn made(session: &Session, edits: &[Edit]) -> Vec<(String, String)> {
    let made = edits.iter().filter_map(|edit| match edit {
        Edit::AddComp { track, comp, .. } => {
            Some((comp.name.to_string(), session.track(*track)?.name.to_string()))
        }
        _ => None,
    });
    made.collect()
}

fn takes(session: &Session, clips: &[ClipId]) -> Vec<Used> {
    let rate = session.sample_rate;
    let found = clips.iter().filter_map(|clip| session.clip(*clip));
    let taken = found.map(|(track, lane, clip)| {
        let (start, end) = clip.span(&session.tempo_map, rate);
        let seconds = (end - start) as f64 / f64::from(rate.max(1));
        Used::TakeRecorded { take: lane.name.to_string(), track: track.name.to_string(), seconds }
    });
    taken.collect()
}
