//! Laws of the line of time.
