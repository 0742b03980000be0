//! The one vocabulary of Khuê: what the API takes and gives, what the domains take and give, and what the
//! browser holds are the same structs. No database, no HTTP, no clock; compiles to WebAssembly.
//!
//! | module | resources |
//! |---|---|
//! | [`codes`], [`problem`] | every error, with its status and its text in both languages (RFC 9457) |
//! | [`ids`], [`page`] | identifiers; seek pagination |
//! | [`access`] | roles, permissions and the table between them |
//! | [`identity`] | sessions, accounts, one-time codes |
//! | [`saved_filters`] | filters of lists that a person keeps |
//! | [`units`], [`calendar`], [`classes`], [`learners`], [`staff`], [`imports`] | records |
//! | [`gradebook`], [`closing_runs`] | mark sheets, conduct, closing of one class and of many, results |
//! | [`network`] | how units were opened, renamed, merged, split, closed; administrative codes |
//! | [`rollover`] | the year rollover of a school and of many |
//! | [`contact`] | the contact book: notices, threads, leave, channels |
//! | [`preschool`] | what preschool children reach |
//! | [`staff_records`], [`staff_load`], [`trainings`] | what is known of staff over time, how much they teach, training |
//! | [`one_record`], [`transfers`] | one record for life: offers, duplicates, codes; from school to school |
//! | [`growth`] | weight and height of children, z-scores, charts |
//! | [`health`] | check rounds, vaccinations, conditions, first aid, who looked |
//! | [`publications`] | what a school shows to the public |
//! | [`consents`] | purposes, consents, requests about data, retention |
//! | [`council`] | absences and evidence by date, the summer, the council of a class, the next year |
//! | [`transcripts`] | digital transcripts, signing keys, signing runs |
//! | [`files`] | files of schools |
//! | [`teaching_plans`] | teaching plans, subject groups |
//! | [`registers`] | registers of a class as PDF files |
//! | [`rooms`] | the rooms of a school, their condition over the years, who sits in them |
//! | [`figures`], [`equipment`], [`finance`] | a school's yearly figures with sign-off, its inventory, its budget lines and projects |
//! | [`file_imports`], [`quality`] | files of any kind taken into the records; what rules find in them |
//! | [`exit`], [`exchange`] | a school's full export; files and figures for the Ministry |
//! | [`figures`], [`equipment`], [`facility_photos`], [`finance`] | a school's yearly figures with sign-off, its inventory and photos, its budget lines and projects |
//! | [`live`], [`deadlines`], [`comments`], [`mark_files`] | of the mark sheet: its events, deadlines, comments with phrases, Excel |

pub mod access;
pub mod calendar;
pub mod classes;
pub mod closing_runs;
pub mod codes;
pub mod comments;
pub mod consents;
pub mod contact;
pub mod council;
pub mod deadlines;
pub mod equipment;
pub mod exchange;
pub mod exit;
pub mod facility_photos;
pub mod figures;
pub mod file_imports;
pub mod files;
pub mod finance;
pub mod former;
pub mod former_years;
pub mod gradebook;
pub mod growth;
pub mod health;
pub mod identity;
pub mod ids;
pub mod imports;
pub mod learners;
pub mod live;
pub mod mark_files;
pub mod network;
pub mod one_record;
pub mod packages;
pub mod page;
pub mod plans;
pub mod preschool;
pub mod problem;
pub mod publications;
pub mod quality;
pub mod reassessment;
pub mod registers;
pub mod rollover;
pub mod rooms;
pub mod saved_filters;
pub mod staff;
pub mod staff_load;
pub mod staff_records;
pub mod teaching_plans;
pub mod trainings;
pub mod transcripts;
pub mod transfers;
pub mod units;

pub use codes::Code;
pub use ids::*;
pub use page::Page;
pub use problem::{FieldError, Problem};

/// Language of the person that is served.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Vi,
    En,
}

impl Lang {
    /// Picks the text of this language.
    pub fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// "vi" or "en".
    pub fn tag(self) -> &'static str {
        self.pick("vi", "en")
    }

    /// The first language of an `Accept-Language` header that Khuê speaks; Vietnamese where there is none.
    pub fn from_header(header: &str) -> Lang {
        header
            .split(',')
            .filter_map(|part| match part.trim().get(..2)?.to_ascii_lowercase().as_str() {
                "vi" => Some(Lang::Vi),
                "en" => Some(Lang::En),
                _ => None,
            })
            .next()
            .unwrap_or_default()
    }
}
