//! Every place that holds the id of a learner: what a merge moves and a split moves back.
//!
//! An id of a learner is of no one domain, so this one table names the tables of all floors; a test reads the migrations and
//! fails when a column `learner_id` is not in it.

use chrono::NaiveDate;
use dto::LearnerId;
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a column of a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Id,
    Text,
    Small,
    Big,
    Day,
}
use Kind::{Big, Day, Id, Small, Text};

/// How a learner's rows are found without reading the whole table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// An index begins with the learner.
    Learner,
    /// The key begins with the school.
    School,
    /// The key begins with school and class.
    Class,
}

/// A table with a column `learner_id`.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: &'static str,
    /// What its rows are called on the screen; rows that go with others have none.
    pub name: Option<(&'static str, &'static str)>,
    pub near: Near,
    /// The columns that, with the learner or without, name a row.
    pub key: &'static [(&'static str, Kind)],
    /// Columns of which, with the learner, there is one row each: where the other record has its own, a row stays.
    pub once: &'static [&'static str],
}

const fn place(
    table: &'static str,
    name: Option<(&'static str, &'static str)>,
    near: Near,
    key: &'static [(&'static str, Kind)],
    once: &'static [&'static str],
) -> Place {
    Place { table, name, near, key, once }
}

const CLASS: &[(&str, Kind)] = &[("school_id", Id), ("class_id", Id)];
const CLASS_ONCE: &[&str] = &["school_id", "class_id"];
const OWN: &[(&str, Kind)] = &[("school_id", Id), ("id", Id)];

/// All places. The order does not matter.
#[rustfmt::skip]
pub const PLACES: &[Place] = &[
    place("learner_status", Some(("Lịch sử trạng thái", "Statuses")), Near::Learner, &[("since", Day), ("id", Id)], &["since", "id"]),
    place("learner_code", Some(("Mã số", "Codes")), Near::Learner, &[("id", Id)], &["id"]),
    place("guardian_link", Some(("Phụ huynh", "Guardians")), Near::Learner, &[("guardian_id", Id)], &["guardian_id"]),
    place("enrolment", Some(("Lớp đã học", "Classes")), Near::Learner, CLASS, CLASS_ONCE),
    place("subject_enrolment", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text)], &["school_id", "class_id", "subject_code"]),
    place("topic_enrolment", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text)], &["school_id", "class_id", "subject_code"]),
    place("mark", Some(("Điểm", "Marks")), Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("term", Small), ("slot", Text)], &["school_id", "class_id", "subject_code", "term", "slot"]),
    place("mark_history", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("term", Small), ("slot", Text), ("version", Big)], &["school_id", "class_id", "subject_code", "term", "slot", "version"]),
    place("conduct", Some(("Rèn luyện", "Conduct")), Near::Class, &[("school_id", Id), ("class_id", Id), ("term", Small)], &["school_id", "class_id", "term"]),
    place("result", Some(("Kết quả đã chốt", "Closed results")), Near::Class, &[("school_id", Id), ("class_id", Id), ("period", Text)], &["school_id", "class_id", "period"]),
    place("result_published", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("period", Text)], &["school_id", "class_id", "period"]),
    place("absence", Some(("Buổi vắng", "Absences")), Near::Class, &[("school_id", Id), ("class_id", Id), ("day", Day), ("session", Text)], &["school_id", "class_id", "day", "session"]),
    place("conduct_note", Some(("Ghi chép rèn luyện", "Notes on conduct")), Near::Class, &[("school_id", Id), ("class_id", Id), ("id", Id)], &[]),
    place("summer_result", Some(("Đánh giá lại trong hè", "Summer results")), Near::Class, &[("school_id", Id), ("class_id", Id), ("item", Text)], &["school_id", "class_id", "item"]),
    place("summer_result_history", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("item", Text), ("version", Big)], &["school_id", "class_id", "item", "version"]),
    place("council_override", None, Near::Class, CLASS, CLASS_ONCE),
    place("year_decision", Some(("Quyết định cuối năm", "Decisions of the year")), Near::Class, CLASS, CLASS_ONCE),
    place("next_year_line", None, Near::Class, CLASS, CLASS_ONCE),
    place("subject_comment", Some(("Nhận xét môn học", "Comments")), Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("term", Small)], &["school_id", "class_id", "subject_code", "term"]),
    place("subject_comment_history", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("term", Small), ("version", Big)], &["school_id", "class_id", "subject_code", "term", "version"]),
    place("notice", Some(("Thông báo", "Notices")), Near::School, OWN, &[]),
    place("learner_receipt", None, Near::School, &[("school_id", Id), ("notice_id", Id)], &["school_id", "notice_id"]),
    place("thread", Some(("Trao đổi", "Threads")), Near::Learner, OWN, &["school_id", "class_id", "subject_code"]),
    place("leave_request", Some(("Đơn xin nghỉ", "Requests for leave")), Near::Learner, OWN, &[]),
    place("growth", Some(("Cân nặng, chiều cao", "Growth")), Near::Learner, &[("school_id", Id), ("measured_on", Day)], &["school_id", "measured_on"]),
    place("preschool_mark", Some(("Đánh giá mầm non", "Preschool assessments")), Near::Class, &[("school_id", Id), ("class_id", Id), ("list", Text), ("stage", Small), ("code", Text)], &["school_id", "class_id", "list", "stage", "code"]),
    place("preschool_mark_history", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("list", Text), ("stage", Small), ("code", Text), ("version", Big)], &["school_id", "class_id", "list", "stage", "code", "version"]),
    place("reassessment", Some(("Đánh giá lại tiểu học", "Reassessments")), Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("slot", Text)], &["school_id", "class_id", "subject_code", "slot"]),
    place("reassessment_history", None, Near::Class, &[("school_id", Id), ("class_id", Id), ("subject_code", Text), ("slot", Text), ("version", Big)], &["school_id", "class_id", "subject_code", "slot", "version"]),
    place("former_term", Some(("Học kì ở trường cũ", "Terms at former schools")), Near::Class, &[("school_id", Id), ("class_id", Id), ("term", Small)], &["school_id", "class_id", "term"]),
    place("individual_plan", Some(("Kế hoạch cá nhân", "Individual plans")), Near::School, &[("school_id", Id), ("school_year_id", Id)], &["school_id", "school_year_id"]),
    place("transcript", Some(("Học bạ", "Transcripts")), Near::Learner, OWN, &["school_id", "school_year_id", "current"]),
    place("transcript_comment", None, Near::Class, CLASS, CLASS_ONCE),
    place("health_check", Some(("Khám sức khoẻ", "Health checks")), Near::Learner, &[("school_id", Id), ("round_id", Id)], &["school_id", "round_id"]),
    place("vaccination", Some(("Tiêm chủng", "Vaccinations")), Near::Learner, OWN, &["school_id", "id"]),
    place("health_condition", Some(("Bệnh, dị ứng", "Conditions")), Near::Learner, OWN, &["school_id", "id"]),
    place("first_aid", Some(("Sơ cứu", "First aid")), Near::Learner, OWN, &[]),
    place("health_view", None, Near::Learner, OWN, &["school_id", "id"]),
    place("publication_person", None, Near::Learner, &[("school_id", Id), ("publication_id", Id)], &["school_id", "publication_id"]),
    place("consent", Some(("Đồng ý xử lí dữ liệu", "Consents")), Near::Learner, OWN, &["school_id", "id"]),
    place("data_request", Some(("Yêu cầu về dữ liệu", "Data requests")), Near::Learner, OWN, &[]),
    place("former_year", Some(("Năm học trước", "Former years")), Near::School, &[("school_id", Id), ("school_year", Text)], &["school_id", "school_year"]),
    place("former_year_file", None, Near::School, &[("school_id", Id), ("school_year", Text)], &["school_id", "school_year"]),
    place("transfer_package", None, Near::School, OWN, &[]),
    place("transfer", Some(("Chuyển trường", "Transfers")), Near::Learner, &[("id", Id)], &[]),
];

