//! Exit: a school's full export in open formats, at any time, and the import of it into an empty installation, which gives the same export
//! again, byte for byte. The format is described in `docs/exit.md`.

mod cells;
mod jobs;
mod reach;
mod read;
mod sealed;
pub mod tables;
mod write;

pub use jobs::{drive, file, get, list, mark_stopped, start};
pub use read::{Refusal, Taken, parts, school, take};
pub use sealed::{Lock, key};
pub use write::{Export, FORMAT, Manifest, make};

use dto::exit::{ExitContents, ExitLeftOut, ExitTable};
use dto::{Code, UnitId};
use kernel::db::schema;
use kernel::{Ctx, Db, Error, Result};
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

/// What every export holds and what not, from the schema as it is.
pub async fn contents(db: &Db, _ctx: &Ctx) -> Result<ExitContents> {
    let schema = schema::tables(db.read()).await?;
    let going = reach::going(&schema)?;
    let tables = going
        .iter()
        .map(|one| {
            let (vi, en) = tables::meaning(&one.table.name);
            let columns = u32::try_from(one.table.columns.len()).unwrap_or(u32::MAX);
            ExitTable { name: one.table.name.clone(), vi: vi.to_owned(), en: en.to_owned(), columns }
        })
        .collect();
    let stays = write::left_out(&schema).into_iter().chain(write::secrets());
    let left_out = stays.map(|one| ExitLeftOut { what: one.what, vi: one.vi, en: one.en }).collect();
    Ok(ExitContents { format: FORMAT.to_owned(), tables, left_out })
}

/// A school by its code, for the command; none where several code sets have it.
///
/// Errors: `not_found`.
pub async fn school_of_code(db: &Db, code: &str) -> Result<UnitId> {
    let mut query = Query::select();
    query.column("id").from("unit").and_where(Expr::col("code").eq(code)).and_where(Expr::col("kind").eq("school"));
    match db.read().query_all(&query).await?.as_slice() {
        [one] => Ok(UnitId(one.try_get_by_index(0)?)),
        _ => Err(Error::new(Code::NotFound)),
    }
}
