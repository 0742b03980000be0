//! What a round of health checks found in a class, from the file of whoever examined: the nurse, the commune's health station.
//!
//! Nothing that is kept sealed comes from a file; it is typed into the sheet.

use super::who;
use crate::facts::{self, CodedLearner, RosterLine};
use crate::files::Class;
use dto::access::Permission;
use dto::file_imports::FileImportScope;
use dto::gradebook::CellResult;
use dto::health::{ClassHealth, HealthFindings, HealthRow, PutClassHealth, PutHealthRow, SpineFinding};
use dto::imports::{FieldChange, ImportFault, RowOutcome};
use dto::{ClassId, Code, HealthRoundId, Lang, LearnerId};
use kernel::text::fold;
use kernel::{Ctx, Error, Event, Result, Tx};
use records::health;
use records::imports::Against;
use records::imports::kinds::{
    Applied, Cells, Checked, Column, Conn, Doing, HEALTH_CHECKS, Image, Kind, Line, Opened, Scope, error_fault,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Results of a round of checks in a class.
pub(super) struct HealthChecks;

const CHECK: &str = "health_check";

/// What stands of a child, with its versions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stand {
    findings: HealthFindings,
    version: i64,
    weight_g: Option<u32>,
    height_mm: Option<u32>,
    growth_version: i64,
}

impl Stand {
    fn of(row: &HealthRow) -> Stand {
        Stand {
            findings: row.findings.clone(),
            version: row.version,
            weight_g: row.growth.as_ref().and_then(|growth| growth.weight_g),
            height_mm: row.growth.as_ref().and_then(|growth| growth.height_mm),
            growth_version: row.growth_version,
        }
    }

    /// These results over what stands in the versions of `seen`.
    fn put(self, learner_id: LearnerId, seen: &Stand) -> PutHealthRow {
        PutHealthRow {
            learner_id,
            findings: self.findings,
            sealed: None,
            version: seen.version,
            weight_g: self.weight_g,
            height_mm: self.height_mm,
            growth_version: seen.growth_version,
        }
    }
}

impl Kind for HealthChecks {
    fn code(&self) -> &'static str {
        HEALTH_CHECKS
    }

    fn name(&self) -> [&'static str; 2] {
        ["Kết quả khám sức khoẻ", "Health checks"]
    }

    fn about(&self) -> [&'static str; 2] {
        [
            "Kết quả một đợt khám của một lớp: cân nặng, chiều cao, huyết áp, mạch, thị lực, răng, cột sống. Ô trống không xoá gì. Sức khoẻ tâm thần và ghi chú được mã hoá nên chỉ nhập ở bảng khám.",
            "What a round found in a class: weight, height, pressure, pulse, vision, teeth, spine. An empty cell clears nothing. Mental health and notes are sealed, and are typed into the sheet.",
        ]
    }

    fn scope(&self) -> FileImportScope {
        FileImportScope::Class
    }

    fn open<'a>(&'a self, conn: &'a Conn<'a>, ctx: &'a Ctx, scope: &'a Scope) -> Doing<'a, Box<dyn Opened>> {
        Box::pin(async move {
            let class = who::class(conn, ctx, scope, Permission::HealthWrite).await?;
            let mut sheets = Vec::new();
            for round in health::open_rounds(conn, ctx, class.school_id).await? {
                sheets.push(health::class_in(conn, ctx, round.id, class.id).await?);
            }
            let opened = OpenChecks {
                codes: facts::codes(conn, class.school_id, class.id).await?,
                roster: who::present(conn, &class).await?,
                sheets,
                class: class.id,
                seen: HashMap::new(),
            };
            Ok(Box::new(opened) as Box<dyn Opened>)
        })
    }

    fn undo<'a>(&'a self, tx: &'a Tx<'a>, scope: &'a Scope, images: &'a [Image]) -> Doing<'a, Vec<Event>> {
        Box::pin(take_back(tx, scope, images))
    }
}

