//! The engine's export alone, as `ai-dawg export SONG OUT` does it: for profilers.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the benches")]

use std::path::Path;

use dawg_engine::export::{Range, export};
use dawg_media::Progress;
use dawg_media::encode::Kind;
use dawg_media::wav::SampleFormat;
use dawg_session::store::AUDIO_FOLDER;
use dawg_session::{Access, Store};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (song, out) = (arguments.next().unwrap(), arguments.next().unwrap());
    let opened = Store::open(Path::new(&song), Access::ReadOnly).unwrap();
    let audio = Path::new(&song).join(AUDIO_FOLDER);
    let kind = Kind::Wav(SampleFormat::Int24);
    let exported =
        export(opened.document.session(), &audio, Path::new(&out), kind, Range::Song, &Progress::new());
    println!("{:?}", exported.unwrap());
}
