//! Vietnamese text: one spelling (NFC), search without marks, the order of a class list, names, and the small
//! formats that people write by hand: personal IDs, phone numbers, dates.
//!
//! Everything here is pure. Nothing changes what a person wrote without saying so: functions that repair a value
//! return what they repaired.

mod date;
mod fold;
mod name;
mod order;
mod personal_id;
mod phone;

pub use date::{DateFault, dmy, from_excel_serial, parse_date, school_year_start};
pub use dto::learners::Sex;
pub use fold::{clean, fold, nfc, slug};
pub use name::{Name, split_name};
pub use order::{SORT_KEY_VERSION, sort_key};
pub use personal_id::{PersonalId, PersonalIdFault, PersonalIdWarning};
pub use phone::{Phone, PhoneFault, parse_phone};