struct OpenChecks {
    class: ClassId,
    roster: Vec<RosterLine>,
    codes: Vec<CodedLearner>,
    /// The class in each round that is open, the latest first.
    sheets: Vec<ClassHealth>,
    seen: HashMap<(HealthRoundId, LearnerId), u32>,
}

/// What a row comes to.
struct Wanted {
    round: HealthRoundId,
    learner: LearnerId,
    was: Stand,
    now: Stand,
}

/// "36,5" in units of which `per_unit` (1, 10, 100 or 1000) make one; no more digits than that.
fn scaled(text: &str, per_unit: u32) -> Option<u32> {
    let (whole, part) = text.split_once([',', '.']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let places = usize::try_from(per_unit.ilog10()).ok()?;
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > places {
        return None;
    }
    let part = if places == 0 { 0 } else { format!("{part:0<places$}").parse().ok()? };
    whole.parse::<u32>().ok()?.checked_mul(per_unit)?.checked_add(part)
}

/// "8", "8/10" and "8,5" are tenths of acuity: 80, 80 and 85 hundredths.
fn acuity(text: &str) -> Option<u16> {
    let hundredths = scaled(text.strip_suffix("/10").unwrap_or(text).trim(), 10)?;
    u16::try_from(hundredths).ok().filter(|n| *n <= 200)
}

/// "105/65" in mmHg.
fn pressure(text: &str) -> Option<(u16, u16)> {
    let (high, low) = text.split_once('/')?;
    let (high, low): (u16, u16) = (high.trim().parse().ok()?, low.trim().parse().ok()?);
    ((40..=250).contains(&high) && (20..=180).contains(&low) && low < high).then_some((high, low))
}

/// A cell that is read by `parse`; what it does not take is a fault with an example.
fn read<T>(cells: &mut Cells<'_>, field: &str, example: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    let text = cells.text(field, 30)?;
    let value = parse(&text);
    if value.is_none() {
        let (vi, en) = (
            format!("“{text}” không đọc được hoặc ngoài khoảng có thể. Ví dụ: {example}."),
            format!("“{text}” cannot be. Such as {example}."),
        );
        cells.fault("measure", field, vi, en);
    }
    value
}

fn bounded(text: &str, per_unit: u32, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
    scaled(text, per_unit).filter(|n| bounds.contains(n))
}

/// What stands, with what the row says over it.
fn over(cells: &mut Cells<'_>, was: &Stand) -> Stand {
    let mut now = was.clone();
    let f = &mut now.findings;
    now.weight_g = read(cells, "weight", "36,5", |t| bounded(t, 1000, 500..=250_000)).or(now.weight_g);
    now.height_mm = read(cells, "height", "143,2", |t| bounded(t, 10, 300..=2_300)).or(now.height_mm);
    if let Some((high, low)) = read(cells, "pressure", "105/65", pressure) {
        (f.systolic, f.diastolic) = (Some(high), Some(low));
    }
    let pulse = read(cells, "pulse", "82", |t| bounded(t, 1, 30..=250)).and_then(|n| u16::try_from(n).ok());
    f.pulse = pulse.or(f.pulse);
    f.vision_right = read(cells, "vision_right", "8/10", acuity).or(f.vision_right);
    f.vision_left = read(cells, "vision_left", "8/10", acuity).or(f.vision_left);
    let glasses: [(bool, &[&str]); 2] = [(true, &["Có", "x", "yes", "có kính"]), (false, &["Không", "no", "không kính"])];
    f.glasses = cells.choice("glasses", &glasses).unwrap_or(f.glasses);
    let caries = read(cells, "caries", "2", |t| bounded(t, 1, 0..=32)).and_then(|n| u16::try_from(n).ok());
    f.caries = caries.or(f.caries);
    let words: Vec<(SpineFinding, [&str; 3])> =
        SpineFinding::ALL.iter().map(|s| (*s, [s.label(Lang::Vi), s.label(Lang::En), s.as_str()])).collect();
    let spine: Vec<(SpineFinding, &[&str])> = words.iter().map(|(spine, words)| (*spine, words.as_slice())).collect();
    f.spine = cells.choice("spine", &spine).or(f.spine);
    now
}

/// A number of units of which `per_unit` make one, as it is typed: "36,5".
fn typed(n: u32, per_unit: u32) -> String {
    let places = usize::try_from(per_unit.ilog10()).unwrap_or(0);
    let part = format!("{:0>places$}", n % per_unit);
    match part.trim_end_matches('0') {
        "" => (n / per_unit).to_string(),
        part => format!("{},{part}", n / per_unit),
    }
}

/// The cells of what stands, by column; those that are empty are left out.
fn told(stand: &Stand) -> BTreeMap<&'static str, String> {
    let f = &stand.findings;
    let small = |n: Option<u16>| n.map(|n| n.to_string());
    let eye = |n: Option<u16>| n.map(|n| format!("{}/10", typed(n.into(), 10)));
    let cells = [
        ("weight", stand.weight_g.map(|g| typed(g, 1000))),
        ("height", stand.height_mm.map(|mm| typed(mm, 10))),
        ("pressure", f.systolic.zip(f.diastolic).map(|(high, low)| format!("{high}/{low}"))),
        ("pulse", small(f.pulse)),
        ("vision_right", eye(f.vision_right)),
        ("vision_left", eye(f.vision_left)),
        ("glasses", f.glasses.then(|| "Có".to_owned())),
        ("caries", small(f.caries)),
        ("spine", f.spine.map(|spine| spine.label(Lang::Vi).to_owned())),
    ];
    cells.into_iter().filter_map(|(field, text)| Some((field, text?))).collect()
}

