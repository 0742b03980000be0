//! What the columns of a file are taken for: by the kind's synonyms, by what somebody of the school has said of a header like
//! it before, and by what they say now, which is remembered.

use super::entity::mapping;
use super::{Column, Kind, Scope};
use crate::imports::parse::book::column_letter;
use crate::imports::parse::table::Found;
use crate::imports::parse::table_header;
use dto::Code;
use dto::file_imports::{FileImportColumn, PutFileImportColumns};
use dto::imports::ImportFault;
use kernel::{Error, Result, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Folded headers and their fields.
pub(super) fn meanings(columns: &[Column]) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for column in columns {
        let own = [table_header(&column.vi), table_header(&column.en)];
        for name in column.synonyms.iter().cloned().chain(own) {
            out.entry(name).or_insert_with(|| column.field.clone());
        }
    }
    out
}

/// What the school has said of headers in files of this kind.
pub(super) async fn remembered(
    conn: &impl ConnectionTrait,
    kind: &dyn Kind,
    scope: &Scope,
) -> Result<HashMap<String, Option<String>>> {
    let rows = mapping::Entity::find()
        .filter(mapping::Column::SchoolId.eq(scope.school_id.0))
        .filter(mapping::Column::Kind.eq(kind.code()))
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.header, row.field)).collect())
}

/// By what a header is remembered.
fn memory_key(header: &str) -> String {
    table_header(header).chars().take(120).collect()
}

/// The columns of a file; each field stands once.
pub(super) fn assign(found: &Found, known: &[Column], memory: &HashMap<String, Option<String>>) -> Vec<FileImportColumn> {
    let mut out: Vec<FileImportColumn> = found
        .columns
        .iter()
        .map(|headed| {
            let said = memory.get(&memory_key(&headed.header));
            let field = match said {
                Some(field) => field.clone(),
                None => headed.field.clone(),
            };
            FileImportColumn {
                column: column_letter(headed.index),
                header: headed.header.clone(),
                field: field.filter(|field| known.iter().any(|c| c.field == *field)),
                remembered: said.is_some(),
            }
        })
        .collect();
    let mut taken: HashSet<String> = HashSet::new();
    // What was said goes before what was guessed.
    for remembered in [true, false] {
        for column in out.iter_mut().filter(|c| c.remembered == remembered) {
            if let Some(field) = &column.field
                && !taken.insert(field.clone())
            {
                column.field = None;
            }
        }
    }
    out
}

/// What the file lacks.
pub(super) fn lacking(columns: &[FileImportColumn], known: &[Column]) -> Vec<ImportFault> {
    let missing = known.iter().filter(|k| k.required && !columns.iter().any(|c| c.field.as_deref() == Some(&k.field)));
    missing
        .map(|k| {
            super::error_fault(
                "column_missing",
                Some(&k.field),
                format!("Chưa có cột “{}”. Hãy chọn cột của tệp ứng với nội dung này.", k.vi),
                format!("There is no column “{}”. Say which column of the file it is.", k.en),
            )
        })
        .collect()
}

/// The columns as a person says they are.
///
/// Errors: `invalid` with the column that is not in the file, the field that is not of the kind, or that is given twice.
pub(super) fn corrected(
    columns: &[FileImportColumn],
    known: &[Column],
    body: &PutFileImportColumns,
) -> Result<Vec<FileImportColumn>> {
    let mut out = columns.to_vec();
    let mut taken = HashSet::new();
    for (at, said) in body.columns.iter().enumerate() {
        let column = out
            .iter_mut()
            .find(|c| c.column == said.column)
            .ok_or_else(|| Error::field(format!("/columns/{at}/column"), Code::FieldChoice))?;
        let field = said.field.as_ref().filter(|f| !f.is_empty());
        let bad = field.is_some_and(|field| !known.iter().any(|k| k.field == *field) || !taken.insert(field.clone()));
        if bad {
            return Err(Error::field(format!("/columns/{at}/field"), Code::FieldChoice));
        }
        column.remembered |= column.field.as_ref() != field;
        column.field = field.cloned();
    }
    Ok(out)
}

/// Remembers what was said of each header that a person has corrected.
pub(super) async fn remember_in(tx: &Tx<'_>, kind: &dyn Kind, scope: &Scope, columns: &[FileImportColumn]) -> Result<()> {
    let mut rows: HashMap<String, mapping::Model> = HashMap::new();
    for column in columns.iter().filter(|c| c.remembered) {
        let header = memory_key(&column.header);
        if header.is_empty() {
            continue;
        }
        rows.entry(header.clone()).or_insert(mapping::Model {
            school_id: scope.school_id.0,
            kind: kind.code().to_owned(),
            header,
            field: column.field.clone(),
            updated_at: tx.now(),
            updated_by: tx.ctx().account.map(Uuid::from),
        });
    }
    for row in rows.into_values() {
        mapping::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::columns([mapping::Column::SchoolId, mapping::Column::Kind, mapping::Column::Header])
                    .update_columns([mapping::Column::Field, mapping::Column::UpdatedAt, mapping::Column::UpdatedBy])
                    .to_owned(),
            )
            .exec_without_returning(tx.conn())
            .await?;
    }
    Ok(())
}
