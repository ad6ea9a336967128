//! How comps sound, against a naive model.
