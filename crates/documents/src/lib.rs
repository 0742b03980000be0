//! Forms drawn from data, signatures and the digital transcript.
