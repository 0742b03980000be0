//! Keys as the table has them.

use chrono::{DateTime, Utc};
use dto::transcripts::KeyKind;
use dto::{AccountId, SigningKeyId, UnitId};
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// Whose a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Account(AccountId),
    /// The seal of a school.
    Unit(UnitId),
}

impl Owner {
    pub(super) fn account(self) -> Option<AccountId> {
        match self {
            Owner::Account(account) => Some(account),
            Owner::Unit(_) => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub id: SigningKeyId,
    pub owner: Owner,
    pub kind: KeyKind,
    pub label: String,
    pub store: String,
    pub subject: String,
    pub issuer: String,
    pub fingerprint: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
    pub trial: bool,
}

const COLUMNS: [&str; 12] = [
    "id",
    "account_id",
    "unit_id",
    "kind",
    "label",
    "store",
    "subject",
    "issuer",
    "fingerprint",
    "not_before",
    "not_after",
    "trial",
];

fn select() -> SelectStatement {
    let mut query = Query::select();
    query.columns(COLUMNS.map(|column| ("k", column))).from_as("signing_key", "k");
    query.and_where(Expr::col(("k", "removed_at")).is_null()).order_by(("k", "id"), Order::Desc);
    query
}

fn kept(row: &QueryResult) -> Result<Kept> {
    let account: Option<Uuid> = row.try_get_by_index(1)?;
    let unit: Option<Uuid> = row.try_get_by_index(2)?;
    let owner = match (account, unit) {
        (Some(account), _) => Owner::Account(AccountId(account)),
        (None, Some(unit)) => Owner::Unit(UnitId(unit)),
        (None, None) => return Err(Error::internal("a signing key of nobody")),
    };
    let kind: String = row.try_get_by_index(3)?;
    Ok(Kept {
        id: SigningKeyId(row.try_get_by_index(0)?),
        owner,
        kind: kind.parse().map_err(|()| Error::internal("unknown kind of key in the database"))?,
        label: row.try_get_by_index(4)?,
        store: row.try_get_by_index(5)?,
        subject: row.try_get_by_index(6)?,
        issuer: row.try_get_by_index(7)?,
        fingerprint: row.try_get_by_index(8)?,
        not_before: row.try_get_by_index(9)?,
        not_after: row.try_get_by_index(10)?,
        trial: row.try_get_by_index(11)?,
    })
}

async fn all(conn: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<Kept>> {
    conn.query_all(query).await?.iter().map(kept).collect()
}

pub(super) async fn one(conn: &impl ConnectionTrait, id: SigningKeyId) -> Result<Option<Kept>> {
    let mut query = select();
    query.and_where(Expr::col(("k", "id")).eq(id.0));
    Ok(all(conn, &query).await?.into_iter().next())
}

pub(super) async fn of_account(conn: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Kept>> {
    let mut query = select();
    query.and_where(Expr::col(("k", "account_id")).eq(account.0));
    all(conn, &query).await
}

pub(super) async fn of_unit(conn: &impl ConnectionTrait, unit: UnitId) -> Result<Vec<Kept>> {
    let mut query = select();
    query.and_where(Expr::col(("k", "unit_id")).eq(unit.0));
    all(conn, &query).await
}

/// The seal of a school, and the keys of accounts whose person has a post there.
pub(super) async fn of_school(conn: &impl ConnectionTrait, school: UnitId) -> Result<Vec<Kept>> {
    let mut theirs = Query::select();
    theirs
        .column(("a", "id"))
        .from_as("account", "a")
        .inner_join("staff_post", Expr::col(("staff_post", "staff_id")).equals(("a", "person_id")))
        .and_where(Expr::col(("staff_post", "unit_id")).eq(school.0));
    let mut query = select();
    query.and_where(Expr::col(("k", "unit_id")).eq(school.0).or(Expr::col(("k", "account_id")).in_subquery(theirs)));
    all(conn, &query).await
}

pub(super) async fn insert(tx: &Tx<'_>, kept: &Kept) -> Result<()> {
    let (account, unit) = match kept.owner {
        Owner::Account(account) => (Some(account.0), None),
        Owner::Unit(unit) => (None, Some(unit.0)),
    };
    let mut insert = Query::insert();
    insert.into_table("signing_key").columns(COLUMNS.into_iter().chain(["created_at"])).values_panic([
        kept.id.0.into(),
        account.into(),
        unit.into(),
        kept.kind.as_str().into(),
        kept.label.clone().into(),
        kept.store.clone().into(),
        kept.subject.clone().into(),
        kept.issuer.clone().into(),
        kept.fingerprint.clone().into(),
        kept.not_before.into(),
        kept.not_after.into(),
        kept.trial.into(),
        tx.now().into(),
    ]);
    tx.conn().execute(&insert).await?;
    Ok(())
}

/// The row stays, for what was signed with it; the file in it goes.
pub(super) async fn remove(tx: &Tx<'_>, id: SigningKeyId) -> Result<()> {
    let mut update = Query::update();
    update.table("signing_key").value("removed_at", tx.now()).value("store", "").and_where(Expr::col("id").eq(id.0));
    tx.conn().execute(&update).await?;
    Ok(())
}

/// Who an account is as staff, and the school where they have a post: as a certificate names them.
pub(super) async fn staff_of(conn: &impl ConnectionTrait, account: AccountId) -> Result<Option<(String, String)>> {
    let mut query = Query::select();
    query
        .columns([("s", "full_name"), ("u", "name")])
        .from_as("account", "a")
        .join_as(JoinType::InnerJoin, "staff", "s", Expr::col(("s", "id")).equals(("a", "person_id")))
        .join_as(JoinType::InnerJoin, "staff_post", "p", Expr::col(("p", "staff_id")).equals(("s", "id")))
        .join_as(JoinType::InnerJoin, "unit", "u", Expr::col(("u", "id")).equals(("p", "unit_id")))
        .and_where(Expr::col(("a", "id")).eq(account.0))
        .order_by(("p", "valid_from"), Order::Desc)
        .limit(1);
    let row = conn.query_one(&query).await?;
    row.map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).transpose()
}