fn changes(was: &Stand, now: &Stand) -> Vec<FieldChange> {
    let (before, after) = (told(was), told(now));
    let mut fields: Vec<&&str> = before.keys().chain(after.keys()).collect();
    fields.sort_unstable();
    fields.dedup();
    fields
        .into_iter()
        .filter(|field| before.get(**field) != after.get(**field))
        .map(|field| FieldChange {
            field: (*field).to_owned(),
            before: before.get(*field).cloned(),
            after: after.get(*field).cloned(),
        })
        .collect()
}

impl OpenChecks {
    /// The round of a row: the one that it names, else the latest.
    fn sheet(&self, name: Option<&str>) -> Result<&ClassHealth, Box<ImportFault>> {
        let named = |sheet: &&ClassHealth| name.is_none_or(|name| fold(&sheet.round.name) == fold(name));
        self.sheets.iter().find(named).ok_or_else(|| {
            let known: Vec<&str> = self.sheets.iter().map(|sheet| sheet.round.name.as_str()).collect();
            let (vi, en) = if known.is_empty() {
                ("Trường không có đợt khám nào đang mở.".to_owned(), "No round of checks is open at the school.".to_owned())
            } else {
                let known = known.join(", ");
                (
                    format!("Không có đợt khám đang mở tên này. Đang mở: {known}."),
                    format!("No such round is open. Open: {known}."),
                )
            };
            Box::new(error_fault("health-round", Some("round"), vi, en))
        })
    }

    fn row(&mut self, line: &Line) -> (Checked, Option<Wanted>) {
        let title = line.text("full_name").unwrap_or_default();
        let mut cells = Cells::new(line);
        let class = Class::new(&self.roster, &self.codes);
        let stop = |why: ImportFault| {
            let mut checked = Checked::of(title.clone(), RowOutcome::Conflict);
            checked.faults.push(why);
            (checked, None)
        };
        let learner = match who::find(&class, &mut cells) {
            Ok(learner) => learner,
            Err(why) => return stop(*why),
        };
        let name = cells.text("round", 120);
        let sheet = match self.sheet(name.as_deref()) {
            Ok(sheet) => sheet,
            Err(why) => return stop(*why),
        };
        let round = sheet.round.id;
        let there = |row: &&HealthRow| row.learner_id == learner && !row.left && row.birth_date <= sheet.round.held_on;
        let Some(row) = sheet.rows.iter().find(there) else {
            let (vi, en) = ("Ngày khám em chưa ở lớp này.", "Not in the class on the day of the round.");
            return stop(error_fault("not-in-class", None, vi.to_owned(), en.to_owned()));
        };
        let was = Stand::of(row);
        let now = over(&mut cells, &was);
        let first = *self.seen.entry((round, learner)).or_insert(line.row);
        if first != line.row {
            let (vi, en) = (format!("Trùng học sinh với dòng {first}."), format!("The same learner as row {first}."));
            return stop(error_fault("learner-repeated", None, vi, en));
        }
        if cells.failed() {
            return (Checked::faulty(title, cells.faults), None);
        }
        let mut checked = Checked::changed(title, changes(&was, &now));
        checked.faults = cells.faults;
        (checked, Some(Wanted { round, learner, was, now }))
    }

