//! Offline render: the same Processor, as fast as it goes, waiting for the disk instead of missing it.
//!
//! Builds its own Processor and instances from the Session, so it may run while the song plays. Start at
//! [`Renderer`].

use std::path::Path;
use std::sync::Arc;

use dawg_media::cache::{Filler, Slots};
use dawg_media::{MediaError, Progress};
use dawg_session::Session;

use crate::compile::{Compiler, Feedback};
use crate::plan::Plan;
use crate::processor::command::Command;
use crate::processor::{Controls, Io, Processor};
use crate::roles::AudioThread;
use crate::timeline::Timeline;

/// Frames rendered at a time: half a cache block, so that what was just decoded is mixed while it is still in the
/// processor's own cache.
pub const RENDER_BLOCK: usize = 4_096;

/// Why a render failed. The file that was to be made does not exist then.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// An audio file of the song could not be read, or the result not written.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The routing goes in a circle.
    #[error(transparent)]
    Feedback(#[from] Feedback),
    /// There is nothing to render.
    #[error(
        "there is nothing to render: the song has no clip that plays. Import a file or record first, or give a --range"
    )]
    Empty,
    /// More is wanted at once than the cache can hold.
    #[error(
        "more files sound at once than fit into the render cache; this is a fault in the program, please report it"
    )]
    CacheTooSmall,
}

/// Renders one song, from one place on, with fresh state.
#[derive(Debug)]
pub struct Renderer {
    processor: Processor,
    controls: Controls,
    filler: Filler,
    timelines: Vec<Arc<Timeline>>,
    position: i64,
    latency: usize,
    block: usize,
    planes: [Vec<f32>; 2],
}

impl Renderer {
    /// A renderer of `session`, whose files lie in `audio_folder`, from song frame `from` on, in blocks of
    /// `block` frames (the result does not depend on it).
    ///
    /// # Errors
    /// [`RenderError::Feedback`].
    pub fn new(session: &Session, audio_folder: &Path, from: i64, block: usize) -> Result<Self, RenderError> {
        let block = block.max(1);
        let slots = Slots::with_bytes(cache_bytes(session));
        let mut compiler = Compiler::new(audio_folder.to_owned(), Arc::clone(&slots), block);
        let installation = compiler.compile(session, &[])?;
        let latency = installation.plan.latency as usize;
        let timelines = installation.plan.timelines().cloned().collect();
        let (processor, mut controls) = Processor::new(session.sample_rate, block, false);
        for command in
            [Command::Install(installation), Command::Play { from: Some(from), count_in: 0, taps: None }]
        {
            // The ring is new and has room for thousands.
            let _ = controls.commands.push(command);
        }
        let mut renderer = Self {
            processor,
            controls,
            filler: Filler::new(&slots),
            timelines,
            position: from,
            latency,
            block,
            planes: [vec![0.0; block], vec![0.0; block]],
        };
        renderer.skip_latency()?;
        Ok(renderer)
    }

    /// The Plan that it renders.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        self.processor.plan()
    }

    /// Renders `frames` frames and hands them to `sink` in planar pieces (left, right) of at most a block.
    ///
    /// # Errors
    /// When a file cannot be read, `sink` fails, or `progress` is cancelled.
    pub fn render(
        &mut self,
        frames: u64,
        progress: &Progress,
        mut sink: impl FnMut(&[&[f32]]) -> Result<(), MediaError>,
    ) -> Result<(), RenderError> {
        progress.set_total(frames);
        let mut left = frames;
        while left > 0 {
            progress.check()?;
            let n = self.step(left.min(self.block as u64) as usize)?;
            sink(&[&self.planes[0][..n], &self.planes[1][..n]])?;
            progress.advance(n as u64);
            left -= n as u64;
        }
        Ok(())
    }

    /// What comes out first is older than `from` by the Plan's latency.
    fn skip_latency(&mut self) -> Result<(), RenderError> {
        let mut left = self.latency;
        while left > 0 {
            left -= self.step(left.min(self.block))?;
        }
        Ok(())
    }

    /// Renders up to `frames` frames; returns how many.
    fn step(&mut self, frames: usize) -> Result<usize, RenderError> {
        let mut frames = frames;
        while !self.fetch(frames)? {
            // Very many short clips of different files: fewer at a time fit.
            frames /= 2;
            if frames == 0 {
                return Err(RenderError::CacheTooSmall);
            }
        }
        let [left, right] = &mut self.planes;
        let mut output = [&mut left[..frames], &mut right[..frames]];
        let audio_thread = AudioThread::enter();
        self.processor.process(
            &audio_thread,
            &mut Io { input: &[], output: &mut output, frames, frame_time: self.position as u64 },
        );
        drop(audio_thread);
        self.position += frames as i64;
        while self.controls.garbage.pop().is_ok() {}
        if self.controls.vitals.read().missed_frames > 0 {
            return Err(RenderError::CacheTooSmall);
        }
        Ok(frames)
    }

    /// Waits for every block that the coming frames need; false if they do not all fit.
    fn fetch(&mut self, frames: usize) -> Result<bool, MediaError> {
        self.filler.begin_round();
        let mut fits = Ok(true);
        for timeline in &self.timelines {
            timeline.blocks_between(self.position, self.position + frames as i64, |stream, block| {
                if matches!(fits, Ok(true)) {
                    fits = self.filler.fetch(stream, block);
                }
            });
        }
        fits
    }
}

/// Room for two blocks of every channel that can sound at once, and some.
fn cache_bytes(session: &Session) -> usize {
    let channels = |track: &dawg_session::Track| {
        let clips = track.lanes.iter().flat_map(|lane| &lane.clips);
        clips.filter_map(|clip| session.media.get(&clip.media)).map(|media| usize::from(media.channels)).max()
    };
    let channels: usize = session.tracks.iter().filter_map(|track| channels(track)).sum();
    (channels * 3 + 16) * dawg_media::cache::BLOCK_FRAMES * size_of::<f32>()
}
