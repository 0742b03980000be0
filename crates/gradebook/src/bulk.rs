//! Many rows in few statements: for saving a sheet, for freezing results, and for synthetic data.
//!
//! Statements have few shapes (256, 64, 16, 4 and 1 rows), so that each is prepared once a connection and neither the engine nor
//! the cache of statements sees a new text for every number of rows.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Result;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock, Mutex};
use uuid::Uuid;

const SHAPES: [usize; 5] = [256, 64, 16, 4, 1];

/// A row of a table, as its columns stand.
pub trait Row {
    const TABLE: &'static str;
    const COLUMNS: &'static [&'static str];
    fn values(&self, into: &mut Vec<Value>);
}

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident = $table:literal { $($(#[$fdoc:meta])* $column:ident: $type:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($(#[$fdoc])* pub $column: $type,)+ }

        impl Row for $name {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($column),)+];
            fn values(&self, into: &mut Vec<Value>) {
                $(into.push(self.$column.clone().into());)+
            }
        }
    )+};
}

rows! {
    /// A cell as it stands.
    MarkRow = "mark" {
        school_id: Uuid,
        class_id: Uuid,
        subject_code: String,
        /// 1 or 2.
        term: i16,
        learner_id: Uuid,
        /// `r1` … `r9`, `mid`, `fin`.
        slot: &'static str,
        /// Hundredths, 0 to 1000, in tenths; none beside a flag.
        mark: Option<i16>,
        /// `pass`, `fail`, `absent`, `exempt`; none beside a mark. Both none: cleared.
        flag: Option<&'static str>,
        /// From 1.
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        /// `as_str()` of `dto::gradebook::MarkSource`.
        source: &'static str,
        reason: Option<String>,
    }
    /// A value that was superseded.
    MarkHistoryRow = "mark_history" {
        school_id: Uuid,
        class_id: Uuid,
        subject_code: String,
        term: i16,
        learner_id: Uuid,
        slot: &'static str,
        version: i64,
        mark: Option<i16>,
        flag: Option<&'static str>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        source: String,
        reason: Option<String>,
    }
    /// Conduct and absences of a learner in a term.
    ConductRow = "conduct" {
        school_id: Uuid,
        class_id: Uuid,
        term: i16,
        learner_id: Uuid,
        /// `regulations::Level::code()`.
        level: Option<&'static str>,
        /// Half-days.
        absences: Option<i16>,
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
    /// A half-day missed.
    AbsenceRow = "absence" {
        school_id: Uuid,
        class_id: Uuid,
        day: NaiveDate,
        /// `as_str()` of `dto::council::DaySession`.
        session: &'static str,
        learner_id: Uuid,
        /// `as_str()` of `dto::council::AbsenceKind`; none where it was taken back.
        kind: Option<&'static str>,
        note: Option<String>,
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
    /// A result of the summer.
    SummerRow = "summer_result" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        /// The subject's code, or `conduct`.
        item: String,
        mark: Option<i16>,
        /// Of a subject `pass` or `fail`; of conduct `regulations::Level::code()`.
        flag: Option<&'static str>,
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        reason: Option<String>,
    }
    /// A result of the summer that was superseded.
    SummerHistoryRow = "summer_result_history" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        item: String,
        version: i64,
        mark: Option<i16>,
        flag: Option<String>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        reason: Option<String>,
    }
    /// What a primary pupil was assessed at again, or what the principal decided.
    ReassessmentRow = "reassessment" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        /// Of the subject or the sheet of traits; `decision` where the principal decided.
        subject_code: String,
        /// `fl`, `ft`, `f1` … `f7`; `year` of a decision.
        slot: String,
        mark: Option<i16>,
        /// Of a decision `pass` or `fail`.
        flag: Option<&'static str>,
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        reason: Option<String>,
    }
    /// What was superseded of it.
    ReassessmentHistoryRow = "reassessment_history" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        subject_code: String,
        slot: String,
        version: i64,
        mark: Option<i16>,
        flag: Option<String>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        reason: Option<String>,
    }
    /// The decision of a closed year.
    DecisionRow = "year_decision" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        /// `dto::council::YearDecision` as JSON.
        outcome: String,
        /// `TT22/1`.
        policy: String,
        decided_at: DateTime<Utc>,
    }
    /// Where a learner was put in the next year.
    NextYearRow = "next_year_line" {
        school_id: Uuid,
        class_id: Uuid,
        learner_id: Uuid,
        to_class_id: Uuid,
    }
    /// What a teacher wrote about a learner.
    CommentStored = "subject_comment" {
        school_id: Uuid,
        class_id: Uuid,
        subject_code: String,
        term: i16,
        learner_id: Uuid,
        /// None where it was cleared.
        comment: Option<String>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
        version: i64,
    }
    /// What was superseded of it.
    CommentHistoryRow = "subject_comment_history" {
        school_id: Uuid,
        class_id: Uuid,
        subject_code: String,
        term: i16,
        learner_id: Uuid,
        version: i64,
        comment: Option<String>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
    /// The frozen result of a learner in a period.
    ResultRow = "result" {
        school_id: Uuid,
        class_id: Uuid,
        /// `1`, `2` or `year`.
        period: &'static str,
        learner_id: Uuid,
        /// `dto::gradebook::LearnerResult` as JSON.
        outcome: String,
        /// `TT22/1`.
        policy: String,
        computed_at: DateTime<Utc>,
    }
    /// What a preschool child reaches.
    PreschoolMarkRow = "preschool_mark" {
        school_id: Uuid,
        class_id: Uuid,
        /// `outcomes` or `standards`.
        list: &'static str,
        /// 0: the end of the age stage; else a theme.
        stage: i16,
        learner_id: Uuid,
        code: String,
        /// `achieved`, `not_yet`; none where it was cleared.
        outcome: Option<&'static str>,
        version: i64,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
    /// What was superseded of it.
    PreschoolMarkHistoryRow = "preschool_mark_history" {
        school_id: Uuid,
        class_id: Uuid,
        list: &'static str,
        stage: i16,
        learner_id: Uuid,
        code: String,
        version: i64,
        outcome: Option<&'static str>,
        updated_at: DateTime<Utc>,
        updated_by: Option<Uuid>,
    }
}

/// Inserts rows of synthetic data into an empty place. Inside the caller's own transaction, if there is one.
pub async fn insert<R: Row>(conn: &impl ConnectionTrait, rows: &[R]) -> Result<u64> {
    insert_or(conn, rows, "").await
}

/// Inserts rows; `tail` says what happens where one stands already. Gives the number of rows that were written.
pub(crate) async fn insert_or<R: Row>(conn: &impl ConnectionTrait, rows: &[R], tail: &'static str) -> Result<u64> {
    let backend = conn.get_database_backend();
    let (mut rest, mut written) = (rows, 0);
    while !rest.is_empty() {
        let count = SHAPES.into_iter().find(|shape| *shape <= rest.len()).unwrap_or(1);
        let (now, later) = rest.split_at(count);
        let mut values = Vec::with_capacity(count * R::COLUMNS.len());
        for row in now {
            row.values(&mut values);
        }
        let sql = text::<R>(backend, count, tail);
        written += conn.execute_raw(Statement::from_sql_and_values(backend, sql.as_ref(), values)).await?.rows_affected();
        rest = later;
    }
    Ok(written)
}

type Key = (bool, &'static str, usize, &'static str);

/// The text of a statement, made once.
fn text<R: Row>(backend: DbBackend, rows: usize, tail: &'static str) -> Arc<str> {
    static MADE: LazyLock<Mutex<HashMap<Key, Arc<str>>>> = LazyLock::new(Mutex::default);
    let numbered = backend == DbBackend::Postgres;
    let mut made = MADE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    made.entry((numbered, R::TABLE, rows, tail)).or_insert_with(|| write::<R>(numbered, rows, tail).into()).clone()
}

fn write<R: Row>(numbered: bool, rows: usize, tail: &str) -> String {
    let width = R::COLUMNS.len();
    let mut sql = format!("INSERT INTO \"{}\" (\"{}\") VALUES ", R::TABLE, R::COLUMNS.join("\", \""));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push(',');
            }
            if numbered {
                // Writing into a String cannot fail.
                let _ = write!(sql, "${}", row * width + column + 1);
            } else {
                sql.push('?');
            }
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}
