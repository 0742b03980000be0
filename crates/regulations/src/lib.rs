//! Circulars.
mod entry;
mod fold;
mod level;
mod mark;
mod policy;
mod reason;
mod slot;

pub use entry::{CellFault, CellValue, Lang, Parsed, SubjectKind, format_cell, parse_cell};
pub use level::{Award, Learning, Level, Promotion};
pub use mark::{Mark, MarkOutOfRange, Rounding};
pub use policy::{Adjustment, HalfExempt, Policy, Regulation, policy_for, tt22_since};
pub use reason::{Period, Reason};
pub use slot::{Slot, SlotName, UnknownSlot, regular_count, slots};
