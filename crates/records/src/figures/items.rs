//! Which figures a set has: of facilities a form in the program, of finance the catalogue that the province keeps.

use crate::finance;
use dto::figures::{FigureItem, FigureMeasure, FigureSet};
use dto::{Lang, UnitId};
use kernel::Result;
use sea_orm::ConnectionTrait;
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, Query};
use std::collections::BTreeMap;

/// Figures by the codes of their items.
pub(crate) type Figures = BTreeMap<String, i64>;

/// A name in both languages.
type Text = (&'static str, &'static str);

/// A table of the form: rows by columns.
struct Table {
    code: &'static str,
    name: Text,
    measure: FigureMeasure,
    derived: bool,
    rows: &'static [(&'static str, Text)],
    columns: &'static [(&'static str, Text)],
}

const PLAIN: &[(&str, Text)] = &[("", ("", ""))];

/// The form of facilities. Rooms by kind and construction as TT 57/2026/TT-BGDĐT, Phụ lục V, Biểu 1 has them; the other tables
/// are what schools are asked for besides, and no form of law fixes them.
const FACILITIES: &[Table] = &[
    Table {
        code: "rooms",
        name: ("Phòng", "Rooms"),
        measure: FigureMeasure::Count,
        derived: false,
        rows: &[
            ("classroom", ("Phòng học", "Classrooms")),
            ("subject", ("Phòng học bộ môn", "Subject rooms")),
            ("support", ("Khối phục vụ học tập", "Learning support")),
            ("office", ("Khối hành chính, quản trị", "Administration")),
            ("library", ("Thư viện", "Library")),
            ("other", ("Phòng khác", "Other rooms")),
        ],
        columns: &[
            ("permanent", ("Kiên cố", "Permanent")),
            ("semi", ("Bán kiên cố", "Semi-permanent")),
            ("temporary", ("Tạm", "Temporary")),
            ("repair", ("Trong đó cần sửa chữa", "Of which to be repaired")),
        ],
    },
    Table {
        code: "area",
        name: ("Diện tích", "Areas"),
        measure: FigureMeasure::SquareMetres,
        derived: false,
        rows: &[
            ("site", ("Khu đất của trường", "Site")),
            ("playground", ("Sân chơi, bãi tập", "Playground and sports ground")),
            ("floor", ("Sàn xây dựng", "Floor space")),
        ],
        columns: PLAIN,
    },
    Table {
        code: "water",
        name: ("Nước sạch", "Water"),
        measure: FigureMeasure::Count,
        derived: false,
        rows: &[
            ("drinking", ("Điểm nước uống hợp vệ sinh", "Safe drinking points")),
            ("washing", ("Chỗ rửa tay có nước sạch và xà phòng", "Hand-washing places with clean water and soap")),
        ],
        columns: PLAIN,
    },
    Table {
        code: "toilets",
        name: ("Nhà vệ sinh", "Toilets"),
        measure: FigureMeasure::Count,
        derived: false,
        rows: &[
            ("boys", ("Học sinh nam", "Boys")),
            ("girls", ("Học sinh nữ", "Girls")),
            ("staff", ("Giáo viên, nhân viên", "Staff")),
        ],
        columns: &[("all", ("Số phòng", "Rooms")), ("sound", ("Đạt vệ sinh", "Sanitary"))],
    },
    Table {
        code: "books",
        name: ("Thư viện", "Library"),
        measure: FigureMeasure::Count,
        derived: false,
        rows: &[
            ("textbooks", ("Sách giáo khoa (bản)", "Textbooks (copies)")),
            ("reference", ("Sách tham khảo (bản)", "Reference books (copies)")),
            ("reading", ("Sách, truyện đọc (bản)", "Books for reading (copies)")),
            ("seats", ("Chỗ ngồi đọc", "Seats")),
        ],
        columns: PLAIN,
    },
    Table {
        code: "it",
        name: ("Công nghệ thông tin", "Information technology"),
        measure: FigureMeasure::Count,
        derived: false,
        rows: &[
            ("computers", ("Máy tính cho học sinh", "Computers for learners")),
            ("office", ("Máy tính cho quản lí, giáo viên", "Computers for staff")),
            ("displays", ("Máy chiếu, màn hình tương tác", "Projectors and interactive screens")),
            ("online", ("Phòng học có internet", "Classrooms with internet")),
        ],
        columns: PLAIN,
    },
    Table {
        code: "equipment",
        name: ("Thiết bị (theo sổ thiết bị)", "Equipment (from the inventory)"),
        measure: FigureMeasure::Count,
        derived: true,
        rows: &[
            ("good", ("Dùng tốt", "In good order")),
            ("repair", ("Cần sửa chữa", "Needs repair")),
            ("broken", ("Hỏng", "Broken")),
            ("lost", ("Không tìm thấy", "Missing")),
        ],
        columns: PLAIN,
    },
];

