//! The window's side: tiles of points in memory, the least recently drawn leave first.

use std::collections::HashMap;

use dawg_media::peaks::Peak;
use dawg_session::MediaId;

/// Points of a tile, of any level but the finest.
pub(super) const POINTS: u64 = 1_024;

/// Samples of a tile of the finest level: as many as make one tile of the next.
pub(super) const SAMPLES: u64 = POINTS * super::STEPS[1];

/// Which tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) media: MediaId,
    pub(super) channel: u16,
    pub(super) level: u8,
    pub(super) tile: u32,
}

/// What a tile holds; shorter than usual at the end of its file.
#[derive(Debug)]
pub(super) enum Points {
    Samples(Box<[f32]>),
    Peaks(Box<[Peak]>),
}

impl Points {
    /// The lowest and highest of these points of it.
    pub(super) fn over(&self, from: usize, to: usize) -> Option<Peak> {
        match self {
            Self::Samples(samples) => {
                let part = samples.get(from..to.min(samples.len()))?;
                let (min, max) =
                    part.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(min, max), sample| {
                        (min.min(*sample), max.max(*sample))
                    });
                (min <= max).then_some(Peak { min, max })
            }
            Self::Peaks(peaks) => {
                let part = peaks.get(from..to.min(peaks.len()))?;
                part.iter().copied().reduce(join)
            }
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Samples(samples) => size_of_val::<[f32]>(samples),
            Self::Peaks(peaks) => size_of_val::<[Peak]>(peaks),
        }
    }
}

/// The lowest and highest of two.
pub(super) fn join(a: Peak, b: Peak) -> Peak {
    Peak { min: a.min.min(b.min), max: a.max.max(b.max) }
}

#[derive(Debug)]
struct Tile {
    points: Points,
    used: u64,
}

/// Tiles within a budget of bytes.
#[derive(Debug)]
pub(super) struct Tiles {
    tiles: HashMap<Key, Tile>,
    bytes: usize,
    budget: usize,
    now: u64,
}

impl Tiles {
    pub(super) fn new(budget: usize) -> Self {
        Self { tiles: HashMap::new(), bytes: 0, budget, now: 0 }
    }

    pub(super) fn get(&mut self, key: Key) -> Option<&Points> {
        self.now += 1;
        let tile = self.tiles.get_mut(&key)?;
        tile.used = self.now;
        Some(&tile.points)
    }

    pub(super) fn insert(&mut self, key: Key, points: Points) {
        self.now += 1;
        self.bytes += points.bytes();
        if let Some(old) = self.tiles.insert(key, Tile { points, used: self.now }) {
            self.bytes -= old.points.bytes();
        }
        if self.bytes > self.budget {
            self.shrink();
        }
    }

    /// Lets the oldest go until a quarter of the budget is free, so that this is rare.
    fn shrink(&mut self) {
        let mut ages: Vec<(u64, Key)> = self.tiles.iter().map(|(key, tile)| (tile.used, *key)).collect();
        ages.sort_unstable_by_key(|(used, _)| *used);
        for (_, key) in ages {
            if self.bytes <= self.budget / 4 * 3 {
                break;
            }
            if let Some(tile) = self.tiles.remove(&key) {
                self.bytes -= tile.points.bytes();
            }
        }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}
