//! Moving the rows of one learner to another, by the registry of places.

use crate::places::{Column, Near, Place};
use chrono::NaiveDate;
use dto::LearnerId;
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

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
    pub fn schools(&self) -> impl Iterator<Item = Uuid> + '_ {
        self.schools.iter().copied()
    }

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
    /// The rows of a learner, found near where they were.
    pub(crate) fn rows_of(&self, learner: LearnerId, at: &Whereabouts) -> Condition {
        let mut condition = Condition::all().add(Expr::col((self.table, self.learner)).eq(learner.0));
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
        select.expr(Expr::val(1).count()).from(self.table).cond_where(self.rows_of(learner, at));
        let row = conn.query_one(&select).await?.ok_or_else(|| Error::internal("a count gave no row"))?;
        Ok(u32::try_from(row.try_get_by_index::<i64>(0)?).unwrap_or(u32::MAX))
    }

    /// The rows of one learner that another has no row in the place of.
    fn free(&self, from: LearnerId, to: LearnerId, at: &Whereabouts) -> SelectStatement {
        let mut select = Query::select();
        select
            .columns(self.key.iter().map(|(column, _)| (self.table, *column)))
            .from(self.table)
            .cond_where(self.rows_of(from, at));
        if !self.once.is_empty() {
            let mut same = Expr::col(("other", self.learner)).eq(to.0);
            for column in &self.once {
                same = same.and(Expr::col(("other", *column)).equals((self.table, *column)));
            }
            select.join_as(JoinType::LeftJoin, self.table, "other", same).and_where(Expr::col(("other", self.learner)).is_null());
        }
        select
    }

    fn key_of(&self, row: &QueryResult) -> Result<Key> {
        let value = |(at, (_, kind)): (usize, &Column)| -> Result<Value> {
            Ok(match kind {
                'u' => json!(row.try_get_by_index::<Uuid>(at)?),
                's' => json!(row.try_get_by_index::<String>(at)?),
                'n' => json!(row.try_get_by_index::<i16>(at)?),
                'l' => json!(row.try_get_by_index::<i64>(at)?),
                'd' => json!(row.try_get_by_index::<NaiveDate>(at)?),
                other => return Err(unknown(*other)),
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
                'u' => column.eq(read::<Uuid>(value)?),
                's' => column.eq(read::<String>(value)?),
                'n' => column.eq(read::<i16>(value)?),
                'l' => column.eq(read::<i64>(value)?),
                'd' => column.eq(read::<NaiveDate>(value)?),
                other => return Err(unknown(*other)),
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
            update.table(self.table).value(self.learner, to.0).and_where(Expr::col(self.learner).eq(from.0)).cond_where(any);
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

fn unknown(kind: char) -> Error {
    Error::internal(format!("a key with a column of the unknown type {kind}"))
}
