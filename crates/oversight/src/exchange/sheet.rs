//! A form as a workbook of ours, with the headers by which official files know its columns.

use super::form::{Column, Table, Value};
use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

pub(super) fn write(table: &Table, school: &str, year: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same data are the same file: no time of making.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sheet1")?;
    let line = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB7_C0_CC));
    let head = line(
        Format::new()
            .set_bold()
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color(Color::RGB(0xE8_EE_F5))
            .set_text_wrap(),
    );
    let text = line(Format::new());
    let title = format!("{} · {school} · {year}", table.kind.label(dto::Lang::Vi));
    sheet.write_with_format(0, 0, title, &Format::new().set_bold().set_font_size(13))?;
    let shown: Vec<(usize, &Column)> = table.columns.iter().enumerate().filter(|(_, column)| !column.of_template).collect();
    let deep = shown.iter().map(|(_, column)| column.titles.len()).max().unwrap_or(1);
    const TOP: u32 = 2;
    let last = TOP + u32::try_from(deep).unwrap_or(1) - 1;
    let place = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    for (n, (_, column)) in shown.iter().enumerate() {
        let own = place(n);
        match column.titles {
            [one] if last > TOP => _ = sheet.merge_range(TOP, own, last, own, one, &head)?,
            [one] => _ = sheet.write_with_format(TOP, own, *one, &head)?,
            [group, one, ..] => {
                sheet.write_with_format(last, own, *one, &head)?;
                let begins = n == 0 || shown[n - 1].1.titles.first() != Some(group);
                if begins {
                    let wide = shown[n..].iter().take_while(|(_, c)| c.titles.len() > 1 && c.titles[0] == *group).count();
                    match wide {
                        1 if last == TOP + 1 => _ = sheet.write_with_format(TOP, own, *group, &head)?,
                        _ => _ = sheet.merge_range(TOP, own, last - 1, place(n + wide - 1), group, &head)?,
                    }
                }
            }
            [] => {}
        }
    }
    for (row, one) in (last + 1..).zip(&table.lines) {
        for (n, (at, _)) in shown.iter().enumerate() {
            match one.cells.get(*at).and_then(Option::as_ref) {
                Some(Value::Text(said)) => _ = sheet.write_string_with_format(row, place(n), said, &text)?,
                // A spreadsheet has no other numbers; what comes here has at most two decimals.
                Some(Value::Number(number)) => {
                    _ = sheet.write_number_with_format(row, place(n), number.parse::<f64>().unwrap_or_default(), &text)?;
                }
                None => _ = sheet.write_blank(row, place(n), &text)?,
            }
        }
    }
    sheet.set_freeze_panes(last + 1, 0)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(TOP, last)?;
    sheet.autofit();
    workbook.save_to_buffer()
}
