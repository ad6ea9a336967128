//! The vocal coach: pitch, notes, vibrato, rhythm, and live feedback.
