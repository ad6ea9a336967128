//! The engine alone: what is so, second by second, and what becomes of it.
