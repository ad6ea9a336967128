//! The end-to-end test harness: the real binary, a real audio server, real processes and disks.
//!
//! For whoever writes a test in `tests/tests/`. Start at [`Program`] for anything at the command line, and
//! at [`JackServer`] for anything that sounds: a [`Microphone`] sings into the program, a [`Listener`]
//! writes down what it plays, a [`Loopback`] is the cable from its output to its input. [`SmallDisk`] fills
//! up, [`PulseServer`] is the sound of an ordinary desktop, [`signal`] has material that can be recognised
//! to the sample. [`Window`] is the program's window on a [`Display`], used by keys and mouse.
//!
//! Below the program, [`torture`] is the one song that serves all tests of bit-identity, and [`sung`] is singing
//! whose pitch is known.
//!
//! Nothing here returns an error: what the harness cannot do fails the test at once, by a panic that says
//! what is missing and shows what the program and the server have said. A machine without JACK therefore
//! fails; it never skips.
//!
//! Everything that is started is ended on drop, by its own process id. Sounding tests take turns, in all
//! processes of this machine ([`JackServer::start`] waits): two real-time servers on two cores would only
//! measure each other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "test support: a panic is how it reports, and it polls processes that cannot notify it"
)]

mod awake;
mod client;
mod connection;
mod cycles;
mod daemon;
mod display;
mod dropouts;
mod env;
mod health;
mod last_header;
mod listener;
mod loopback;
mod microphone;
mod owner;
mod patience;
mod picture;
mod program;
mod pulse;
mod running;
mod server;
mod shown;
pub mod signal;
mod slow_disk;
pub mod sung;
mod threads;
mod tmpfs;
pub mod torture;
mod turn;
mod voice;
mod window;
mod witness;

pub use connection::find_port;
pub use display::Display;
pub use dropouts::without_dropouts;
pub use last_header::{LastHeader, Then};
pub use listener::Listener;
pub use loopback::{Cabling, Loopback};
pub use microphone::Microphone;
pub use patience::{monotonic, patiently, poll, until};
pub use picture::Picture;
pub use program::{Output, Program};
pub use pulse::PulseServer;
pub use running::Running;
pub use server::{Hanging, JackServer};
pub use shown::{Control, Shown};
pub use slow_disk::SlowDisk;
pub use threads::{threads, turns, waits};
pub use tmpfs::SmallDisk;
pub use voice::studio;
pub use window::Window;
pub use witness::Witness;
