//! Small parts that fetch nothing.

// A kit: some parts wait for their next page.
#![allow(dead_code, unused_imports)]

mod autosave;
mod button;
mod choice;
mod dialog;
mod drop;
mod effect;
pub mod export;
mod field;
pub mod file;
mod form;
mod icon;
mod load;
mod pages;
mod parts;
mod states;
pub mod toast;
mod xlsx;

pub use autosave::Autosave;
pub use button::{Button, CopyButton, Look};
pub use choice::{Choice, Combo, Finder};
pub use dialog::Dialog;
pub use drop::DropZone;
pub use effect::effect;
pub use export::ExportShown;
pub use field::{Check, DateField, Field, PasswordField, SearchField, SelectField, or_all};
pub use file::save_as;
pub use form::{Form, FormFault};
pub use icon::{Icon, icon, mark};
pub use load::{Loader, load};
pub use pages::{Pages, pages};
pub use parts::{Crumb, Crumbs, Header, Pill, Progress, Steps, Tab, Tabs, Tone, table};

pub use states::{Bones, Empty, Fault, NotFound, OfflineBanner, choose_school};
