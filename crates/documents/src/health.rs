//! Papers of school health: a child's growth charts, the results of a class in a round. They say what the screens say, through the
//! same verbs; what is sealed is never drawn.

use crate::rendering::{Extras, Form, make};
use dto::growth::{GrowthChart, GrowthEntry, LearnerGrowth};
use dto::{ClassId, HealthRoundId, Lang, LearnerId};
use kernel::text::slug;
use kernel::{Ctx, Db, Result};
use records::{growth, health};
use regulations::preschool::growth::{Indicator, LAST_DAY_OF_STANDARDS, STANDS_FROM_DAY};
use serde::Serialize;

/// A file with its name.
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

#[derive(Serialize)]
struct Growth {
    name: String,
    birth: chrono::NaiveDate,
    class: String,
    sex: &'static str,
    charts: Vec<Chart>,
    rows: Vec<[String; 5]>,
}

/// Thousandths of a month, or of a millimetre, against grams, millimetres or hundredths of kg/m².
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Chart {
    title: String,
    axis_x: &'static str,
    x: Vec<u64>,
    lines: Vec<Vec<u32>>,
    points: Vec<(u64, u32)>,
    ticks_x: Vec<(u64, String)>,
    ticks_y: Vec<(u32, String)>,
}

/// The growth charts of a learner as PDF.
///
/// Errors: `not_found`.
pub async fn growth_chart(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<File> {
    draw(growth::of_learner(db, ctx, learner).await?).await
}

/// The same of one's own child.
///
/// Errors: `not_found`.
pub async fn child_growth_chart(db: &Db, ctx: &Ctx, learner: LearnerId) -> Result<File> {
    draw(growth::of_child(db, ctx, learner).await?).await
}

async fn draw(found: LearnerGrowth) -> Result<File> {
    let name = format!("bieu-do-tang-truong-{}.pdf", slug(&found.full_name));
    let data = Growth {
        birth: found.birth_date,
        class: found.class_name.clone().unwrap_or_default(),
        sex: found.sex.label(Lang::Vi),
        charts: found.charts.iter().filter_map(|chart| drawn(chart, &found.entries)).collect(),
        rows: found.entries.iter().map(row).collect(),
        name: found.full_name,
    };
    Ok(File { name, bytes: make(Form::Growth, data, Extras::default()).await? })
}

fn row(e: &GrowthEntry) -> [String; 5] {
    [
        e.measured_on.format("%d/%m/%Y").to_string(),
        (u64::from(e.age_days) * 10_000 / 304_375).to_string(),
        e.weight_g.map(|g| decimal(g, 1000, 1)).unwrap_or_default(),
        e.height_mm.map(|mm| decimal(mm, 10, 1)).unwrap_or_default(),
        e.bmi.map(|bmi| decimal(bmi, 100, 1)).unwrap_or_default(),
    ]
}

/// With a comma, as people here write it; rounded half up.
fn decimal(value: u32, per_unit: u32, digits: u32) -> String {
    let scale = 10_u64.pow(digits);
    let n = (u64::from(value) * scale * 2 + u64::from(per_unit)) / (u64::from(per_unit) * 2);
    if digits == 0 { n.to_string() } else { format!("{},{:0width$}", n / scale, n % scale, width = digits as usize) }
}

fn drawn(chart: &GrowthChart, entries: &[GrowthEntry]) -> Option<Chart> {
    let points: Vec<(u64, u32)> = entries
        .iter()
        .filter(|e| (e.age_days > LAST_DAY_OF_STANDARDS) == chart.school_age)
        .filter(|e| chart.indicator != Indicator::WeightForHeight || (e.age_days < STANDS_FROM_DAY) == chart.lying)
        .filter_map(|e| {
            let month = u64::from(e.age_days) * 10_000_000 / 304_375;
            match chart.indicator {
                Indicator::WeightForAge => Some((month, e.weight_g?)),
                Indicator::HeightForAge => Some((month, e.chart_height_mm?)),
                Indicator::BmiForAge => Some((month, e.bmi?)),
                Indicator::WeightForHeight => Some((u64::from(e.chart_height_mm?) * 1000, e.weight_g?)),
            }
        })
        .collect();
    let (first, last) = (*chart.x.first()?, *chart.x.last()?);
    let by_height = chart.indicator == Indicator::WeightForHeight;
    let step = if by_height { 100 } else { 12 };
    let ticks_x = (first.div_ceil(step)..=last / step)
        .map(|n| (u64::from(n * step) * 1000, if by_height { (n * step / 10).to_string() } else { n.to_string() }))
        .collect();
    let values = || chart.lines.iter().flatten().copied().chain(points.iter().map(|(_, y)| *y));
    let (low, high) = (values().min()?, values().max()?);
    let (per_unit, steps): (u32, [u32; 4]) = match chart.indicator {
        Indicator::WeightForAge | Indicator::WeightForHeight => (1000, [1000, 2000, 5000, 10_000]),
        Indicator::HeightForAge => (10, [50, 100, 200, 200]),
        Indicator::BmiForAge => (100, [100, 200, 500, 500]),
    };
    let step = steps.into_iter().find(|step| (high - low) / step <= 12).unwrap_or(steps[3]);
    let ticks_y = (low.div_ceil(step)..=high / step).map(|n| (n * step, decimal(n * step, per_unit, 0))).collect();
    let spans = if chart.school_age { "5–19 tuổi" } else { "0–5 tuổi" };
    let title = match (by_height, chart.lying) {
        (true, true) => "Cân nặng theo chiều dài nằm".to_owned(),
        _ => format!("{}, {spans}", chart.indicator.text(regulations::Lang::Vi)),
    };
    Some(Chart {
        title,
        axis_x: if by_height { "Chiều dài, chiều cao (cm)" } else { "Tuổi (năm)" },
        x: chart.x.iter().map(|x| u64::from(*x) * 1000).collect(),
        lines: chart.lines.clone(),
        points,
        ticks_x,
        ticks_y,
    })
}

#[derive(Serialize)]
struct List {
    school: String,
    class: String,
    round: String,
    day: chrono::NaiveDate,
    examiner: Option<String>,
    rows: Vec<[String; 11]>,
}

/// The results of a class in a round as PDF, without what is sealed.
///
/// Errors: `not_found`.
pub async fn class_list(db: &Db, ctx: &Ctx, round: HealthRoundId, class: ClassId) -> Result<File> {
    let sheet = health::sheet(db, ctx, round, class).await?;
    let name = format!("kham-suc-khoe-{}.pdf", slug(&sheet.class_name));
    let number = |n: Option<u16>| n.map(|n| n.to_string()).unwrap_or_default();
    let eye =
        |n: Option<u16>| n.map(|n| format!("{}/10", decimal(n.into(), 10, u32::from(!n.is_multiple_of(10))))).unwrap_or_default();
    let rows = sheet.rows.iter().filter(|row| !row.left).map(|row| {
        let f = &row.findings;
        let pressure = f.systolic.zip(f.diastolic).map(|(high, low)| format!("{high}/{low}")).unwrap_or_default();
        [
            row.ordinal.to_string(),
            row.full_name.clone(),
            row.birth_date.format("%d/%m/%Y").to_string(),
            row.growth.as_ref().and_then(|g| g.weight_g).map(|g| decimal(g, 1000, 1)).unwrap_or_default(),
            row.growth.as_ref().and_then(|g| g.height_mm).map(|mm| decimal(mm, 10, 1)).unwrap_or_default(),
            pressure,
            number(f.pulse),
            eye(f.vision_right),
            eye(f.vision_left),
            number(f.caries),
            f.spine.map(|s| s.label(Lang::Vi).to_owned()).unwrap_or_default(),
        ]
    });
    let data = List {
        rows: rows.collect(),
        school: sheet.school_name,
        class: sheet.class_name,
        round: sheet.round.name,
        day: sheet.round.held_on,
        examiner: sheet.round.examiner,
    };
    Ok(File { name, bytes: make(Form::Health, data, Extras::default()).await? })
}
