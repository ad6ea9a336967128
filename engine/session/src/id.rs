//! Names of things that never change: UUIDv7, made by the caller of an Edit, strings in JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(with = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id from clock and randomness: never called by an Edit, only by whoever makes one.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id with these 128 bits, for tests that must be repeatable.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }

            /// The 128 bits of this id.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A song, the same in each copy of its file.
    SongId
);
id!(
    /// A track.
    TrackId
);
id!(
    /// A lane (take) of a track.
    LaneId
);
id!(
    /// A comp of a track.
    CompId
);
id!(
    /// A clip on a lane.
    ClipId
);
id!(
    /// An audio file in the song's pool. Random, not a hash: a running capture has none yet.
    MediaId
);
id!(
    /// A running or finished capture: one file per track and roll.
    CaptureId
);
