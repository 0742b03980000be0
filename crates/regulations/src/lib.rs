//! Circulars of the Ministry of Education and Training as pure functions over integers.
//!
//! The same code runs on the server and, compiled to WebAssembly, in the browser at every keystroke: no clock, no
//! threads, no floating point (but inside the z-scores of [`preschool::growth`], which are powers), no input or output (but
//! for the module `evaluate`, behind the feature `ndjson`).
//!
//! - [`Mark`]: a mark in hundredths, its rounding, its decimal text.
//! - [`parse_cell`], [`format_cell`], [`CellValue`], [`CellFault`]: what a teacher types in a cell of the mark sheet.
//! - [`Slot`], [`regular_count`], [`slots`]: the columns that a subject needs.
//! - [`Level`], [`Learning`], [`Promotion`], [`Award`]: the words of the results, in Vietnamese and English.
//! - [`Reason`], [`Period`]: one sentence of an explanation, with code, facts and article.
//! - [`Policy`], [`policy_for`]: the regulation in force for a grade and a school year. Whatever a circular leaves open,
//!   or what we could not verify, is a field of it with its source; nothing of that is fixed in code.
//! - [`tt22`]: Thông tư 22/2021. Its small rules, and [`tt22::evaluate_term`] and [`tt22::evaluate_year`], which give
//!   results, levels, what is missing, and findings; `reasons()` of an outcome writes them out.
//! - [`tt27`]: Thông tư 27/2020, primary schools: the same, with its own shapes.
//! - [`tt05_2025`]: Thông tư 05/2025, how many periods a teacher teaches; [`standards`]: what a teacher is assessed by each year.
//! - [`tt58`]: Thông tư 58/2011 with Thông tư 26/2020, for the years before: [`tt58::evaluate_year`].
//! - [`curriculum`]: the programme of 2018: subjects, and their periods in each grade.
//! - [`preschool`]: outcomes by age group and domain, the standards of the five-year-olds, growth.
//! - `evaluate`: `khue evaluate`, learner-years as JSON lines.
//!
//! A new circular is a new module beside [`tt22`], with the vectors of its own text as tests, and a new
//! [`Regulation`]; an old one stays, for old records. What holds for every learner (raising a mark never lowers a
//! result, …) is tested as a property; the one exception, which comes from Đ.14, is a test too.
//!
//! The feature `openapi` derives `ToSchema` on the vocabulary.

pub mod curriculum;
mod entry;
#[cfg(feature = "ndjson")]
pub mod evaluate;
mod fold;
mod level;
mod mark;
mod policy;
pub mod preschool;
mod reason;
mod slot;
pub mod standards;
pub mod tt05_2025;
pub mod tt22;
pub mod tt27;
pub mod tt58;

pub use entry::{CellFault, CellValue, Lang, Parsed, SubjectKind, format_cell, parse_cell};
pub use level::{Award, Learning, Level, Promotion};
pub use mark::{Mark, MarkOutOfRange, Rounding};
pub use policy::{Adjustment, HalfExempt, Policy, Regulation, policy_for, tt22_since, tt27_since};
pub use reason::{Period, Reason};
pub use slot::{Slot, SlotName, UnknownSlot, columns, fits, has_topics, regular_count, required, slots};
pub use tt27::{Point, PrimarySlot};

#[cfg(all(test, feature = "openapi"))]
mod schema_tests {
    use utoipa::PartialSchema;

    fn schema<T: PartialSchema>() -> serde_json::Value {
        serde_json::to_value(T::schema()).expect("JSON")
    }

    #[test]
    fn schemas_say_what_the_json_is() {
        let mark = schema::<crate::Mark>();
        assert_eq!((&mark["type"], &mark["maximum"]), (&"integer".into(), &1000.into()), "{mark}");
        let slot = schema::<crate::Slot>();
        assert_eq!((&slot["type"], &slot["enum"][0]), (&"string".into(), &"r1".into()), "{slot}");
        let value = schema::<crate::CellValue>();
        let score = &value["oneOf"][0]["properties"];
        assert_eq!(score["type"]["enum"][0], "score", "{value}");
        assert!(score["mark"].is_object(), "{value}");
        assert_eq!(schema::<crate::Promotion>()["enum"][2], "summer-training");
        assert_eq!(schema::<crate::Regulation>()["enum"][0], "TT22");
    }
}
