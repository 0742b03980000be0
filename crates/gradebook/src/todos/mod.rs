//! What is left to do, for whom it is.
