//! Papers: what is drawn, and what stands in it; what is signed, and how anybody checks it.

mod attest;