    async fn write(&mut self, tx: &Tx<'_>, lines: &[Line]) -> Result<Applied> {
        self.seen.clear();
        let mut rounds: BTreeMap<HealthRoundId, Vec<Wanted>> = BTreeMap::new();
        for line in lines {
            let wanted = self.row(line).1.ok_or_else(|| Error::new(Code::ImportStale))?;
            rounds.entry(wanted.round).or_default().push(wanted);
        }
        let mut done = Applied::default();
        for (round, wanted) in rounds {
            let rows = wanted.iter().map(|w| w.now.clone().put(w.learner, &w.was)).collect();
            let (versions, events) = put(tx, round, self.class, rows).await?.ok_or_else(|| Error::new(Code::ImportStale))?;
            for (one, (version, growth_version)) in wanted.into_iter().zip(versions) {
                let after = Stand { version, growth_version, ..one.now };
                done.images.push(Image::of(CHECK, format!("{round}/{}", one.learner), Some(&one.was), Some(&after))?);
            }
            done.events.extend(events);
        }
        Ok(done)
    }
}

/// Versions of findings and of growth, row by row, with the events.
type Written = (Vec<(i64, i64)>, Vec<Event>);

/// Writes rows of a round; none where one of them could not be written.
async fn put(tx: &Tx<'_>, round: HealthRoundId, class: ClassId, rows: Vec<PutHealthRow>) -> Result<Option<Written>> {
    let (saved, events) = health::put_class_in(tx, round, class, &PutClassHealth { rows }).await?;
    let stands = |result: CellResult| matches!(result, CellResult::Saved | CellResult::Unchanged);
    let all = saved.rows.iter().all(|row| stands(row.outcome) && stands(row.growth_outcome));
    Ok(all.then(|| (saved.rows.iter().map(|row| (row.version, row.growth_version)).collect(), events)))
}

async fn take_back(tx: &Tx<'_>, scope: &Scope, images: &[Image]) -> Result<Vec<Event>> {
    let class: ClassId = scope.class(tx.ctx().lang)?;
    let mut rounds: BTreeMap<HealthRoundId, Vec<(LearnerId, Stand, Stand)>> = BTreeMap::new();
    for image in images.iter().filter(|image| image.subject == CHECK) {
        let (before, after) = image.read::<Stand>()?;
        let parts = image.id.split_once('/').and_then(|(round, learner)| Some((round.parse().ok()?, learner.parse().ok()?)));
        let (Some((round, learner)), Some(before), Some(after)) = (parts, before, after) else {
            return Err(Error::internal("an image of a check without its parts"));
        };
        rounds.entry(round).or_default().push((learner, before, after));
    }
    let mut events = Vec::new();
    for (round, all) in rounds {
        let sheet = health::class_in(tx.conn(), tx.ctx(), round, class).await?;
        let mut against = Against::default();
        for (learner, _, after) in &all {
            let row = sheet.rows.iter().find(|row| row.learner_id == *learner);
            if row.is_none_or(|row| Stand::of(row) != *after) {
                let name = row.map_or("?", |row| row.full_name.as_str());
                against.add(format!("/learners/{learner}"), Code::ImportedRecordUsed, name);
            }
        }
        against.into_result()?;
        let rows = all.into_iter().map(|(learner, before, after)| before.put(learner, &after)).collect();
        let (_, more) =
            put(tx, round, class, rows).await?.ok_or_else(|| Error::new(Code::ImportChangedSince).with("count", images.len()))?;
        events.extend(more);
    }
    Ok(events)
}

