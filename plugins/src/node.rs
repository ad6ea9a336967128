//! The one trait of everything that processes sound.

/// Stable number of a parameter, the same in every version of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamId(pub u32);

/// What a parameter's number means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A linear gain, 1 = unchanged.
    LinearGain,
    /// −1 (left) to 1 (right).
    Pan,
    /// 0 or 1.
    Switch,
    /// Frames.
    Frames,
}

/// One parameter: a plain `f64` in a stated unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ParamInfo {
    /// Its number.
    pub id: ParamId,
    /// Its name, for people.
    pub name: &'static str,
    /// What its number means.
    pub unit: Unit,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
    /// Value of a fresh instance.
    pub default: f64,
}

/// Channels of the main input and output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Channels in.
    pub inputs: u16,
    /// Channels out.
    pub outputs: u16,
}

/// For how long a node sounds after its input has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// This many frames; 0 for none.
    Frames(u32),
    /// Until it is reset.
    Infinite,
}

/// What a node may know of the transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransportView {
    /// Song position of the block's first frame, in frames.
    pub position: i64,
    /// Whether the position moves.
    pub rolling: bool,
    /// Whether captures are running.
    pub recording: bool,
}

/// Something that happens at a frame of the block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// Frame within the block.
    pub offset: u32,
    /// What happens.
    pub kind: EventKind,
}

/// What can happen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum EventKind {
    /// A person's gesture: glide to the value over a fixed 256 frames.
    Glide {
        /// Which parameter.
        param: ParamId,
        /// Where to.
        value: f64,
    },
    /// Automation, or a state that is loaded: be at the value exactly, at this frame.
    Set {
        /// Which parameter.
        param: ParamId,
        /// Which value.
        value: f64,
    },
}

/// Events of a block, sorted by offset, in room that never grows.
#[derive(Debug)]
pub struct Events {
    list: Vec<Event>,
    lost: u32,
}

impl Events {
    /// Room for `capacity` events a block.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self { list: Vec::with_capacity(capacity), lost: 0 }
    }

    /// Adds an event; offsets must not decrease. When the room is full it is counted as lost. Real-time safe.
    pub fn push(&mut self, event: Event) {
        debug_assert!(self.list.last().is_none_or(|last| last.offset <= event.offset), "events out of order");
        if self.list.len() < self.list.capacity() {
            self.list.push(event);
        } else {
            self.lost += 1;
        }
    }

    /// Adds a gesture at the block's start; one for the same parameter that still waits is overtaken by it, so
    /// that a fader moved often always arrives where it was left. Real-time safe.
    pub fn glide(&mut self, param: ParamId, value: f64) {
        for event in &mut self.list {
            if let EventKind::Glide { param: waiting, value: target } = &mut event.kind
                && *waiting == param
            {
                *target = value;
                return;
            }
        }
        self.push(Event { offset: 0, kind: EventKind::Glide { param, value } });
    }

    /// The events in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Event] {
        &self.list
    }

    /// How many did not fit since the last clearing.
    #[must_use]
    pub fn lost(&self) -> u32 {
        self.lost
    }

    /// Empties it, keeping its room. Real-time safe.
    pub fn clear(&mut self) {
        self.list.clear();
        self.lost = 0;
    }
}

/// The context of one call.
#[derive(Debug, Clone, Copy)]
pub struct Process<'a> {
    /// Where the song is.
    pub transport: TransportView,
    /// What happens in this block, sorted.
    pub events: &'a [Event],
    /// Frames of this block; every slice of the [`Audio`] is this long.
    pub frames: usize,
}

/// Planar audio of one call: `inputs[channel][frame]`, and the same for the outputs, which start undefined and
/// must be written whole.
#[derive(Debug)]
pub struct Audio<'a, 'b> {
    /// One slice a channel of the input port.
    pub inputs: &'a [&'b [f32]],
    /// One slice a channel of the output port.
    pub outputs: &'a mut [&'b mut [f32]],
}

/// Something that processes sound. Built off the audio thread, then owned by it.
pub trait Node: Send {
    /// Channels in and out; fixed for the life of the instance.
    fn ports(&self) -> Ports;

    /// Frames by which the output is late. A change takes effect when the Plan is next compiled.
    fn latency(&self) -> u32 {
        0
    }

    /// How long it sounds after its input has ended.
    fn tail(&self) -> Tail {
        Tail::Frames(0)
    }

    /// Its parameters.
    fn params(&self) -> &'static [ParamInfo] {
        &[]
    }

    /// Value of a parameter, `None` if there is no such one.
    fn param(&self, _id: ParamId) -> Option<f64> {
        None
    }

    /// One block. Real-time safe: no allocation, lock, wait, log, panic or system call. What comes out must not
    /// depend on how the song is cut into blocks.
    fn process(&mut self, process: &Process<'_>, audio: &mut Audio<'_, '_>, out: &mut Events);

    /// Forgets what it has heard. Real-time safe.
    fn reset(&mut self);
}
