//! Reading .xlsx (ECMA-376 SpreadsheetML) for a class list: values, formulas as such, fonts, merges, hidden columns.
//!
//! Read here rather than by a general library, since that lays a sheet out as a dense table (one cell in XFD1048576
//! takes all memory), tells nothing of fonts, and reads values and formulas in two passes.

mod sheet;
mod styles;
mod xml;

use super::Limits;
use super::container::{Package, broken};
use super::faults::{Fault, FaultCode};
use super::grid::Grid;
use std::sync::Arc;
use styles::Styles;
use xml::{Pull, Token};

/// A text of the shared table: plain, or runs with the font each names.
#[derive(Clone, Debug)]
pub(super) enum Shared {
    Plain(Arc<str>),
    Rich(Arc<[(String, Option<super::legacy::FontHint>)]>),
}

/// A sheet's place in the workbook.
#[derive(Clone, Debug)]
pub struct SheetRef {
    pub name: String,
    pub hidden: bool,
    path: String,
}

impl SheetRef {
    /// The part of the package that holds it.
    pub fn part(&self) -> &str {
        &self.path
    }
}

/// An open workbook.
pub struct Workbook<'p, 'b> {
    package: &'p mut Package<'b>,
    pub sheets: Vec<SheetRef>,
    epoch_1904: bool,
    styles: Styles,
    strings: Vec<Shared>,
}

impl<'p, 'b> Workbook<'p, 'b> {
    pub fn open(package: &'p mut Package<'b>) -> Result<Self, Fault> {
        let main = main_part(package)?;
        let folder = main.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let file = main.rsplit_once('/').map_or(main.as_str(), |(_, file)| file);
        let text = package.part(&main)?.ok_or_else(|| broken("xl/workbook.xml"))?;
        let links = relations(package, &format!("{folder}/_rels/{file}.rels"), &folder)?;

        let mut epoch_1904 = false;
        let mut sheets = Vec::new();
        let mut pull = Pull::new(&text, "xl/workbook.xml");
        while let Some(token) = pull.next()? {
            let Token::Open(tag) = token else { continue };
            match tag.name() {
                "workbookPr" => epoch_1904 = tag.flag("date1904")?,
                "sheet" => {
                    let Some(id) = tag.get("id")? else { continue };
                    let Some(link) = links.iter().find(|link| link.id == id) else {
                        continue;
                    };
                    // Chart and dialog sheets have other types.
                    if link.kind.ends_with("/worksheet") {
                        sheets.push(SheetRef {
                            name: tag.get("name")?.unwrap_or_default(),
                            hidden: tag.get("state")?.is_some_and(|state| state != "visible"),
                            path: link.target.clone(),
                        });
                    }
                }
                _ => {}
            }
        }
        let part_of = |kind: &str| links.iter().find(|link| link.kind.ends_with(kind)).map(|link| link.target.clone());
        let styles = match part_of("/styles") {
            Some(path) => package.part(&path)?.map(|text| Styles::read(&text)).transpose()?.unwrap_or_default(),
            None => Styles::default(),
        };
        let strings = match part_of("/sharedStrings") {
            Some(path) => package.part(&path)?.map(|text| shared_strings(&text)).transpose()?.unwrap_or_default(),
            None => Vec::new(),
        };
        Ok(Workbook { package, sheets, epoch_1904, styles, strings })
    }

    /// Reads a sheet, at most `max_rows` rows that are not empty.
    pub fn sheet(&mut self, sheet: &SheetRef, max_rows: usize, limits: &Limits) -> Result<Grid, Fault> {
        let text = self.package.part(&sheet.path)?.ok_or_else(|| broken(&sheet.path))?;
        let mut grid = sheet::read(&text, &sheet.path, &self.styles, &self.strings, max_rows, limits)?;
        grid.name.clone_from(&sheet.name);
        grid.epoch_1904 = self.epoch_1904;
        Ok(grid)
    }
}

