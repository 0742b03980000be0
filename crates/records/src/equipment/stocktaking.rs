//! The inventory as a file, and the report of a stock-taking: what was seen since it began, what was not, what the book did not have.

use super::query::{self, Row};
use crate::list_file::{self, List};
use crate::units;
use chrono::{DateTime, NaiveDate, Utc};
use dto::UnitId;
use dto::access::Permission;
use dto::equipment::{
    EquipmentKind, EquipmentQuery, EquipmentState, Stocktaking, StocktakingCount, StocktakingFate, StocktakingLine,
};
use dto::figures::FigureFormat;
use dto::{Lang, units::Unit};
use kernel::text::{dmy, slug};
use kernel::{Ctx, Db, Result, clock};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeMap;

/// A file with its name.
pub struct EquipmentFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A code as it stands on the label.
fn printed(code: &str) -> String {
    match code.split_at_checked(5) {
        Some((left, right)) => format!("{left}-{right}"),
        None => code.to_owned(),
    }
}

/// Most items of a file: more than any school has.
const MOST: u64 = 50_000;

/// The items of a school that a query asks for as .xlsx or .csv.
///
/// Errors: `not_found`.
pub async fn file(db: &Db, ctx: &Ctx, school: UnitId, query: &EquipmentQuery, format: FigureFormat) -> Result<EquipmentFile> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    let mut select = query::asked(school.id, query);
    select.limit(MOST);
    let rows = crate::all::<Row>(conn, &select).await?;
    let lang = ctx.lang;
    let list = List {
        sheet: lang.pick("Sổ thiết bị", "Inventory").to_owned(),
        head: list_file::head(
            lang,
            [
                ("Mã", "Code", 14),
                ("Tên", "Name", 32),
                ("Loại", "Kind", 22),
                ("Số của trường", "School's number", 16),
                ("Nơi để", "Place", 24),
                ("Tình trạng", "State", 16),
                ("Năm đưa vào dùng", "In use since", 12),
                ("Nguồn", "Paid by", 18),
                ("Giá (đồng)", "Price (VND)", 14),
                ("Kiểm kê lần cuối", "Last seen", 14),
                ("Ghi chú", "Note", 30),
            ],
        ),
        numbers: &[6, 8],
        rows: rows.into_iter().map(|row| line(row, lang)).collect::<Result<_>>()?,
    };
    let name = format!("thiet-bi-{}.{}", slug(&school.name), format.as_str());
    Ok(EquipmentFile { name, bytes: list.bytes(format).await? })
}

fn line(row: Row, lang: Lang) -> Result<Vec<String>> {
    let (kind, state): (EquipmentKind, EquipmentState) = (crate::stored(&row.kind)?, crate::stored(&row.state)?);
    Ok(vec![
        printed(&row.code),
        row.name,
        kind.label(lang).to_owned(),
        row.number.unwrap_or_default(),
        row.place,
        state.label(lang).to_owned(),
        row.acquired_year.map(|year| year.to_string()).unwrap_or_default(),
        row.source.unwrap_or_default(),
        row.price.map(|price| price.to_string()).unwrap_or_default(),
        row.seen_on.map(dmy).unwrap_or_default(),
        row.note.unwrap_or_default(),
    ])
}

/// The report of a stock-taking that began on a day. What has been disposed of is in none.
///
/// Errors: `not_found`.
pub async fn stocktaking(db: &Db, ctx: &Ctx, school: UnitId, since: NaiveDate) -> Result<Stocktaking> {
    let conn = db.read();
    let school = units::school_in(conn, ctx, Permission::FacilityRead, school).await?;
    report(conn, &school, since).await
}

/// Lines that a report shows.
const SHOWN: usize = 5_000;

async fn report(conn: &impl ConnectionTrait, school: &Unit, since: NaiveDate) -> Result<Stocktaking> {
    let mut select = query::asked(school.id, &EquipmentQuery::default());
    select.column(("e", "created_at")).limit(MOST);
    let mut counts: BTreeMap<EquipmentKind, StocktakingCount> = BTreeMap::new();
    let mut lines = Vec::new();
    for row in conn.query_all(&select).await? {
        let created: DateTime<Utc> = row.try_get("", "created_at")?;
        let item = query::item(Row::from_query_result(&row, "")?)?;
        if item.state == EquipmentState::Disposed {
            continue;
        }
        let count = counts.entry(item.kind).or_insert_with(|| StocktakingCount::of(item.kind));
        let fate = if clock::day_of(created) >= since {
            StocktakingFate::Surplus
        } else if item.state != EquipmentState::Lost && item.seen_on.is_some_and(|day| day >= since) {
            StocktakingFate::Found
        } else {
            StocktakingFate::Missing
        };
        count.add(fate, item.state);
        let well = fate == StocktakingFate::Found && item.state == EquipmentState::Good;
        if !well && lines.len() < SHOWN {
            lines.push(StocktakingLine { fate, item });
        }
    }
    // What is missing first, then what is more than the book, then what is not in order.
    lines.sort_by_key(|line| match line.fate {
        StocktakingFate::Missing => 0,
        StocktakingFate::Surplus => 1,
        StocktakingFate::Found => 2,
    });
    Ok(Stocktaking {
        school_id: school.id,
        school_name: school.name.clone(),
        since,
        until: clock::today(),
        counts: counts.into_values().collect(),
        lines,
    })
}

/// The report of a stock-taking as .xlsx: what is to be seen to, item by item.
///
/// Errors: `not_found`.
pub async fn stocktaking_file(db: &Db, ctx: &Ctx, school: UnitId, since: NaiveDate) -> Result<EquipmentFile> {
    let report = stocktaking(db, ctx, school, since).await?;
    let lang = ctx.lang;
    let name = format!("kiem-ke-{}-{}.xlsx", slug(&report.school_name), report.until);
    let row = |line: StocktakingLine| {
        let item = line.item;
        vec![
            line.fate.label(lang).to_owned(),
            printed(&item.code),
            item.name,
            item.kind.label(lang).to_owned(),
            item.number.unwrap_or_default(),
            item.place,
            item.state.label(lang).to_owned(),
            item.seen_on.map(dmy).unwrap_or_default(),
        ]
    };
    let list = List {
        sheet: lang.pick("Kiểm kê", "Stock-taking").to_owned(),
        head: list_file::head(
            lang,
            [
                ("Kết quả", "Result", 16),
                ("Mã", "Code", 14),
                ("Tên", "Name", 32),
                ("Loại", "Kind", 22),
                ("Số của trường", "School's number", 16),
                ("Nơi để", "Place", 24),
                ("Tình trạng", "State", 16),
                ("Thấy lần cuối", "Last seen", 14),
            ],
        ),
        numbers: &[],
        rows: report.lines.into_iter().map(row).collect(),
    };
    Ok(EquipmentFile { name, bytes: list.bytes(FigureFormat::Xlsx).await? })
}
