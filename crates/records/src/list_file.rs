//! A list as a file: one row of headers, a row a record. Opened in a spreadsheet it is ready to be read and filtered.

use dto::Lang;
use dto::figures::FigureFormat;
use kernel::{Error, Result};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// Headers with the widths of their columns, in a language.
pub(crate) fn head<const N: usize>(lang: Lang, columns: [(&str, &str, u16); N]) -> Vec<(String, u16)> {
    columns.map(|(vi, en, width)| (lang.pick(vi, en).to_owned(), width)).into()
}

/// A list to be written.
pub(crate) struct List {
    pub sheet: String,
    /// Headers with the widths of their columns, in characters.
    pub head: Vec<(String, u16)>,
    /// The columns whose whole numbers are numbers; all other cells are texts, also those of digits alone: "012".
    pub numbers: &'static [usize],
    pub rows: Vec<Vec<String>>,
}

impl List {
    pub async fn bytes(self, format: FigureFormat) -> Result<Vec<u8>> {
        tokio::task::spawn_blocking(move || match format {
            FigureFormat::Xlsx => self.xlsx().map_err(Error::internal),
            FigureFormat::Csv => self.csv(),
        })
        .await
        .map_err(Error::internal)?
    }

    fn csv(&self) -> Result<Vec<u8>> {
        // The mark by which Excel takes the file for UTF-8.
        let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(self.head.iter().map(|(name, _)| name)).map_err(Error::internal)?;
        for row in &self.rows {
            writer.write_record(row).map_err(Error::internal)?;
        }
        writer.into_inner().map_err(Error::internal)
    }

    fn xlsx(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        sheet.set_name(&self.sheet)?;
        let bordered = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB7_C0_CC));
        let heading =
            bordered(Format::new().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0xE8_EE_F5)));
        let (plain, number) = (bordered(Format::new()), bordered(Format::new().set_num_format("#,##0")));
        for (column, (name, width)) in (0u16..).zip(&self.head) {
            sheet.write_with_format(0, column, name, &heading)?;
            sheet.set_column_width(column, *width)?;
        }
        for (n, row) in (1u32..).zip(&self.rows) {
            for (at, (column, text)) in (0u16..).zip(row).enumerate() {
                match text.parse::<i64>() {
                    // Below 2^53, which a spreadsheet's numbers hold exactly.
                    Ok(value) if self.numbers.contains(&at) => sheet.write_with_format(n, column, value, &number)?,
                    _ => sheet.write_with_format(n, column, text, &plain)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 2)?;
        sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        workbook.save_to_buffer()
    }
}
