//! The state of a class's term: open or closed, and the lock that every write takes.

use crate::facts::ClassFacts;
use crate::value::term_number;
use chrono::{DateTime, Utc};
use dto::calendar::Term;
use dto::gradebook::TermState;
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// The state of one term.
#[derive(Clone, Copy, Debug)]
pub(crate) struct State {
    pub state: TermState,
    pub changed_at: Option<DateTime<Utc>>,
    /// Counts closings and reopenings; 0 while there was none.
    pub version: i64,
}

impl State {
    const NEW: State = State { state: TermState::Open, changed_at: None, version: 0 };

    fn read(row: &QueryResult) -> Result<State> {
        let state: String = row.try_get_by_index(0)?;
        let version: i64 = row.try_get_by_index(2)?;
        Ok(State {
            state: state.parse().map_err(|()| Error::internal(format!("unknown state {state:?} in the database")))?,
            changed_at: if version == 0 { None } else { Some(row.try_get_by_index(1)?) },
            version,
        })
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state == TermState::Closed
    }
}

const COLUMNS: [&str; 3] = ["state", "changed_at", "version"];

/// The state as it stands.
pub(crate) async fn state(conn: &impl ConnectionTrait, class: &ClassFacts, term: Term) -> Result<State> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .from("class_term")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("term").eq(term_number(term)));
    conn.query_one(&query).await?.as_ref().map_or(Ok(State::NEW), State::read)
}

/// Both terms' states.
pub(crate) async fn states(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<[State; 2]> {
    let mut query = Query::select();
    query
        .columns(COLUMNS)
        .column("term")
        .from("class_term")
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0));
    let mut states = [State::NEW; 2];
    for row in conn.query_all(&query).await? {
        let at = usize::from(row.try_get_by_index::<i16>(3)? == 2);
        states[at] = State::read(&row)?;
    }
    Ok(states)
}

/// Takes the term for this transaction and reads its state, in one statement: the update changes nothing, but waits for whoever
/// holds the row and then holds it until the commit.
pub(crate) async fn lock(tx: &Tx<'_>, class: &ClassFacts, term: Term) -> Result<State> {
    let mut upsert = Query::insert();
    upsert
        .into_table("class_term")
        .columns(["school_id", "class_id", "term", "state", "changed_at", "version"])
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            term_number(term).into(),
            TermState::Open.as_str().into(),
            tx.now().into(),
            0i64.into(),
        ])
        .on_conflict(
            OnConflict::columns(["school_id", "class_id", "term"]).value("state", Expr::col(("class_term", "state"))).to_owned(),
        )
        .returning(Query::returning().columns(COLUMNS));
    let row = tx.conn().query_one(&upsert).await?.ok_or_else(|| Error::internal("class_term gave no row"))?;
    State::read(&row)
}

/// Sets the state of a locked term and writes it into the term's history.
pub(crate) async fn set(
    tx: &Tx<'_>,
    class: &ClassFacts,
    term: Term,
    was: &State,
    state: TermState,
    reason: Option<&str>,
) -> Result<State> {
    let by = tx.ctx().account.map(Uuid::from);
    let version = was.version + 1;
    let mut update = Query::update();
    update
        .table("class_term")
        .value("state", state.as_str())
        .value("changed_at", tx.now())
        .value("changed_by", by)
        .value("version", version)
        .and_where(Expr::col("school_id").eq(class.school_id.0))
        .and_where(Expr::col("class_id").eq(class.id.0))
        .and_where(Expr::col("term").eq(term_number(term)));
    tx.conn().execute(&update).await?;
    let mut insert = Query::insert();
    insert
        .into_table("class_term_event")
        .columns(["school_id", "class_id", "term", "seq", "state", "at", "by", "reason"])
        .values_panic([
            class.school_id.0.into(),
            class.id.0.into(),
            term_number(term).into(),
            i32::try_from(version).unwrap_or(i32::MAX).into(),
            state.as_str().into(),
            tx.now().into(),
            by.into(),
            reason.into(),
        ]);
    tx.conn().execute(&insert).await?;
    Ok(State { state, changed_at: Some(tx.now()), version })
}