/// A row by the values of its key, in the order of the place's columns.
pub type Key = Vec<Value>;

/// Rows of one table that moved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Moved {
    pub table: String,
    pub keys: Vec<Key>,
}

impl Moved {
    /// The keys of a table whose key is two ids.
    pub fn pairs(&self) -> Vec<(Uuid, Uuid)> {
        let id = |key: &Key, at: usize| key.get(at)?.as_str()?.parse().ok();
        self.keys.iter().filter_map(|key| Some((id(key, 0)?, id(key, 1)?))).collect()
    }
}

/// Where a learner's rows can be.
#[derive(Clone, Debug, Default)]
pub struct Whereabouts {
    schools: BTreeSet<Uuid>,
    classes: BTreeSet<Uuid>,
}

impl Whereabouts {
    /// Every school and class in which one of these ever was.
    pub async fn of(conn: &impl ConnectionTrait, learners: &[LearnerId]) -> Result<Whereabouts> {
        let mut places = Whereabouts::default();
        let ids = || learners.iter().map(|learner| learner.0);
        let mut select = Query::select();
        select.columns(["school_id", "class_id"]).from("enrolment").and_where(Expr::col("learner_id").is_in(ids()));
        for row in conn.query_all(&select).await? {
            places.schools.insert(row.try_get_by_index(0)?);
            places.classes.insert(row.try_get_by_index(1)?);
        }
        let mut select = Query::select();
        select.column("school_id").from("learner_status").and_where(Expr::col("learner_id").is_in(ids()));
        for row in conn.query_all(&select).await? {
            places.schools.insert(row.try_get_by_index(0)?);
        }
        Ok(places)
    }
}

