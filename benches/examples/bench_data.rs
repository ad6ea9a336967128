//! Makes the tracks and songs that `script/bench` exports, and prints where they are.
//!
//! `bench_data N...`: for each N a song `N.dawg` of N stereo tracks of 60 s; the tracks are in `mix/in/`.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program of the benches")]

use dawg_benches::{data, song, tracks};

fn main() {
    let folder = data::folder();
    let counts: Vec<usize> = std::env::args().skip(1).map(|count| count.parse().unwrap()).collect();
    let most = counts.iter().copied().max().unwrap_or(0);
    let frames = song::MIX_SECONDS * tracks::RATE as usize;
    tracks::make(&folder.join("mix/in"), most, frames);
    for count in counts {
        song::store(&folder.join(format!("{count}.dawg")), &song::mix(count, frames), &folder.join("mix/in"));
    }
    println!("{}", folder.display());
}
