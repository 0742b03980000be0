//! Yearly figures of a school with sign-off: counted or entered, signed by the principal, frozen, and totalled up the tree. The count of
//! facilities, the budget and its settlement are each one such set.

use crate::UnitId;
use crate::access::names;
use crate::units::{UnitKind, UnitRef};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

names! {
    /// What is asked of a school once a year. Facilities go by school year, the others by calendar year (Luật NSNN 83/2015 Đ.14).
    FigureSet {
        Facilities = "facilities", "Cơ sở vật chất", "Facilities";
        Budget = "budget", "Dự toán", "Budget";
        Settlement = "settlement", "Quyết toán", "Settlement";
    }
}

names! {
    /// The sets of finance.
    FinanceSet {
        Budget = "budget", "Dự toán", "Budget";
        Settlement = "settlement", "Quyết toán", "Settlement";
    }
}

impl From<FinanceSet> for FigureSet {
    fn from(set: FinanceSet) -> FigureSet {
        match set {
            FinanceSet::Budget => FigureSet::Budget,
            FinanceSet::Settlement => FigureSet::Settlement,
        }
    }
}

names! {
    /// How a set stands at a school.
    SheetState {
        Empty = "empty", "Chưa nhập", "Nothing yet";
        Open = "open", "Đang nhập", "Being entered";
        Signed = "signed", "Đã ký duyệt", "Signed";
        /// What was signed last still counts in every total until it is signed anew.
        Reopened = "reopened", "Mở lại", "Reopened";
    }
}

names! {
    FigureMeasure {
        Count = "count", "cái", "pieces";
        SquareMetres = "m2", "m²", "m²";
        Vnd = "vnd", "đồng", "VND";
    }
}

impl FigureMeasure {
    /// The largest figure that is no slip of the keyboard. Smaller than 2^53, so that every client holds it exactly.
    pub fn most(self) -> i64 {
        match self {
            FigureMeasure::Count => 1_000_000,
            FigureMeasure::SquareMetres => 100_000_000,
            FigureMeasure::Vnd => 1_000_000_000_000_000,
        }
    }
}

/// One figure of a set, in the words of its form. Figures of one `group` make a table: `row` by `column`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FigureItem {
    /// Stable: "rooms.classroom.permanent".
    pub code: String,
    /// Names of the group, the row and the column in the caller's language.
    pub group: String,
    pub row: String,
    pub column: String,
    pub measure: FigureMeasure,
    /// Made of other records when it is signed, and never typed: equipment by state, projects of the year.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
}

/// One figure of a school.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FigureLine {
    pub item: FigureItem,
    /// What is entered, or, of a derived figure, what the records say: now, and once signed as of the signing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// What was signed for the year before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
}

/// What the province asks its schools for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FigureCampaign {
    pub set: FigureSet,
    /// The calendar year; of facilities the one in which the school year begins.
    pub year: i16,
    /// The day that the figures are of; totals go by the tree of units of that day.
    pub as_of: NaiveDate,
    pub due_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFigureCampaign {
    pub as_of: NaiveDate,
    /// Not before `as_of`.
    pub due_on: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(max = 500))]
    pub note: Option<String>,
}

/// A set of a school in a year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearlySheet {
    pub school_id: UnitId,
    pub school_name: String,
    pub set: FigureSet,
    pub year: i16,
    pub state: SheetState,
    pub lines: Vec<FigureLine>,
    /// Figures that are still to be entered before it can be signed.
    pub missing: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<FigureCampaign>,
    /// Every signing, the newest first.
    pub seals: Vec<FigureSeal>,
    /// The caller may enter figures, and they are not signed.
    pub writable: bool,
    /// The caller may sign, or, where it is signed, reopen.
    pub signable: bool,
    /// 0 while nothing is entered.
    pub version: i64,
}

/// A signing of a set, and how it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FigureSeal {
    pub signed_at: DateTime<Utc>,
    pub signed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// All figures of a sheet that are known; what is left out is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PutFigures {
    #[validate(length(max = 500))]
    pub figures: Vec<Figure>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Figure {
    pub code: String,
    /// Not negative; in the measure of the item.
    pub value: i64,
}

/// Why signed figures are opened again.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReopenFigures {
    #[validate(length(min = 5, max = 500))]
    pub reason: String,
}

/// Signed figures of all schools under a unit, by the units right under it, in the tree of the day `as_of`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearlyTotals {
    pub unit: UnitRef,
    /// Units above that the caller reaches, the nearest last.
    pub above: Vec<UnitRef>,
    pub set: FigureSet,
    pub year: i16,
    pub as_of: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<FigureCampaign>,
    pub items: Vec<FigureItem>,
    /// The units right under it, in Vietnamese order of names; of a school itself none.
    pub rows: Vec<TotalsRow>,
    pub total: TotalsRow,
    /// Schools that have not signed, with what they lie under.
    pub unsigned: Vec<UnsignedSchool>,
}

/// Totals of one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TotalsRow {
    pub unit_id: UnitId,
    pub name: String,
    pub kind: UnitKind,
    /// Schools open on that day.
    pub schools: u32,
    /// Of them, whose figures are signed and are in the sums; those reopened among them.
    pub signed: u32,
    pub reopened: u32,
    /// In the order of `items`; absent where no signed sheet has the figure.
    pub figures: Vec<Option<i64>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnsignedSchool {
    pub id: UnitId,
    pub name: String,
    pub under: String,
    pub state: SheetState,
}

/// Signed figures of a unit over the years, the oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FigureSeries {
    pub unit: UnitRef,
    pub set: FigureSet,
    pub items: Vec<FigureItem>,
    pub years: Vec<SeriesYear>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SeriesYear {
    pub year: i16,
    pub schools: u32,
    pub signed: u32,
    /// In the order of `items`.
    pub figures: Vec<Option<i64>>,
}

names! {
    /// A file of a table.
    FigureFormat {
        Xlsx = "xlsx", "Excel", "Excel";
        Csv = "csv", "CSV", "CSV";
    }
}

/// `?format=` of a table as a file.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FigureFileQuery {
    /// Left out: xlsx.
    pub format: Option<FigureFormat>,
}

/// How a year of a set is called: "2026-2027" for facilities, else "2026".
pub fn year_name(set: FigureSet, year: i16) -> String {
    match set {
        FigureSet::Facilities => format!("{year}-{}", i32::from(year) + 1),
        _ => year.to_string(),
    }
}

impl FigureItem {
    /// Row and column in one: "Phòng học · kiên cố".
    pub fn title(&self) -> String {
        match self.column.as_str() {
            "" => self.row.clone(),
            column => format!("{} · {column}", self.row),
        }
    }
}
