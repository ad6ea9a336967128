//! What was sung without recording becomes takes: copied from the engine's memory here, written by a thread of its own.

use std::sync::Arc;

use dawg_engine::capture;
use dawg_engine::retrospect::Still;
use dawg_media::wav::SampleFormat;
use dawg_session::TrackId;

use super::SoundEvent;
use super::device::sentence;
use super::thread::SoundThread;

impl SoundThread {
    /// Keeps what the inputs of `tracks` heard lately. The engine goes on as it was.
    pub(super) fn keep(&mut self, tracks: &[TrackId], seconds: Option<f64>, float: bool) {
        if let Err(why) = self.try_keep(tracks, seconds, float) {
            self.tell(SoundEvent::KeepRefused(why));
        }
    }

    fn try_keep(&mut self, tracks: &[TrackId], seconds: Option<f64>, float: bool) -> Result<(), String> {
        let (Some(song), Some(engine)) = (&self.song, &mut self.engine) else {
            return Err("There is no sound device, so nothing was heard.".to_owned());
        };
        let read_only = "The song is open for reading only. Save a copy of it and sing there.";
        let store = Arc::clone(song.store.as_ref().ok_or(read_only)?);
        let round_trip = self.figures.round_trip(engine).frames;
        let mut kept = Vec::new();
        for track in tracks.iter().filter_map(|id| song.session.track(*id)) {
            let heard = engine.keep(track.input.channels(), seconds, round_trip);
            kept.push((track.id, heard.map_err(|error| sentence(&error.to_string()))?));
        }
        let notice = kept.iter().find_map(|(_, kept)| kept.still).map(Still::notice);
        let (session, folder) = (Arc::clone(&song.session), song.folder.clone());
        let format = if float { SampleFormat::Float32 } else { SampleFormat::Int24 };
        let (events, waker) = (self.ends.events.clone(), Arc::clone(&self.ends.waker));
        let write = move || {
            let event = match capture::keep(&session, &store, &kept, format) {
                Ok(recorded) => SoundEvent::Kept { folder, recorded, notice },
                Err(error) => SoundEvent::KeepRefused(sentence(&error.to_string())),
            };
            // The window may be gone; what is on disk becomes takes at the next opening.
            _ = events.send(event);
            waker();
        };
        let thread = std::thread::Builder::new().name("keep".to_owned()).spawn(write);
        let thread =
            thread.map_err(|error| format!("The system gives no thread ({error}). Close other programs."))?;
        self.keepers.push(thread);
        Ok(())
    }

    /// Whether something that was kept is still being written: until then it is in memory alone, and neither its song
    /// nor the program may go.
    pub(super) fn keeps(&mut self) -> bool {
        self.keepers.retain(|thread| !thread.is_finished());
        !self.keepers.is_empty()
    }
}