impl Place {
    fn of(&self, learner: LearnerId, at: &Whereabouts) -> Condition {
        let mut condition = Condition::all().add(Expr::col((self.table, "learner_id")).eq(learner.0));
        if self.near != Near::Learner {
            condition = condition.add(Expr::col((self.table, "school_id")).is_in(at.schools.iter().copied()));
        }
        if self.near == Near::Class {
            condition = condition.add(Expr::col((self.table, "class_id")).is_in(at.classes.iter().copied()));
        }
        condition
    }

    /// How many rows a learner has here.
    pub async fn count(&self, conn: &impl ConnectionTrait, learner: LearnerId, at: &Whereabouts) -> Result<u32> {
        let mut select = Query::select();
        select.expr(Expr::val(1).count()).from(self.table).cond_where(self.of(learner, at));
        let row = conn.query_one(&select).await?.ok_or_else(|| Error::internal("a count gave no row"))?;
        Ok(u32::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(u32::MAX))
    }

    /// The rows of one learner that another has no row in the place of.
    fn free(&self, from: LearnerId, to: LearnerId, at: &Whereabouts) -> SelectStatement {
        let mut select = Query::select();
        select.columns(self.key.iter().map(|(column, _)| (self.table, *column))).from(self.table).cond_where(self.of(from, at));
        if !self.once.is_empty() {
            let mut same = Expr::col(("other", "learner_id")).eq(to.0);
            for column in self.once {
                same = same.and(Expr::col(("other", *column)).equals((self.table, *column)));
            }
            select.join_as(JoinType::LeftJoin, self.table, "other", same).and_where(Expr::col(("other", "learner_id")).is_null());
        }
        select
    }

    fn key_of(&self, row: &QueryResult) -> Result<Key> {
        let value = |(at, (_, kind)): (usize, &(&str, Kind))| -> Result<Value> {
            Ok(match kind {
                Id => json!(row.try_get_by_index::<Uuid>(at)?),
                Text => json!(row.try_get_by_index::<String>(at)?),
                Small => json!(row.try_get_by_index::<i16>(at)?),
                Big => json!(row.try_get_by_index::<i64>(at)?),
                Day => json!(row.try_get_by_index::<NaiveDate>(at)?),
            })
        };
        self.key.iter().enumerate().map(value).collect()
    }

    fn is(&self, key: &[Value]) -> Result<Condition> {
        fn read<T: serde::de::DeserializeOwned>(value: &Value) -> Result<T> {
            serde_json::from_value(value.clone()).map_err(|e| Error::internal(format!("a key of a merge cannot be read: {e}")))
        }
        let mut condition = Condition::all();
        for ((column, kind), value) in self.key.iter().zip(key) {
            let column = Expr::col(*column);
            condition = condition.add(match kind {
                Id => column.eq(read::<Uuid>(value)?),
                Text => column.eq(read::<String>(value)?),
                Small => column.eq(read::<i16>(value)?),
                Big => column.eq(read::<i64>(value)?),
                Day => column.eq(read::<NaiveDate>(value)?),
            });
        }
        Ok(condition)
    }

    /// Gives rows another learner. Answers how many there were.
    async fn hand_over(&self, tx: &Tx<'_>, keys: &[Key], from: LearnerId, to: LearnerId) -> Result<u64> {
        let mut done = 0;
        for some in keys.chunks(100) {
            let mut any = Condition::any();
            for key in some {
                any = any.add(self.is(key)?);
            }
            let mut update = Query::update();
            update.table(self.table).value("learner_id", to.0).and_where(Expr::col("learner_id").eq(from.0)).cond_where(any);
            match self.table {
                // The target of a notice to one learner stands as text too.
                "notice" => {
                    update.value("target", to.to_string());
                }
                "transfer" => {
                    let own = Expr::case(Expr::col("open_of").is_null(), Expr::val(None::<Uuid>)).finally(Expr::val(to.0));
                    update.value("open_of", own);
                }
                _ => {}
            }
            done += tx.conn().execute(&update).await?.rows_affected();
        }
        Ok(done)
    }

    /// Moves what can be moved from one learner to another.
    pub async fn take(&self, tx: &Tx<'_>, from: LearnerId, to: LearnerId, at: &Whereabouts) -> Result<Moved> {
        let rows = tx.conn().query_all(&self.free(from, to, at)).await?;
        let keys: Vec<Key> = rows.iter().map(|row| self.key_of(row)).collect::<Result<_>>()?;
        self.hand_over(tx, &keys, from, to).await?;
        Ok(Moved { table: self.table.to_owned(), keys })
    }

    /// Moves rows back that a merge moved; what has gone since is left out.
    pub async fn give_back(&self, tx: &Tx<'_>, moved: &Moved, from: LearnerId, to: LearnerId) -> Result<u64> {
        self.hand_over(tx, &moved.keys, from, to).await
    }
}

/// The place of a table's name.
pub fn of(table: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.table == table)
}
