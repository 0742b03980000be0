//! What a cell's style says: whether its number is a date, and in which font its text is.

use super::super::faults::Fault;
use super::super::legacy::FontHint;
use super::xml::{Pull, Token};
use std::collections::HashMap;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Style {
    pub date: bool,
    pub font: FontHint,
}

#[derive(Debug, Default)]
pub(super) struct Styles {
    cells: Vec<Style>,
}

impl Styles {
    pub fn get(&self, index: u32) -> Style {
        self.cells.get(index as usize).copied().unwrap_or_default()
    }

    pub fn read(text: &str) -> Result<Styles, Fault> {
        let mut formats: HashMap<u32, bool> = HashMap::new();
        let mut fonts: Vec<FontHint> = Vec::new();
        let mut cells = Vec::new();
        let (mut in_fonts, mut in_cells) = (false, false);
        let mut pull = Pull::new(text, "xl/styles.xml");
        while let Some(token) = pull.next()? {
            match token {
                Token::Open(tag) => match tag.name() {
                    "numFmt" => {
                        if let Some(id) = tag.number("numFmtId")? {
                            formats.insert(id, is_date_format(&tag.get("formatCode")?.unwrap_or_default()));
                        }
                    }
                    "fonts" => in_fonts = !tag.is_empty(),
                    "font" if in_fonts => fonts.push(FontHint::None),
                    "name" if in_fonts => {
                        if let Some(font) = fonts.last_mut() {
                            *font = FontHint::of_font(&tag.get("val")?.unwrap_or_default());
                        }
                    }
                    "cellXfs" => in_cells = !tag.is_empty(),
                    "xf" if in_cells => {
                        let format = tag.number("numFmtId")?.unwrap_or(0);
                        let font = tag.number("fontId")?.unwrap_or(0);
                        cells.push(Style {
                            date: formats.get(&format).copied().unwrap_or_else(|| is_builtin_date(format)),
                            font: fonts.get(font as usize).copied().unwrap_or_default(),
                        });
                    }
                    _ => {}
                },
                Token::Close("fonts") => in_fonts = false,
                Token::Close("cellXfs") => in_cells = false,
                _ => {}
            }
        }
        Ok(Styles { cells })
    }
}

/// Built-in number formats that show dates (ECMA-376 part 1, 18.8.30, with the East Asian ones).
fn is_builtin_date(format: u32) -> bool {
    matches!(format, 14..=17 | 22 | 27..=31 | 34..=36 | 50..=58)
}

/// Whether a format shows a day or a year: letters d or y outside quotes, brackets and escapes.
fn is_date_format(code: &str) -> bool {
    let mut chars = code.chars();
    let (mut quoted, mut bracketed) = (false, false);
    while let Some(c) = chars.next() {
        match c {
            '\\' | '_' | '*' if !quoted => {
                chars.next();
            }
            '"' => quoted = !quoted,
            '[' if !quoted => bracketed = true,
            ']' if !quoted => bracketed = false,
            'd' | 'D' | 'y' | 'Y' if !quoted && !bracketed => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_formats() {
        for code in ["dd/mm/yyyy", "[$-42A]d/m/yy;@", "yyyy\\-mm\\-dd", "\"Ngày\" d"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["General", "0.00", "#,##0\" đ\"", "[Red]0", "@", "\"day\"0", "hh:mm"] {
            assert!(!is_date_format(code), "{code}");
        }
        assert!(is_builtin_date(14) && !is_builtin_date(2));
    }
}
