//! What our sidecars share: arguments, port, `/health`, the door, and how they end.
