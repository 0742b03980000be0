//! Codes of provinces, communes and (until 30 June 2025) districts, with what each former one became.
//!
//! Since 1 July 2025 there are 34 provinces and 3,321 communes (QĐ 19/2025/QĐ-TTg). Codes were given anew: 24, 15, 44, 52, 80, 82 and
//! 91 name another province than before, so a code says nothing without its list. The lists are data; `scripts/admin-codes.py`
//! writes them and says where they come from. 28 former communes have no successor there: the source lacks it.

use dto::Code;
use dto::network::{AdminCode, AdminCodeHistory, AdminCodeQuery, AdminKind};
use dto::page::{Page, PageQuery};
use kernel::text::fold;
use kernel::{Error, Result, page};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::LazyLock;

/// In force since 1 July 2025.
pub const PRESENT: &str = "2025-07-01";
/// The list before, as of that day; in force until 30 June 2025.
pub const FORMER: &str = "2025-01-04";

/// A line of a list: a code, its name folded for searching and keyed for sorting, the list above it, and what it became.
struct Line {
    kind: AdminKind,
    former: bool,
    code: &'static str,
    name: &'static str,
    parent: &'static str,
    became: Vec<&'static str>,
    folded: String,
    key: Vec<u8>,
}

struct Lists {
    /// By kind and name.
    lines: Vec<Line>,
    places: HashMap<(AdminKind, bool, &'static str), usize>,
    came_of: HashMap<(AdminKind, &'static str), Vec<usize>>,
}

static LISTS: LazyLock<Lists> = LazyLock::new(Lists::read);

/// The cells of each line but the head; no cell of these files holds a comma or a quotation mark.
fn cells(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().skip(1).map(|line| line.split(',').collect())
}

fn many(cell: &'static str) -> Vec<&'static str> {
    cell.split(';').filter(|code| !code.is_empty()).collect()
}

impl Lists {
    fn read() -> Lists {
        let mut lines = Vec::with_capacity(14_200);
        let mut add = |kind, former, cells: &[&'static str], parent: &'static str, became| {
            let name = cells[1];
            lines.push(Line {
                kind,
                former,
                code: cells[0],
                name,
                parent,
                became,
                folded: fold(name),
                key: super::unit_sort_key(name),
            });
        };
        let mut province_became: HashMap<&str, Vec<&'static str>> = HashMap::new();
        for cells in cells(include_str!("provinces.csv")) {
            for former in many(cells[2]) {
                province_became.entry(former).or_default().push(cells[0]);
            }
            add(AdminKind::Province, false, &cells, "", Vec::new());
        }
        for cells in cells(include_str!("communes.csv")) {
            add(AdminKind::Commune, false, &cells, cells[2], Vec::new());
        }
        for cells in cells(include_str!("former_provinces.csv")) {
            add(AdminKind::Province, true, &cells, "", province_became.remove(cells[0]).unwrap_or_default());
        }
        for cells in cells(include_str!("former_districts.csv")) {
            add(AdminKind::District, true, &cells, cells[2], Vec::new());
        }
        for cells in cells(include_str!("former_communes.csv")) {
            add(AdminKind::Commune, true, &cells, cells[2], many(cells[3]));
        }
        lines.sort_by(|a, b| (a.kind, &a.key, a.code).cmp(&(b.kind, &b.key, b.code)));
        let places = lines.iter().enumerate().map(|(at, line)| ((line.kind, line.former, line.code), at)).collect();
        let mut came_of: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, line) in lines.iter().enumerate() {
            for code in &line.became {
                came_of.entry((line.kind, *code)).or_default().push(at);
            }
        }
        Lists { lines, places, came_of }
    }

    fn find(&self, kind: AdminKind, former: bool, code: &str) -> Option<&Line> {
        self.places.get(&(kind, former, code)).map(|at| &self.lines[*at])
    }

    /// The line above: of a commune its province, of a former one its district.
    fn above(&self, line: &Line) -> Option<&Line> {
        let kind = match (line.kind, line.former) {
            (AdminKind::Province, _) => return None,
            (AdminKind::Commune, true) => AdminKind::District,
            _ => AdminKind::Province,
        };
        self.find(kind, line.former, line.parent)
    }

    fn shown(&self, line: &Line) -> AdminCode {
        let above = self.above(line);
        let top = above.and_then(|above| self.above(above));
        let names: Vec<&str> = above.iter().chain(top.iter()).map(|line| line.name).collect();
        AdminCode {
            kind: line.kind,
            code: line.code.to_owned(),
            code_set: code_set(line.kind).to_owned(),
            code_set_version: if line.former { FORMER } else { PRESENT }.to_owned(),
            name: line.name.to_owned(),
            parent_code: above.map(|line| line.code.to_owned()),
            parent_name: (!names.is_empty()).then(|| names.join(", ")),
        }
    }
}

/// The code set of a tier, as units name it.
pub fn code_set(kind: AdminKind) -> &'static str {
    match kind {
        AdminKind::Province => "vn-province",
        AdminKind::District => "vn-district",
        AdminKind::Commune => "vn-commune",
    }
}

/// Whether a code is one of its list; of a list that is not known here nothing can be said.
pub(super) fn is_known(code_set_name: &str, version: &str, code: &str) -> bool {
    let kind = AdminKind::ALL.iter().find(|kind| code_set(**kind) == code_set_name);
    let former = match version {
        PRESENT => false,
        FORMER => true,
        _ => return true,
    };
    kind.is_none_or(|kind| LISTS.find(*kind, former, code).is_some())
}

fn is_former(version: Option<&str>) -> Result<bool> {
    match version {
        None | Some("" | PRESENT) => Ok(false),
        Some(FORMER) => Ok(true),
        Some(_) => Err(Error::field("version", Code::FieldChoice)),
    }
}

#[derive(Serialize, Deserialize)]
struct Cursor {
    at: usize,
}

/// Codes of a list by tier and name.
///
/// Errors: `bad_cursor`, `invalid` with `version` for a list that is not known.
pub fn list(query: &AdminCodeQuery, page: &PageQuery) -> Result<Page<AdminCode>> {
    let former = is_former(query.version.as_deref())?;
    let words = crate::words(query.q.as_deref());
    let begin = page::decode::<Cursor>(page.after.as_deref())?.map_or(0, |cursor| cursor.at.saturating_add(1));
    let parent = query.parent.as_deref().filter(|parent| !parent.is_empty());
    let fits = |line: &Line| {
        line.former == former
            && query.kind.is_none_or(|kind| line.kind == kind)
            && parent.is_none_or(|parent| line.parent == parent)
            && words.iter().all(|word| line.folded.contains(word.as_str()) || line.code == word)
    };
    let limit = page.limit();
    let found: Vec<(usize, &Line)> = LISTS
        .lines
        .iter()
        .enumerate()
        .skip(begin)
        .filter(|(_, line)| fits(line))
        .take(usize::try_from(limit).unwrap_or(usize::MAX).saturating_add(1))
        .collect();
    Ok(page::of(found, limit, |(at, _)| Cursor { at: *at }, |(_, line)| LISTS.shown(line)))
}

/// A code of a list with what it became or came of.
///
/// Errors: `not_found`.
pub fn get(kind: AdminKind, version: &str, code: &str) -> Result<AdminCodeHistory> {
    let former = is_former(Some(version)).map_err(|_| Error::new(Code::NotFound))?;
    let line = LISTS.find(kind, former, code).ok_or_else(|| Error::new(Code::NotFound))?;
    let became = line.became.iter().filter_map(|code| LISTS.find(kind, false, code)).map(|line| LISTS.shown(line)).collect();
    let came_of = match former {
        true => Vec::new(),
        false => LISTS
            .came_of
            .get(&(kind, line.code))
            .map(|lines| lines.iter().map(|at| LISTS.shown(&LISTS.lines[*at])).collect())
            .unwrap_or_default(),
    };
    Ok(AdminCodeHistory { code: LISTS.shown(line), became, came_of })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(kind: AdminKind, former: bool) -> usize {
        LISTS.lines.iter().filter(|line| line.kind == kind && line.former == former).count()
    }

    #[test]
    fn the_lists_are_whole() {
        assert_eq!((count(AdminKind::Province, false), count(AdminKind::Commune, false)), (34, 3_321));
        assert_eq!((count(AdminKind::Province, true), count(AdminKind::District, true)), (63, 696));
        let lacking = LISTS.lines.iter().filter(|line| line.former && line.kind != AdminKind::District && line.became.is_empty());
        assert_eq!(lacking.count(), 28, "what the source lacks");
        for line in &LISTS.lines {
            assert!(line.kind == AdminKind::Province || LISTS.above(line).is_some(), "{} {} lies nowhere", line.code, line.name);
            for code in &line.became {
                assert!(LISTS.find(line.kind, false, code).is_some(), "{} became {code}", line.code);
            }
        }
    }

    #[test]
    fn a_code_means_another_place_in_another_list() {
        let name = |version: &str| get(AdminKind::Province, version, "82").map(|found| found.code.name).ok();
        assert_eq!((name(FORMER).as_deref(), name(PRESENT).as_deref()), (Some("Tỉnh Tiền Giang"), Some("Tỉnh Đồng Tháp")));
        let soc_trang = get(AdminKind::Province, FORMER, "94").unwrap();
        assert_eq!(soc_trang.became.iter().map(|code| code.name.as_str()).collect::<Vec<_>>(), ["Thành phố Cần Thơ"]);
        let can_tho = get(AdminKind::Province, PRESENT, "92").unwrap();
        let mut came_of: Vec<_> = can_tho.came_of.iter().map(|code| code.code.as_str()).collect();
        came_of.sort_unstable();
        assert_eq!(came_of, ["92", "93", "94"]);
    }
}