impl Opened for OpenChecks {
    fn columns(&self) -> Vec<Column> {
        let rounds = self.sheets.iter().map(|sheet| sheet.round.name.clone());
        let mut columns = who::columns();
        columns.extend([
            Column::new("round", "Đợt khám", "Round", &["dot kham", "dot"])
                .choices(rounds)
                .hint("Để trống: đợt mới nhất đang mở.", "Left empty: the latest that is open."),
            Column::new("weight", "Cân nặng (kg)", "Weight (kg)", &["can nang", "can nang kg", "trong luong"])
                .hint("Ví dụ 36,5.", "Such as 36.5."),
            Column::new("height", "Chiều cao (cm)", "Height (cm)", &["chieu cao", "chieu cao cm"])
                .hint("Theo xăng-ti-mét, ví dụ 143,2.", "In centimetres, such as 143.2."),
            Column::new("pressure", "Huyết áp", "Blood pressure", &["huyet ap mmhg", "ha"])
                .hint("Ví dụ 105/65.", "Such as 105/65."),
            Column::new("pulse", "Mạch", "Pulse", &["nhip tim", "mach lan phut"]),
            Column::new("vision_right", "Mắt phải", "Right eye", &["thi luc phai", "mp", "thi luc mat phai"])
                .hint("Phần mười: 8 hoặc 8/10.", "In tenths: 8 or 8/10."),
            Column::new("vision_left", "Mắt trái", "Left eye", &["thi luc trai", "mt", "thi luc mat trai"])
                .hint("Phần mười: 8 hoặc 8/10.", "In tenths: 8 or 8/10."),
            Column::new("glasses", "Đeo kính", "Glasses", &["co kinh", "kinh"]).choices(["Có", "Không"]),
            Column::new("caries", "Số răng sâu", "Decayed teeth", &["rang sau", "sau rang"]),
            Column::new("spine", "Cột sống", "Spine", &["cong veo cot song"])
                .choices(SpineFinding::ALL.iter().map(|spine| spine.label(Lang::Vi))),
        ]);
        columns
    }

    fn title_class(&mut self, _: Option<&str>) {
        self.seen.clear();
    }

    fn prefilled(&self) -> Vec<Vec<(String, String)>> {
        let mut rows = who::prefilled(&self.roster, &self.codes);
        let Some(sheet) = self.sheets.first() else { return rows };
        for (row, line) in rows.iter_mut().zip(&self.roster) {
            row.push(("round".to_owned(), sheet.round.name.clone()));
            if let Some(stands) = sheet.rows.iter().find(|row| row.learner_id == line.learner_id) {
                row.extend(told(&Stand::of(stands)).into_iter().map(|(field, text)| (field.to_owned(), text)));
            }
        }
        rows
    }

    fn check<'a>(&'a mut self, _: &'a Conn<'a>, lines: &'a [Line]) -> Doing<'a, Vec<Checked>> {
        Box::pin(async move { Ok(lines.iter().map(|line| self.row(line).0).collect()) })
    }

    fn apply<'a>(&'a mut self, tx: &'a Tx<'a>, lines: &'a [Line]) -> Doing<'a, Applied> {
        Box::pin(self.write(tx, lines))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_as_nurses_write_them() {
        assert_eq!(
            (scaled("36,5", 1000), scaled("143.2", 10), scaled("82", 1), scaled("8,25", 10)),
            (Some(36_500), Some(1432), Some(82), None)
        );
        assert_eq!(
            (acuity("8"), acuity("8/10"), acuity("10/10"), acuity("8,5/10"), acuity("21")),
            (Some(80), Some(80), Some(100), Some(85), None)
        );
        assert_eq!((pressure("105/65"), pressure("65/105"), pressure("105")), (Some((105, 65)), None, None));
        assert_eq!(
            (typed(36_500, 1000), typed(1430, 10), typed(1432, 10), typed(100, 10)),
            ("36,5".into(), "143".into(), "143,2".into(), "10".into())
        );
    }
}
