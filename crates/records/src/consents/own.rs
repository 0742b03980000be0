//! Everything that is kept about who is signed in, as one ZIP: as JSON the account and the record as a member of staff or as a guardian,
//! and the files that are theirs ([`super::attached`]). What is kept about a child is the child's copy ([`super::export`]).
//!
//! `own.csv` names each table with the column that leads to the person and the columns that are told; a test reads the schema of the
//! open database and fails where a column that leads to a person is neither there nor in [`ELSEWHERE`].

use super::attached::{self, Attached};
use super::export::{object, size};
use dto::identity::Person;
use dto::{AccountId, Code};
use kernel::files::Store;
use kernel::{Ctx, Db, Error, Event, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use uuid::Uuid;

/// To what of a person a row leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    Account,
    Staff,
    Guardian,
}

/// A table with rows about people.
#[derive(Clone, Debug)]
pub struct Table {
    pub table: &'static str,
    pub of: Of,
    pub column: &'static str,
    /// What is told, each with its kind as in [`crate::places::Column`].
    pub columns: Vec<crate::places::Column>,
}

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| include_str!("own.csv").lines().skip(1).filter_map(table).collect());

/// All of them.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// Columns that lead to a person and are not told: table, column, why.
pub const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("account", "person_id", "the account itself is told"),
    ("audit", "account_id", "what somebody did is in the log, of the school where it was done"),
    ("closing_run", "account_id", "what somebody did"),
    ("consent", "account_id", "who of the school typed it; what a guardian said is told"),
    ("email_code", "guardian_id", "a secret that ends within minutes"),
    ("exit_export", "account_id", "what somebody did"),
    ("health_view", "account_id", "a look at a child: told to the family, in the child's copy"),
    ("one_time_code", "account_id", "a secret that ends within days"),
    ("quality_step", "account_id", "what somebody did"),
    ("register_run", "account_id", "what somebody did"),
    ("rollover_run", "account_id", "what somebody did"),
    ("sign_in_place", "account_id", "the hash of a network address, which says nothing to its owner"),
    ("signing_run", "account_id", "what somebody did"),
    ("transcript_signature", "account_id", "a signature is of the transcript"),
];

fn table(line: &'static str) -> Option<Table> {
    let [table, of, column, columns] = <[&'static str; 4]>::try_from(line.split(';').collect::<Vec<_>>()).ok()?;
    let of = match of {
        "account" => Of::Account,
        "staff" => Of::Staff,
        "guardian" => Of::Guardian,
        _ => return None,
    };
    let columns = columns.split(' ').filter_map(|c| c.split_once(':')).filter_map(|(c, kind)| Some((c, kind.chars().next()?)));
    Some(Table { table, of, column, columns: columns.collect() })
}

/// Everything about oneself; the log says that it was handed out.
///
/// Errors: `not_found` for who is not signed in as a person, `password_change_required`.
pub async fn export(db: &Db, ctx: &Ctx, store: &Store) -> Result<Vec<u8>> {
    let account = ctx.account.ok_or_else(|| Error::new(Code::NotFound))?;
    // Somebody else knows this password.
    if ctx.must_change_password {
        return Err(Error::new(Code::PasswordChangeRequired));
    }
    let (manifest, files, attached) = db
        .write(ctx, async |tx| {
            let files = gather(tx.conn(), account, ctx.person).await?;
            let rows: Map<String, Value> = files.iter().map(|(name, rows)| (name.clone(), json!(size(rows)))).collect();
            let manifest = json!({ "account_id": account, "made_at": tx.now(), "files": rows });
            let attached = attached(tx.conn(), ctx.person).await?;
            let said = json!({ "files": rows, "attached": attached.len() });
            let event = Event::new(None, "account.data_exported", "account", account).after(&said);
            Ok(((manifest, files, attached), vec![event]))
        })
        .await?;
    // The store answers in its own time: not while the database is held.
    attached::zipped(store, &manifest, &files, attached, attached::MOST).await
}

/// The files that are of the person; those of a child are in the child's copy.
async fn attached(conn: &impl ConnectionTrait, person: Option<Person>) -> Result<Vec<Attached>> {
    let Some((person, schools)) = person.zip(schools(person)) else { return Ok(Vec::new()) };
    match person {
        Person::Staff(id) => attached::of_staff(conn, schools, id.0).await,
        Person::Guardian(id) => attached::of_guardian(conn, schools, id.0).await,
        Person::Learner(_) => Ok(Vec::new()),
    }
}

async fn gather(conn: &impl ConnectionTrait, account: AccountId, person: Option<Person>) -> Result<Vec<(String, Value)>> {
    let mut files = Vec::new();
    for table in tables() {
        let id = match (table.of, person) {
            (Of::Account, _) => account.0,
            (Of::Staff, Some(Person::Staff(id))) => id.0,
            (Of::Guardian, Some(Person::Guardian(id))) => id.0,
            _ => continue,
        };
        let mut query = Query::select();
        query
            .columns(table.columns.iter().map(|(column, _)| *column))
            .from(table.table)
            .and_where(Expr::col(table.column).eq(id));
        // Large tables of schools begin their keys with the school: where somebody was, not all of the province.
        if table.columns.iter().any(|(column, _)| *column == "school_id") {
            let Some(schools) = schools(person) else { continue };
            query.and_where(Expr::col("school_id").in_subquery(schools));
        }
        let rows = conn.query_all(&query).await?.iter().map(|row| object(row, &table.columns)).collect::<Result<Vec<_>>>()?;
        if !rows.is_empty() {
            files.push((table.table.to_owned(), Value::Array(rows)));
        }
    }
    Ok(files)
}

/// The schools where the person works or worked, or where a child of theirs is or was; none of whom neither is true.
fn schools(person: Option<Person>) -> Option<SelectStatement> {
    match person? {
        Person::Staff(id) => {
            let mut posts = Query::select();
            posts.column("unit_id").from("staff_post").and_where(Expr::col("staff_id").eq(id.0));
            Some(posts)
        }
        Person::Guardian(id) => Some(of_children(id.0)),
        Person::Learner(_) => None,
    }
}

fn of_children(guardian: Uuid) -> SelectStatement {
    let mut query = Query::select();
    query
        .column(("s", "school_id"))
        .from_as("guardian_link", "g")
        .join_as(JoinType::InnerJoin, "learner_status", "s", Expr::col(("s", "learner_id")).equals(("g", "learner_id")))
        .and_where(Expr::col(("g", "guardian_id")).eq(guardian));
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_table() {
        assert_eq!(tables().len(), include_str!("own.csv").lines().count() - 1);
        for table in tables() {
            assert!(table.columns.iter().all(|(_, kind)| "unilbdtsj".contains(*kind)), "{}", table.table);
            // Nobody's secret, and nobody else's name.
            assert!(
                !table.columns.iter().any(|(name, _)| name.contains("password") || name.contains("updated_by")),
                "{}",
                table.table
            );
        }
    }
}
