//! Pass 1: the song becomes a graph. Tracks whose lanes did not change keep their timelines.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use dawg_media::cache::{Slots, Stream};
use dawg_plugins::Tail;
use dawg_session::{Media, MediaId, Session, TempoMap, Track, TrackId, plays_the_same, resolve};

use super::graph::{Graph, GraphNode, Kind};
use crate::plan::NodeId;
use crate::timeline::{Piece, Timeline};

/// Timelines and streams kept from one Plan to the next.
#[derive(Debug)]
pub(crate) struct Resolver {
    audio_folder: PathBuf,
    slots: Arc<Slots>,
    streams: HashMap<MediaId, (Arc<Media>, Arc<Stream>)>,
    tracks: HashMap<TrackId, (Arc<Track>, Arc<Timeline>)>,
    tempo: Option<Arc<TempoMap>>,
}

impl Resolver {
    pub(crate) fn new(audio_folder: PathBuf, slots: Arc<Slots>) -> Self {
        Self { audio_folder, slots, streams: HashMap::new(), tracks: HashMap::new(), tempo: None }
    }

    /// The song's graph; `dying` are tracks that are fading out of it.
    pub(crate) fn resolve(&mut self, session: &Session, dying: &[Arc<Track>]) -> (Graph, Arc<TempoMap>) {
        let tempo = self.tempo_of(session);
        let media_changed = self.update_streams(session);
        let mut graph = Graph::default();
        let mut inputs = Vec::new();
        let mut kept = HashMap::with_capacity(session.tracks.len());
        for track in session.tracks.iter().chain(dying) {
            let timeline = match self.tracks.get(&track.id) {
                Some((before, timeline)) if !media_changed && same_timeline(before, track) => {
                    Arc::clone(timeline)
                }
                _ => Arc::new(self.timeline(session, track)),
            };
            kept.insert(track.id, (Arc::clone(track), Arc::clone(&timeline)));
            let source = graph.add(node(
                NodeId::Source(track.id),
                Kind::Source(timeline),
                vec![],
                track.layout.channels(),
            ));
            inputs.push(graph.add(node(NodeId::Strip(track.id), Kind::Node, vec![source], 2)));
        }
        self.tracks = kept;
        let bus = graph.add(node(NodeId::MasterBus, Kind::Bus, inputs, 2));
        graph.output = graph.add(node(NodeId::MasterStrip, Kind::Node, vec![bus], 2));
        (graph, tempo)
    }

    fn tempo_of(&mut self, session: &Session) -> Arc<TempoMap> {
        match &self.tempo {
            Some(tempo) if **tempo == session.tempo_map => Arc::clone(tempo),
            _ => {
                // Clips that stand in bars have moved.
                self.tracks.clear();
                let tempo = Arc::new(session.tempo_map.clone());
                self.tempo = Some(Arc::clone(&tempo));
                tempo
            }
        }
    }

    /// Streams for all media; true if one that was there is another now (relinked).
    fn update_streams(&mut self, session: &Session) -> bool {
        let mut changed = false;
        self.streams.retain(|id, _| session.media.contains_key(id));
        for (id, media) in &session.media {
            let known = self.streams.get(id);
            if known.is_some_and(|(before, _)| Arc::ptr_eq(before, media) || same_file(before, media)) {
                continue;
            }
            changed |= known.is_some();
            let frames = u64::try_from(media.frames.0).unwrap_or(0);
            let stream =
                Stream::new(&self.slots, &self.audio_folder.join(&media.file), media.channels, frames);
            self.streams.insert(*id, (Arc::clone(media), stream));
        }
        changed
    }

    fn timeline(&self, session: &Session, track: &Track) -> Timeline {
        let played = resolve(session, track);
        Timeline::new(played.iter().filter_map(|played| {
            let (_, stream) = self.streams.get(&played.media)?;
            Some(Piece::new(played, track.layout.channels(), stream))
        }))
    }
}

fn node(id: NodeId, kind: Kind, inputs: Vec<usize>, channels: u16) -> GraphNode {
    GraphNode { id, kind, inputs, channels, latency: 0, tail: Tail::Frames(0) }
}

fn same_file(a: &Media, b: &Media) -> bool {
    a.file == b.file && a.channels == b.channels && a.frames == b.frames
}

/// Whether the one's timeline is the other's, given the same files and tempo.
pub(crate) fn same_timeline(before: &Arc<Track>, now: &Arc<Track>) -> bool {
    Arc::ptr_eq(before, now) || (before.layout == now.layout && plays_the_same(before, now))
}
