//! One worksheet part to a sparse grid.

use super::super::Limits;
use super::super::faults::Fault;
use super::super::grid::{Cell, Grid, Merge, Row, Value, parse_address};
use super::super::legacy::{Encoding, FontHint, to_unicode};
use super::styles::{Style, Styles};
use super::xml::{Pull, Tag, Token};
use super::{Shared, rich_text};
use std::sync::Arc;

/// Excel's own limit of a cell's text; longer is cut.
const MAX_TEXT: usize = 32_767;

pub(super) fn read(
    text: &str,
    part: &str,
    styles: &Styles,
    strings: &[Shared],
    max_rows: usize,
    limits: &Limits,
) -> Result<Grid, Fault> {
    let mut grid = Grid::default();
    let mut pull = Pull::new(text, part);
    let mut reader = Rows { styles, strings, number: 0, column: 0, cells: 0 };
    let mut ended = false;
    while let Some(token) = pull.next()? {
        match token {
            Token::Open(tag) => match tag.name() {
                "col" => {
                    if tag.flag("hidden")?
                        && let (Some(first), Some(last)) = (tag.number("min")?, tag.number("max")?)
                    {
                        let column = |n: u32| u16::try_from(n.saturating_sub(1)).unwrap_or(u16::MAX);
                        grid.hidden_columns.push((column(first), column(last)));
                    }
                }
                "row" => {
                    reader.number = tag.number("r")?.unwrap_or(reader.number + 1);
                    if tag.is_empty() {
                        continue;
                    }
                    let cells = reader.row(&mut pull, limits)?;
                    if cells.is_empty() {
                        continue;
                    }
                    if grid.rows.len() >= max_rows || reader.cells > limits.cells {
                        grid.cut = true;
                        return Ok(grid);
                    }
                    grid.rows.push(Row { number: reader.number, cells });
                }
                "mergeCell" => {
                    let range = tag.get("ref")?.unwrap_or_default();
                    let (first, last) = range.split_once(':').unwrap_or((&range, &range));
                    if let (Some(a), Some(b)) = (parse_address(first), parse_address(last))
                        && grid.merges.len() < 10_000
                    {
                        grid.merges.push(Merge { rows: (a.1.min(b.1), a.1.max(b.1)), columns: (a.0.min(b.0), a.0.max(b.0)) });
                    }
                }
                "sheetData" if tag.is_empty() => ended = true,
                _ => {}
            },
            Token::Close("sheetData") => ended = true,
            _ => {}
        }
    }
    // A sheet cut off in transfer must not pass for a shorter one.
    if !ended {
        return Err(pull.fault());
    }
    // Rows out of order are not Excel's, but nothing forbids reading them.
    grid.rows.sort_by_key(|row| row.number);
    Ok(grid)
}

struct Rows<'s> {
    styles: &'s Styles,
    strings: &'s [Shared],
    number: u32,
    column: u16,
    cells: usize,
}

impl Rows<'_> {
    /// The cells of a row, up to its end.
    fn row(&mut self, pull: &mut Pull<'_>, limits: &Limits) -> Result<Vec<(u16, Cell)>, Fault> {
        let mut cells: Vec<(u16, Cell)> = Vec::new();
        self.column = 0;
        let mut sorted = true;
        loop {
            match pull.next()?.ok_or_else(|| pull.fault())? {
                Token::Open(tag) if tag.name() == "c" => {
                    let address = tag.get("r")?.and_then(|address| parse_address(&address));
                    let column = address.map_or(self.column, |(column, _)| column);
                    self.column = column.saturating_add(1);
                    let style = self.styles.get(tag.number("s")?.unwrap_or(0));
                    let cell = if tag.is_empty() { None } else { self.cell(pull, &tag, style)? };
                    if let Some(cell) = cell.filter(|cell| !cell.is_blank())
                        && column < limits.columns
                    {
                        self.cells += 1;
                        sorted &= cells.last().is_none_or(|(last, _)| *last < column);
                        cells.push((column, cell));
                    }
                }
                Token::Close("row") => break,
                _ => {}
            }
        }
        if !sorted {
            cells.sort_by_key(|(column, _)| *column);
            cells.dedup_by_key(|(column, _)| *column);
        }
        Ok(cells)
    }

    fn cell(&self, pull: &mut Pull<'_>, tag: &Tag<'_>, style: Style) -> Result<Option<Cell>, Fault> {
        let kind = tag.get("t")?.unwrap_or_default();
        let (mut value, mut formula, mut in_value) = (String::new(), false, false);
        let mut inline = None;
        loop {
            match pull.next()?.ok_or_else(|| pull.fault())? {
                Token::Open(tag) => match tag.name() {
                    "v" => in_value = !tag.is_empty(),
                    "f" => formula = true,
                    "is" if !tag.is_empty() => inline = Some(rich_text(pull, "is")?),
                    _ => {}
                },
                Token::Text(text) if in_value && value.len() < MAX_TEXT * 4 => value.push_str(&text),
                Token::Text(_) => {}
                Token::Close("v") => in_value = false,
                Token::Close("c") => break,
                Token::Close(_) => {}
            }
        }
        let (value, font) = match kind.as_str() {
            "s" => {
                let shared = value.trim().parse::<usize>().ok().and_then(|index| self.strings.get(index));
                shared.map_or((Value::Text("".into()), style.font), |shared| text_of(shared, style.font))
            }
            "inlineStr" => inline.as_ref().map_or((Value::Text("".into()), style.font), |text| text_of(text, style.font)),
            "str" => (Value::Text(super::xml::unescape_x(&value).into()), style.font),
            "b" => (Value::Bool(value.trim() == "1" || value.trim() == "true"), style.font),
            "e" => (Value::Error(value.as_str().into()), style.font),
            // "d" is an ISO date as text.
            "d" => (Value::Text(value.as_str().into()), style.font),
            _ if value.trim().is_empty() => (Value::Text("".into()), style.font),
            _ => match value.trim().parse::<f64>() {
                Ok(number) if number.is_finite() && style.date => (Value::Date(number), style.font),
                Ok(number) if number.is_finite() => (Value::Number(number), style.font),
                _ => (Value::Text(value.as_str().into()), style.font),
            },
        };
        Ok(Some(Cell { value, formula, font }))
    }
}

/// Text and the font that counts for it. Runs in different fonts are converted here, each by its own font, since a
/// column of TCVN3 shows its accented capitals by a run in a font of capitals.
fn text_of(shared: &Shared, cell_font: FontHint) -> (Value, FontHint) {
    let runs = match shared {
        Shared::Plain(text) => return (Value::Text(Arc::clone(text)), cell_font),
        Shared::Rich(runs) => runs,
    };
    let font_of = |hint: &Option<FontHint>| hint.unwrap_or(cell_font);
    let first = runs.first().map_or(cell_font, |(_, hint)| font_of(hint));
    if runs.iter().all(|(_, hint)| font_of(hint) == first) {
        return (Value::Text(runs.iter().map(|(text, _)| text.as_str()).collect::<String>().into()), first);
    }
    let text: String = runs
        .iter()
        .map(|(text, hint)| match font_of(hint) {
            FontHint::None => text.clone(),
            font @ FontHint::Vni => to_unicode(text, font, Encoding::Vni).0,
            font => to_unicode(text, font, Encoding::Tcvn3).0,
        })
        .collect();
    (Value::Text(text.into()), FontHint::None)
}
