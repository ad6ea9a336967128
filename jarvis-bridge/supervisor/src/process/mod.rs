//! Sidecars as processes: started, told to end, and never left alone.
//!
//! Start at [`ProcessHost`]. The machine's is [`system::SystemHost`]; the simulation brings its own. Four things keep a
//! sidecar from outliving its owner: its standard input, which ends with the owner; on Linux the death signal; the
//! process group, which is swept when its leader ends; and `running.json`, by which the next owner ends what was left.
//! Other programs, which do not know of the first, run under a [`keeper`].

#[cfg(unix)]
pub mod keeper;
#[cfg(unix)]
pub mod leftover;
pub mod log;
#[cfg(target_os = "linux")]
pub(crate) mod proc;
#[cfg(unix)]
pub mod system;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::Identity;
use crate::deep::Readings;

/// Whether this system tells whose a listening socket is, so that another program is not taken for what was started.
pub const PROVES: bool = cfg!(target_os = "linux");

/// One run of a sidecar, from its start to its end. Never given twice by an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u64);

/// What to start.
#[derive(Debug, Clone)]
pub struct Order {
    /// Which run it will be.
    pub run: RunId,
    /// The sidecar's name.
    pub name: Arc<str>,
    /// Program and arguments as declared, `{port}` still in them.
    pub command: Vec<String>,
    /// What it finds in its environment, besides ours.
    pub environment: BTreeMap<String, String>,
    /// Which protocol it speaks.
    pub identity: Identity,
    /// The port it wants; 0: any.
    pub port: u16,
    /// Whether it may be given another port.
    pub moves: bool,
    /// Its nonce: `DAWG_INSTANCE`.
    pub instance: String,
    /// What it asks of whoever speaks to it: `DAWG_TOKEN`.
    pub token: String,
    /// How long it may take to end when asked politely; its keeper must know.
    pub grace: Duration,
}

/// How a run is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It is asked: its standard input ends, and it gets SIGTERM.
    Gracefully,
    /// It is killed with its group; a keeper is told to kill what it keeps.
    AtOnce,
    /// Whatever is in sight is killed, keepers as well.
    Forced,
}

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// By itself.
    Code(i32),
    /// By a signal.
    Signal(i32),
}

impl Display for Exit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(9) => f.write_str("killed (signal 9)"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// What became of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is there.
    Started {
        /// Its process, the leader of its group.
        pid: u32,
        /// The port that was put into its command; none for one that says its port itself.
        port: Option<u16>,
        /// Why that is another one than it is to have; none: it is not, or any will do.
        instead: Option<String>,
    },
    /// It says that it listens at this port.
    Listens(u16),
    /// It is over, and so is its process group.
    Ended {
        /// How.
        exit: Exit,
        /// The last line it wrote.
        last_line: Option<String>,
    },
    /// It could not be started.
    Failed(String),
    /// Another program has its port, and its command has no place for another one.
    PortTaken {
        /// Which port.
        port: u16,
        /// Whose, as far as the system tells.
        pid: Option<u32>,
    },
}

/// Starts and ends processes, and tells what became of them. Does not block: what it is asked for happens soon.
pub trait ProcessHost {
    /// Starts one.
    fn start(&mut self, order: Order);

    /// Ends one; nothing if it is over already.
    fn end(&mut self, run: RunId, manner: Manner);

    /// What has happened since it was asked last, in order.
    fn fates(&mut self) -> Vec<(RunId, Fate)>;

    /// Measures the machine, this program, and the process groups of these leaders. Does not wait for it.
    fn measure(&mut self, groups: Vec<(Arc<str>, u32)>);

    /// What was measured since it was asked last, if anything was.
    fn measured(&mut self) -> Option<Readings>;
}
