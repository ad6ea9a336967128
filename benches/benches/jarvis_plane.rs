//! `GET /health` through a real client on loopback, of an owner that runs in this program: one client alone, and four at
//! the same time, each over a connection that it keeps.
//!
//! The aim: 1,000 requests a second, 95 of a hundred within 5 ms.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench says what it measured, and fails loudly"
)]

use std::time::Instant;

use dawg_benches::timing::{Times, quick};
use jarvis::layout::Layout;
use jarvis::owner::{Options, Owner};
use jarvis::process::system::Program;
use ureq::Agent;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let layout = Layout::within(folder.path());
    layout.make().unwrap();
    // No sidecars: only the control plane is asked.
    std::fs::write(layout.sidecars(), "").unwrap();
    let program = Program { path: "none".into(), keeper: Vec::new() };
    let owner = Owner::start(Options { layout, program, environment: None, port: Ok(0) }).unwrap();
    let url = format!("http://127.0.0.1:{}/health", owner.port());
    let requests = if quick() { 200 } else { 20_000 };
    ask(&url, requests / 10);
    println!("| clients | requests a second | median | 95 of 100 | 99 of 100 | worst |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for clients in [1, 4] {
        let begun = Instant::now();
        let all: Vec<Times> = std::thread::scope(|scope| {
            let asking: Vec<_> =
                (0..clients).map(|_| scope.spawn(|| ask(&url, requests / clients))).collect();
            asking.into_iter().map(|client| client.join().unwrap()).collect()
        });
        let rate = requests as f64 / begun.elapsed().as_secs_f64();
        let cell = |share: f64| {
            // The slowest client's: none is hidden by the others.
            let worst = all.iter().map(|times| times.quantile(share)).max().unwrap_or_default();
            format!("{:.3} ms", worst.as_secs_f64() * 1e3)
        };
        println!(
            "| {clients} | {rate:.0} | {} | {} | {} | {} |",
            cell(0.5),
            cell(0.95),
            cell(0.99),
            cell(1.0)
        );
    }
}

fn ask(url: &str, requests: usize) -> Times {
    let agent: Agent = Agent::config_builder().proxy(None).build().into();
    let mut times = Times::default();
    for _ in 0..requests {
        times.time(|| {
            let mut answer = agent.get(url).call().unwrap();
            assert!(answer.body_mut().read_to_string().unwrap().contains("jarvis"));
        });
    }
    times
}
