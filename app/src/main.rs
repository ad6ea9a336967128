//! `ai-dawg`: the whole product in one binary.

use std::process::ExitCode;

/// Lets the audio callback be guarded: in debug builds an allocation in it aborts the program, so that no such
/// fault outlives its first run. Release builds use the system's allocator as it is.
#[cfg(debug_assertions)]
#[global_allocator]
static ALLOCATOR: assert_no_alloc::AllocDisabler = assert_no_alloc::AllocDisabler;

fn main() -> ExitCode {
    ai_dawg::cli::main()
}
