//! The report of a stock-taking on paper, for the commission to sign.

use crate::issuer;
use crate::rendering::{Extras, Form, make};
use chrono::NaiveDate;
use dto::equipment::{Stocktaking, StocktakingFate, StocktakingLine};
use dto::{Lang, UnitId};
use kernel::text::dmy;
use kernel::{Ctx, Db, Result};
use serde_json::{Value, json};

fn column(name: &str, width: u8, left: bool) -> Value {
    json!({"name": name, "width": width, "left": left})
}

fn table(title: &str, columns: Vec<Value>, rows: Vec<Vec<String>>) -> Value {
    json!({"title": title, "fields": [], "columns": columns, "rows": rows, "note": ""})
}

/// Biên bản kiểm kê of a school since a day, as PDF.
///
/// Errors: `not_found`.
pub async fn paper(db: &Db, ctx: &Ctx, school: UnitId, since: NaiveDate) -> Result<Vec<u8>> {
    let report = records::equipment::stocktaking(db, ctx, school, since).await?;
    let issuer = issuer::of(db.read(), school).await?;
    let head = json!({
        "over": issuer.over, "school": report.school_name, "year": "", "class": "", "homeroom": null, "place": issuer.place,
        "date": report.until, "copy": false, "subtitle": format!("Từ ngày {} đến ngày {}", dmy(report.since), dmy(report.until)),
    });
    let mut parts = vec![counts(&report)];
    for (fate, title) in [
        (StocktakingFate::Missing, "Thiếu so với sổ"),
        (StocktakingFate::Surplus, "Ghi thêm vào sổ trong đợt kiểm kê"),
        (StocktakingFate::Found, "Còn, nhưng cần sửa hoặc đã hỏng"),
    ] {
        let lines = report.lines.iter().filter(|line| line.fate == fate);
        let columns = vec![
            column("STT", 11, false),
            column("Mã", 28, false),
            column("Tên", 0, true),
            column("Nơi để", 38, true),
            column("Tình trạng", 30, true),
            column("Thấy lần cuối", 26, false),
        ];
        parts.push(table(title, columns, lines.enumerate().map(row).collect()));
    }
    let signers = json!([
        {"role": "Tổ kiểm kê", "seal": false, "name": null},
        {"role": "Kế toán", "seal": false, "name": null},
        {"role": "Hiệu trưởng", "seal": true, "name": null},
    ]);
    let data = json!({"head": head, "title": "Biên bản kiểm kê thiết bị", "flipped": false, "parts": parts, "signers": signers});
    make(Form::Record, data, Extras::default()).await
}

fn row((n, line): (usize, &StocktakingLine)) -> Vec<String> {
    let item = &line.item;
    let (left, right) = item.code.split_at(item.code.len() / 2);
    vec![
        (n + 1).to_string(),
        format!("{left}-{right}"),
        item.name.clone(),
        item.place.clone(),
        item.state.label(Lang::Vi).to_owned(),
        item.seen_on.map(dmy).unwrap_or_default(),
    ]
}

/// The counts by kind with their sum.
fn counts(report: &Stocktaking) -> Value {
    let of = |name: &str, n: [u32; 6]| std::iter::once(name.to_owned()).chain(n.map(|n| n.to_string())).collect::<Vec<_>>();
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut sum = [0u32; 6];
    for count in &report.counts {
        let n = [count.booked, count.found, count.missing, count.surplus, count.repair, count.broken];
        for (sum, n) in sum.iter_mut().zip(n) {
            *sum += n;
        }
        rows.push(of(count.kind.label(Lang::Vi), n));
    }
    rows.push(of("Cộng", sum));
    let columns = vec![
        column("Loại", 0, true),
        column("Theo sổ", 20, false),
        column("Còn", 18, false),
        column("Thiếu", 18, false),
        column("Ghi thêm", 20, false),
        column("Cần sửa", 20, false),
        column("Hỏng", 18, false),
    ];
    table("Tổng hợp", columns, rows)
}
