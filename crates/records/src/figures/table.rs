//! Totals as a file: a row a unit, a column a figure.

use super::totals;
use dto::figures::{FigureFormat, FigureSet, YearlyTotals, year_name};
use dto::{Lang, UnitId};
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Result};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// A file with its name.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Totals of a unit as .xlsx or .csv.
///
/// Errors: `not_found`.
pub async fn totals_file(db: &Db, ctx: &Ctx, set: FigureSet, unit: UnitId, year: i16, format: FigureFormat) -> Result<File> {
    let totals = totals(db, ctx, set, unit, year).await?;
    let name = format!("{}-{}-{}.{}", slug(set.label(Lang::Vi)), slug(&totals.unit.name), year_name(set, year), format.as_str());
    let lang = ctx.lang;
    let bytes = tokio::task::spawn_blocking(move || match format {
        FigureFormat::Xlsx => xlsx(&totals, lang).map_err(Error::internal),
        FigureFormat::Csv => csv(&totals, lang),
    })
    .await
    .map_err(Error::internal)??;
    Ok(File { name, bytes })
}

/// Columns before the figures.
fn before(lang: Lang) -> [&'static str; 3] {
    [lang.pick("Đơn vị", "Unit"), lang.pick("Số trường", "Schools"), lang.pick("Đã ký duyệt", "Signed")]
}

/// Group, row and column of each figure are three lines of the head.
fn head(totals: &YearlyTotals, lang: Lang) -> [Vec<String>; 3] {
    let mut lines: [Vec<String>; 3] = Default::default();
    for text in before(lang) {
        lines[0].push(text.to_owned());
        lines[1].push(String::new());
        lines[2].push(String::new());
    }
    for item in &totals.items {
        lines[0].push(item.group.clone());
        lines[1].push(item.row.clone());
        lines[2].push(item.column.clone());
    }
    lines
}

fn title(totals: &YearlyTotals, lang: Lang) -> String {
    format!(
        "{} {} · {} · {} {}",
        totals.set.label(lang),
        year_name(totals.set, totals.year),
        totals.unit.name,
        lang.pick("số liệu ngày", "as of"),
        totals.as_of.format("%d/%m/%Y")
    )
}

fn csv(totals: &YearlyTotals, lang: Lang) -> Result<Vec<u8>> {
    // The mark by which Excel takes the file for UTF-8.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    let mut titles: Vec<String> = before(lang).map(str::to_owned).into();
    titles.extend(totals.items.iter().map(|item| format!("{} · {}", item.group, item.title())));
    writer.write_record(&titles).map_err(Error::internal)?;
    for row in totals.rows.iter().chain([&totals.total]) {
        let mut cells = vec![row.name.clone(), row.schools.to_string(), row.signed.to_string()];
        cells.extend(row.figures.iter().map(|figure| figure.map(|value| value.to_string()).unwrap_or_default()));
        writer.write_record(&cells).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn xlsx(totals: &YearlyTotals, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(totals.set.label(lang))?;
    let line = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB7_C0_CC));
    let bold = Format::new().set_bold().set_font_size(14);
    let heading = line(
        Format::new().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0xE8_EE_F5)).set_text_wrap(),
    );
    let (name, number) = (line(Format::new()), line(Format::new().set_num_format("#,##0")));
    let (name_total, number_total) = (name.clone().set_bold(), number.clone().set_bold());
    sheet.write_with_format(0, 0, title(totals, lang), &bold)?;
    for (row, texts) in (2u32..).zip(head(totals, lang)) {
        for (column, text) in (0u16..).zip(texts) {
            sheet.write_with_format(row, column, text, &heading)?;
        }
    }
    for (n, unit) in (5u32..).zip(totals.rows.iter().chain([&totals.total])) {
        let total = std::ptr::eq(unit, &totals.total);
        let (text, figure) = if total { (&name_total, &number_total) } else { (&name, &number) };
        sheet.write_with_format(n, 0, &unit.name, text)?;
        sheet.write_with_format(n, 1, unit.schools, figure)?;
        sheet.write_with_format(n, 2, unit.signed, figure)?;
        for (column, value) in (3u16..).zip(&unit.figures) {
            match value {
                // Whole numbers below 2^53, which a spreadsheet's numbers hold exactly.
                Some(value) => sheet.write_with_format(n, column, *value, figure)?,
                None => sheet.write_blank(n, column, figure)?,
            };
        }
    }
    sheet.set_column_width(0, 34)?;
    for column in 1..3 + u16::try_from(totals.items.len()).unwrap_or(0) {
        sheet.set_column_width(column, 16)?;
    }
    sheet.set_freeze_panes(5, 1)?;
    workbook.save_to_buffer()
}
