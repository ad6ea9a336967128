//! The view of the supervisor, from what is known of it to what is shown: by accessible name, in the whole window.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests, which print what they measure")]

mod keys;
mod made;
mod order;
mod pages;
mod pictures;
mod real;
mod window;