/// The items of a set in the order of its form, in a language. Of the catalogue of budget lines those in use, and those that
/// `held` has figures of.
pub(super) async fn of(conn: &impl ConnectionTrait, set: FigureSet, lang: Lang, held: &[&Figures]) -> Result<Vec<FigureItem>> {
    if set == FigureSet::Facilities {
        return Ok(facilities(lang));
    }
    let mut items: Vec<FigureItem> = finance::all_items(conn)
        .await?
        .into_iter()
        .filter(|item| item.active || held.iter().any(|figures| figures.contains_key(&item.code)))
        .map(|item| FigureItem {
            group: format!("{} · {}", item.flow.label(lang), item.group),
            row: item.name,
            column: item.source,
            measure: FigureMeasure::Vnd,
            derived: false,
            code: item.code,
        })
        .collect();
    items.push(FigureItem {
        code: INVESTMENT.to_owned(),
        group: lang.pick("Đầu tư (theo danh mục dự án)", "Investment (from the projects)").to_owned(),
        row: match set {
            FigureSet::Settlement => lang.pick("Đã giải ngân trong năm", "Spent in the year"),
            _ => lang.pick("Kế hoạch vốn trong năm", "Planned for the year"),
        }
        .to_owned(),
        column: String::new(),
        measure: FigureMeasure::Vnd,
        derived: true,
    });
    Ok(items)
}

/// The sum of the projects of the year. No item of the catalogue can be called so: their codes have no underscore.
const INVESTMENT: &str = "investment_total";

fn facilities(lang: Lang) -> Vec<FigureItem> {
    let text = |(vi, en): Text| lang.pick(vi, en).to_owned();
    let mut items = Vec::new();
    for table in FACILITIES {
        for (row, row_name) in table.rows {
            for (column, column_name) in table.columns {
                let dot = if column.is_empty() { "" } else { "." };
                items.push(FigureItem {
                    code: format!("{}.{row}{dot}{column}", table.code),
                    group: text(table.name),
                    row: text(*row_name),
                    column: text(*column_name),
                    measure: table.measure,
                    derived: table.derived,
                });
            }
        }
    }
    items
}

/// The items of a set, those marked derived that the records of this school hold.
pub(super) fn held(mut items: Vec<FigureItem>, derived: &Figures) -> Vec<FigureItem> {
    for item in &mut items {
        item.derived |= derived.contains_key(&item.code);
    }
    items
}

/// What the records say of the derived figures of a school.
pub(super) async fn derived(conn: &impl ConnectionTrait, set: FigureSet, school: UnitId, year: i16) -> Result<Figures> {
    let mut figures = Figures::new();
    match set {
        FigureSet::Facilities => {
            for state in ["good", "repair", "broken", "lost"] {
                figures.insert(format!("equipment.{state}"), 0);
            }
            for count in crate::equipment::counts_in(conn, school).await? {
                if let Some(sum) = figures.get_mut(&format!("equipment.{}", count.state.as_str())) {
                    *sum += i64::from(count.items);
                }
            }
            // Where rooms are kept one by one, nobody is asked how many there are.
            figures.extend(crate::rooms::figures_in(conn, school).await?);
        }
        FigureSet::Budget | FigureSet::Settlement => {
            let column = if set == FigureSet::Budget { "planned" } else { "disbursed" };
            let mut query = Query::select();
            query
                // PostgreSQL's sum of bigint is a numeric.
                .expr(Func::cast_as(Func::coalesce([Expr::col(column).sum(), Expr::val(0i64)]), Alias::new("bigint")))
                .from("investment_year")
                .and_where(Expr::col("school_id").eq(school.0))
                .and_where(Expr::col("year").eq(year));
            let sum = match conn.query_one(&query).await? {
                Some(row) => row.try_get_by_index::<i64>(0)?,
                None => 0,
            };
            figures.insert(INVESTMENT.to_owned(), sum);
        }
    }
    Ok(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unlike_each_other() {
        let items = facilities(Lang::Vi);
        let codes: std::collections::BTreeSet<_> = items.iter().map(|item| item.code.as_str()).collect();
        assert_eq!(codes.len(), items.len());
        assert_eq!(items.iter().filter(|item| item.code.starts_with("rooms.")).count(), 24);
        assert!(codes.contains("rooms.classroom.semi") && codes.contains("area.site"));
    }
}