struct Link {
    id: String,
    kind: String,
    target: String,
}

/// The relations of a part, with targets made absolute. Targets outside the package are left out.
fn relations(package: &mut Package<'_>, path: &str, folder: &str) -> Result<Vec<Link>, Fault> {
    let Some(text) = package.part(path)? else {
        return Ok(Vec::new());
    };
    let mut links = Vec::new();
    let mut pull = Pull::new(&text, path);
    while let Some(token) = pull.next()? {
        let Token::Open(tag) = token else { continue };
        if tag.name() != "Relationship" || tag.get("TargetMode")?.is_some_and(|mode| mode == "External") {
            continue;
        }
        let target = tag.get("Target")?.unwrap_or_default();
        links.push(Link {
            id: tag.get("Id")?.unwrap_or_default(),
            kind: tag.get("Type")?.unwrap_or_default(),
            target: absolute(&target, folder),
        });
    }
    Ok(links)
}

fn absolute(target: &str, folder: &str) -> String {
    if let Some(path) = target.strip_prefix('/') {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The workbook part, as the package's own relations name it.
fn main_part(package: &mut Package<'_>) -> Result<String, Fault> {
    let links = relations(package, "_rels/.rels", "")?;
    let named = links.into_iter().find(|link| link.kind.ends_with("/officeDocument")).map(|link| link.target);
    Ok(named.unwrap_or_else(|| "xl/workbook.xml".to_owned()))
}

fn shared_strings(text: &str) -> Result<Vec<Shared>, Fault> {
    let mut out = Vec::new();
    let mut pull = Pull::new(text, "xl/sharedStrings.xml");
    while let Some(token) = pull.next()? {
        if let Token::Open(tag) = token
            && tag.name() == "si"
        {
            let empty = tag.is_empty();
            out.push(if empty { Shared::Plain("".into()) } else { rich_text(&mut pull, "si")? });
        }
    }
    Ok(out)
}

/// Reads the content of `si` or `is` up to its end.
fn rich_text(pull: &mut Pull<'_>, end: &str) -> Result<Shared, Fault> {
    let mut runs: Vec<(String, Option<super::legacy::FontHint>)> = Vec::new();
    let mut plain = String::new();
    let (mut in_text, mut in_run, mut phonetic) = (false, false, false);
    loop {
        let Some(token) = pull.next()? else {
            return Err(pull.fault());
        };
        match token {
            Token::Open(tag) => match tag.name() {
                "r" if !tag.is_empty() => {
                    in_run = true;
                    runs.push((String::new(), None));
                }
                "rFont" => {
                    let hint = super::legacy::FontHint::of_font(&tag.get("val")?.unwrap_or_default());
                    if let Some(run) = runs.last_mut() {
                        run.1 = Some(hint);
                    }
                }
                // Readings of East Asian text; the text itself stands beside them.
                "rPh" if !tag.is_empty() => phonetic = true,
                "t" => in_text = !tag.is_empty() && !phonetic,
                _ => {}
            },
            Token::Text(text) if in_text => match runs.last_mut() {
                Some(run) if in_run => run.0.push_str(&text),
                _ => plain.push_str(&text),
            },
            Token::Text(_) => {}
            Token::Close(name) => match name {
                "t" => in_text = false,
                "r" => in_run = false,
                "rPh" => phonetic = false,
                name if name == end => break,
                _ => {}
            },
        }
    }
    if runs.is_empty() {
        return Ok(Shared::Plain(xml::unescape_x(&plain).into()));
    }
    if !plain.is_empty() {
        runs.insert(0, (plain, None));
    }
    Ok(Shared::Rich(runs.into_iter().map(|(text, hint)| (xml::unescape_x(&text), hint)).collect()))
}

/// The fault of a workbook with nothing to read.
pub fn no_sheet() -> Fault {
    Fault::new(FaultCode::NoSheet, &[])
}
