//! Punching: what of a roll becomes takes.

/// What of a roll becomes takes. All of it is in the file, so that a take's edges can be dragged outwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punch {
    /// From where the song begins to roll, until this song frame if it is known.
    All(Option<i64>),
    /// These song frames alone, in each pass (auto-punch): the first, and the one after the last. What is monitored
    /// switches there.
    Range(i64, i64),
    /// What lies between [`Engine::punch`](crate::Engine::punch) in and out (quick-punch). Without any, nothing.
    Quick,
}

impl Punch {
    /// First song frame of the takes, if they have one.
    #[must_use]
    pub const fn first(self) -> Option<i64> {
        match self {
            // The song begins to roll where it is told to; a loop or a locate may lead further back.
            Self::All(_) | Self::Quick => None,
            Self::Range(first, _) => Some(first),
        }
    }

    /// Song frame after their last, if it is known.
    #[must_use]
    pub const fn last(self) -> Option<i64> {
        match self {
            Self::All(to) => to,
            Self::Range(_, to) => Some(to),
            Self::Quick => None,
        }
    }

    /// Whether song frame `position` is wanted; `by_hand` says whether a hand has punched in.
    #[must_use]
    pub fn wants(self, position: i64, by_hand: bool) -> bool {
        match self {
            Self::Quick => by_hand,
            _ => self.first().is_none_or(|first| first <= position) && self.is_before_last(position),
        }
    }

    /// Frames from `position` until what is wanted changes by itself, if it will.
    #[must_use]
    pub fn until_turn(self, position: i64) -> Option<i64> {
        let edges = [self.first(), self.last()];
        edges.into_iter().flatten().map(|edge| edge.saturating_sub(position)).find(|frames| *frames > 0)
    }

    fn is_before_last(self, position: i64) -> bool {
        self.last().is_none_or(|last| position < last)
    }
}
