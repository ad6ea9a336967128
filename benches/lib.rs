//! What the benches share: songs of a given size.
