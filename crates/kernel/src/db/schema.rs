//! The tables of the open database, as its engine describes them: for what has to hold of every table, whoever made it. The one place
//! that asks each engine in its own words; what it answers is the same for both.

use crate::{Error, Result};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Uuid,
    /// UTC, to the microsecond.
    Instant,
    Day,
    Bool,
    /// A whole number of 2, 4 or 8 bytes, where the engine tells them apart.
    Int(u8),
    Text,
    Bytes,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub nullable: bool,
}

/// A foreign key of one column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub column: String,
    pub table: String,
    pub to: String,
}

/// A table with its columns in the order of their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
    /// The columns of the primary key, in its order.
    pub key: Vec<String>,
    pub references: Vec<Reference>,
}

impl Table {
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|c| c.name == column)
    }
}

const SQLITE_COLUMNS: &str = "SELECT m.name AS t, c.name AS c, c.type AS k, c.\"notnull\" = 0 AND c.pk = 0 AS n FROM sqlite_master m, \
     pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
const SQLITE_KEYS: &str = "SELECT m.name AS t, c.name AS c FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.pk > 0 ORDER BY m.name, c.pk";
const SQLITE_REFERENCES: &str = "SELECT m.name AS t, f.\"from\" AS c, f.\"table\" AS rt, f.\"to\" AS rc FROM sqlite_master m, \
     pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

// Of the engine's own catalogue: the views of the information schema ask of every row who may see it, and take a third of a second.
const POSTGRES_COLUMNS: &str = "SELECT c.relname::text AS t, a.attname::text AS c, format_type(a.atttypid, NULL)::text AS k, \
     NOT a.attnotnull AS n FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace s ON s.oid = c.relnamespace \
     WHERE s.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped";
const POSTGRES_KEYS: &str = "SELECT c.relname::text AS t, a.attname::text AS c FROM pg_constraint o \
     JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace s ON s.oid = c.relnamespace \
     CROSS JOIN LATERAL unnest(o.conkey) WITH ORDINALITY AS k (num, place) \
     JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.num \
     WHERE o.contype = 'p' AND s.nspname = 'public' ORDER BY c.relname, k.place";
const POSTGRES_REFERENCES: &str = "SELECT c.relname::text AS t, a.attname::text AS c, r.relname::text AS rt, b.attname::text AS rc \
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace s ON s.oid = c.relnamespace \
     JOIN pg_class r ON r.oid = o.confrelid JOIN pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = o.conkey[1] \
     JOIN pg_attribute b ON b.attrelid = o.confrelid AND b.attnum = o.confkey[1] \
     WHERE o.contype = 'f' AND s.nspname = 'public'";

fn kind(declared: &str) -> Result<Kind> {
    let declared = declared.to_ascii_lowercase();
    let base = declared.split('(').next().unwrap_or_default().trim();
    Ok(match base {
        "uuid" | "uuid_text" => Kind::Uuid,
        "timestamp with time zone" | "timestamp_with_timezone_text" => Kind::Instant,
        "date" | "date_text" => Kind::Day,
        "boolean" => Kind::Bool,
        "smallint" => Kind::Int(2),
        "integer" => Kind::Int(4),
        "bigint" => Kind::Int(8),
        "text" | "varchar" | "character varying" => Kind::Text,
        "blob" | "bytea" => Kind::Bytes,
        other => return Err(Error::internal(format!("a column of an unknown kind {other:?}"))),
    })
}

/// All tables in the order of their names.
pub async fn tables(conn: &impl ConnectionTrait) -> Result<Vec<Table>> {
    let backend = conn.get_database_backend();
    let [columns, keys, references] = match backend {
        DbBackend::Postgres => [POSTGRES_COLUMNS, POSTGRES_KEYS, POSTGRES_REFERENCES],
        _ => [SQLITE_COLUMNS, SQLITE_KEYS, SQLITE_REFERENCES],
    };
    let ask = |sql: &str| Statement::from_string(backend, sql.to_owned());
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for row in conn.query_all_raw(ask(columns)).await? {
        let name: String = row.try_get("", "t")?;
        let table = tables.entry(name.clone()).or_insert_with(|| Table {
            name,
            columns: Vec::new(),
            key: Vec::new(),
            references: Vec::new(),
        });
        let declared = kind(&row.try_get::<String>("", "k")?)?;
        // SQLite has one kind of whole number, whatever was declared.
        let kind = match declared {
            Kind::Int(_) if backend != DbBackend::Postgres => Kind::Int(8),
            other => other,
        };
        table.columns.push(Column { name: row.try_get("", "c")?, kind, nullable: row.try_get("", "n")? });
    }
    for row in conn.query_all_raw(ask(keys)).await? {
        if let Some(table) = tables.get_mut(&row.try_get::<String>("", "t")?) {
            table.key.push(row.try_get("", "c")?);
        }
    }
    for row in conn.query_all_raw(ask(references)).await? {
        if let Some(table) = tables.get_mut(&row.try_get::<String>("", "t")?) {
            let column = row.try_get("", "c")?;
            table.references.push(Reference { column, table: row.try_get("", "rt")?, to: row.try_get("", "rc")? });
        }
    }
    Ok(tables
        .into_values()
        .map(|mut table| {
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            table.references.sort();
            table
        })
        .collect())
}
