//! A file to fill in: the columns of a kind with drop-downs, and a sheet that says what goes into each.

use super::{Column, Kind, Kinds, Scope};
use dto::Lang;
use dto::file_imports::FileTemplateQuery;
use kernel::{Ctx, Db, Error, Result};
use rust_xlsxwriter::{Color, DataValidation, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use sea_orm::DatabaseExecutor;

/// Rows that the drop-downs reach.
const ROWS: u32 = 5_000;
/// A list in a rule itself may have so many characters; longer ones stand in a sheet of their own.
const INLINE: usize = 250;

/// The template of a kind for a school (a class, a sheet), with a name for the file.
///
/// Errors: `not_found`, `import_kind_scope`.
pub async fn template(
    db: &Db,
    ctx: &Ctx,
    kinds: &'static Kinds,
    kind: &str,
    query: &FileTemplateQuery,
) -> Result<(String, Vec<u8>)> {
    let kind = kinds.get(kind)?;
    let scope = Scope::of_template(query);
    let conn = DatabaseExecutor::Connection(db.read());
    let opened = kind.open(&conn, ctx, &scope).await?;
    let mut columns = opened.columns();
    columns.truncate(opened.template());
    let rows = opened.prefilled();
    let lang = ctx.lang;
    let bytes = tokio::task::spawn_blocking(move || write(kind, &columns, &rows, lang))
        .await
        .map_err(|error| Error::internal(format!("writing a file: {error}")))?
        .map_err(|error| Error::internal(format!("writing a file: {error}")))?;
    Ok((format!("{}-template.xlsx", kind.code()), bytes))
}

fn edge(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB7_C0_CC))
}

fn write(
    kind: &dyn Kind,
    columns: &[Column],
    rows: &[Vec<(String, String)>],
    lang: Lang,
) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let head = edge(
        Format::new()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0xE8_EE_F5))
            .set_text_wrap(),
    );
    // Everything is text: leading zeros stay, and no day is turned into another.
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    sheet.set_name(lang.pick("Dữ liệu", "Data"))?;
    sheet.set_row_height(0, 32)?;
    let mut long: Vec<(u16, &Column)> = Vec::new();
    for (at, column) in (0u16..).zip(columns) {
        let mark = if column.required { " *" } else { "" };
        sheet.write_with_format(0, at, format!("{}{mark}", column.name(lang)), &head)?;
        let width = (column.name(lang).chars().count() + 4).clamp(12, 30);
        sheet.set_column_width(at, f64::from(u16::try_from(width).unwrap_or(30)))?;
        sheet.set_column_format(at, &text)?;
        if column.choices.is_empty() {
            continue;
        }
        if column.choices.iter().map(|c| c.chars().count() + 1).sum::<usize>() <= INLINE {
            let rule = DataValidation::new().allow_list_strings(&column.choices)?;
            sheet.add_data_validation(1, at, ROWS, at, &told(rule, column, lang)?)?;
        } else {
            long.push((at, column));
        }
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (field, value) in cells {
            if let Some(at) = columns.iter().position(|c| c.field == *field).and_then(|at| u16::try_from(at).ok()) {
                sheet.write_with_format(row, at, value, &text)?;
            }
        }
    }
    for (number, (at, column)) in (0u16..).zip(&long) {
        let last = column.choices.len();
        let letter = crate::imports::parse::book::column_letter(number);
        let list = format!("=Lists!${letter}$1:${letter}${last}");
        let rule = DataValidation::new().allow_list_formula(list.as_str().into());
        sheet.add_data_validation(1, *at, ROWS, *at, &told(rule, column, lang)?)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    guide(workbook.add_worksheet(), kind, columns, lang, &head)?;
    if !long.is_empty() {
        let lists = workbook.add_worksheet();
        lists.set_name("Lists")?.set_hidden(true);
        for (number, (_, column)) in (0u16..).zip(&long) {
            for (row, choice) in (0u32..).zip(&column.choices) {
                lists.write(row, number, choice)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// What Excel says of a value that is not in the list.
fn told(rule: DataValidation, column: &Column, lang: Lang) -> std::result::Result<DataValidation, XlsxError> {
    rule.set_error_title(lang.pick("Giá trị chưa đúng", "Not a value"))?
        .set_error_message(lang.pick("Hãy chọn trong danh sách: ", "Choose from the list: ").to_owned() + column.name(lang))
}

fn guide(
    sheet: &mut Worksheet,
    kind: &dyn Kind,
    columns: &[Column],
    lang: Lang,
    head: &Format,
) -> std::result::Result<(), XlsxError> {
    let [vi, en] = kind.name();
    let [about_vi, about_en] = kind.about();
    let wrapped = edge(Format::new().set_text_wrap().set_align(FormatAlign::Top));
    sheet.set_name(lang.pick("Hướng dẫn", "Guide"))?;
    sheet.write_with_format(0, 0, lang.pick(vi, en), &Format::new().set_bold().set_font_size(14))?;
    sheet.write(1, 0, lang.pick(about_vi, about_en))?;
    sheet.write(
        2,
        0,
        lang.pick(
            "Nhập ở trang “Dữ liệu”, mỗi dòng một hồ sơ. Cột có dấu * bắt buộc. Khi tải lên, hệ thống cho xem trước rồi mới ghi.",
            "Fill in the sheet “Data”, one record a row. Columns with * are needed. An upload is shown before anything is written.",
        ),
    )?;
    let titles = match lang {
        Lang::Vi => ["Cột", "Bắt buộc", "Cách ghi", "Giá trị được chọn"],
        Lang::En => ["Column", "Needed", "How to write it", "Values"],
    };
    for (at, title) in (0u16..).zip(titles) {
        sheet.write_with_format(4, at, title, head)?;
    }
    for (row, column) in (5u32..).zip(columns) {
        let [vi, en] = column.hint;
        let needed = if column.required { lang.pick("Có", "Yes") } else { "" };
        for (at, value) in (0u16..).zip([column.name(lang), needed, lang.pick(vi, en), &column.choices.join(", ")]) {
            sheet.write_with_format(row, at, value, &wrapped)?;
        }
    }
    for (at, width) in (0u16..).zip([28.0, 10.0, 60.0, 60.0]) {
        sheet.set_column_width(at, width)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}
