//! Checks of three rounds with weight and height over a year, one round that is under way, vaccinations, conditions, first aid.

use super::people::{Pupil, Room};
use super::words::{CASES, CONDITIONS};
use super::{Desk, at, day, pick};
use crate::demo::rng::Rng;
use chrono::{Datelike, Duration, NaiveDate, Weekday};
use dto::HealthRoundId;
use dto::access::Role;
use dto::health::{
    HealthFindings, HealthRoundKind, MentalFinding, PostHealthRound, PostHealthView, PostVaccination, PutClassHealth,
    PutCondition, PutFirstAid, PutHealthRound, PutHealthRow, SealedFindings, SpineFinding, VaccinationSource, ViewPurpose,
};
use kernel::{Ctx, Result, clock};
use records::health;

/// Height in millimetres and weight in tens of grams at each birthday from 10 to 18: a little below the medians of WHO 2007, as children
/// in the Mekong delta are. Boys, girls.
const GROWN: [[(i32, i32); 9]; 2] = [
    [
        (1_340, 2_950),
        (1_390, 3_280),
        (1_446, 3_720),
        (1_512, 4_220),
        (1_580, 4_720),
        (1_632, 5_150),
        (1_662, 5_480),
        (1_678, 5_700),
        (1_686, 5_850),
    ],
    [
        (1_352, 3_000),
        (1_412, 3_420),
        (1_468, 3_880),
        (1_510, 4_260),
        (1_534, 4_540),
        (1_546, 4_720),
        (1_552, 4_840),
        (1_556, 4_920),
        (1_558, 4_980),
    ],
];

/// What of a child stays from round to round.
struct Body {
    /// Hundredths of a standard deviation.
    tall: i32,
    heavy: i32,
    vision: u16,
    glasses: bool,
    caries: u16,
    spine: SpineFinding,
    mental: MentalFinding,
}

fn body(rng: &mut Rng) -> Body {
    let vision = *rng.weighted(&[(100u16, 640), (90, 90), (80, 70), (60, 80), (40, 70), (20, 50)]);
    Body {
        tall: rng.normal(95),
        heavy: rng.normal(100),
        vision,
        glasses: vision < 60 && rng.chance(700),
        caries: *rng.weighted(&[(0u16, 560), (1, 210), (2, 130), (3, 60), (5, 40)]),
        spine: *rng.weighted(&[(SpineFinding::Normal, 962), (SpineFinding::Scoliosis, 28), (SpineFinding::Kyphosis, 10)]),
        mental: *rng.weighted(&[(MentalFinding::Normal, 975), (MentalFinding::Watch, 20), (MentalFinding::Refer, 5)]),
    }
}

/// Weight in grams and height in millimetres on a day.
fn grown(pupil: &Pupil, body: &Body, on: NaiveDate, rng: &mut Rng) -> (u32, u32) {
    let table = &GROWN[usize::from(pupil.female)];
    let months = ((on - pupil.birth_date).num_days() * 12 / 365) as i32;
    let year = (months / 12 - 10).clamp(0, 7) as usize;
    let into = (months - 12 * (year as i32 + 10)).clamp(0, 12);
    let ((h0, w0), (h1, w1)) = (table[year], table[year + 1]);
    let (height, weight) = (h0 + (h1 - h0) * into / 12, w0 + (w1 - w0) * into / 12);
    // A standard deviation is about 64 mm and 15 % of the weight.
    let height = height + body.tall * 64 / 100 + rng.between(-4, 4);
    let weight = weight + weight * body.heavy * 15 / 10_000 + weight * body.tall * 4 / 10_000 + rng.between(-40, 40);
    (weight.max(1_800) as u32 * 10, height.max(1_100) as u32)
}

fn row(pupil: &Pupil, body: &Body, on: NaiveDate, eyes_alone: bool, rng: &mut Rng) -> PutHealthRow {
    let weaker = if body.vision < 100 && rng.chance(500) { body.vision.saturating_sub(10) } else { body.vision };
    let eyes = HealthFindings {
        vision_right: Some(body.vision),
        vision_left: Some(weaker),
        glasses: body.glasses,
        ..HealthFindings::default()
    };
    let (weight, height) = grown(pupil, body, on, rng);
    let findings = HealthFindings {
        systolic: Some(rng.between(96, 124) as u16),
        diastolic: Some(rng.between(58, 78) as u16),
        pulse: Some(rng.between(68, 98) as u16),
        caries: Some(body.caries),
        spine: Some(body.spine),
        ..eyes.clone()
    };
    let sealed = (!eyes_alone && body.mental != MentalFinding::Normal).then(|| SealedFindings {
        mental: Some(body.mental),
        note: Some("Hay lo âu, ngủ ít trước kì kiểm tra; đã trao đổi với gia đình.".to_owned()),
    });
    PutHealthRow {
        learner_id: pupil.id,
        findings: if eyes_alone { eyes } else { findings },
        sealed,
        version: 0,
        weight_g: (!eyes_alone).then_some(weight),
        height_mm: (!eyes_alone).then_some(height),
        growth_version: 0,
    }
}

/// A round, and what it found in these classes.
async fn round(
    desk: &Desk<'_>,
    nurse: &Ctx,
    (name, kind, on): (String, HealthRoundKind, NaiveDate),
    classes: &[(&Room, Vec<Body>)],
    finished: bool,
    rng: &mut Rng,
) -> Result<()> {
    clock::tell(at(on, 7));
    let examiner = Some("Trạm Y tế xã An Khuê".to_owned());
    let held = PostHealthRound { name: name.clone(), kind, held_on: on, examiner: examiner.clone() };
    let made = health::create_round(desk.db, nurse, desk.site.school, &held).await?;
    let eyes_alone = kind == HealthRoundKind::Specialist;
    for (class, bodies) in classes {
        let mut rows = Vec::new();
        for (pupil, body) in class.pupils.iter().zip(bodies) {
            // One or two of a class are away on the day.
            if pupil.birth_date < on && !rng.chance(30) {
                rows.push(row(pupil, body, on, eyes_alone, rng));
            }
        }
        if !rows.is_empty() {
            health::put_sheet(desk.db, nurse, desk.keys, made.id, class.id, &PutClassHealth { rows }).await?;
        }
    }
    if finished {
        finish(desk, nurse, made.id, made.version, PutHealthRound { name, kind, held_on: on, examiner, finished }).await?;
    }
    Ok(())
}

async fn finish(desk: &Desk<'_>, nurse: &Ctx, round: HealthRoundId, version: i64, body: PutHealthRound) -> Result<()> {
    clock::tell(at(body.held_on + Duration::days(3), 16));
    health::put_round(desk.db, nurse, round, version, &body).await.map(|_| ())
}

async fn rounds(desk: &Desk<'_>, nurse: &Ctx, main: bool, rng: &mut Rng) -> Result<()> {
    let classes: Vec<(&Room, Vec<Body>)> =
        desk.site.classes.iter().map(|class| (class, class.pupils.iter().map(|_| body(rng)).collect())).collect();
    let of = |year: i32| format!("năm học {year}-{}", year + 1);
    let year = desk.year;
    let mut held = vec![(format!("Khám đầu năm, {}", of(year)), HealthRoundKind::StartOfYear, day(year, 9, 24))];
    if main {
        held.insert(0, (format!("Khám định kì học kì II, {}", of(year - 1)), HealthRoundKind::Periodic, day(year, 3, 12)));
        held.insert(0, (format!("Khám đầu năm, {}", of(year - 1)), HealthRoundKind::StartOfYear, day(year - 1, 9, 23)));
    }
    for one in held {
        round(desk, nurse, one, &classes, true, rng).await?;
    }
    if main {
        // Under way: some classes are still to come.
        let begun = &classes[..classes.len().min(5)];
        let one = ("Khám mắt chuyên khoa".to_owned(), HealthRoundKind::Specialist, day(year, 11, 10));
        round(desk, nurse, one, begun, false, rng).await?;
    }
    Ok(())
}

async fn vaccinations(desk: &Desk<'_>, nurse: &Ctx, rng: &mut Rng) -> Result<()> {
    const GIVEN: [(&str, u16, i32, u32); 4] = [
        ("Sởi - Rubella (MR)", 2, 2, 3),
        ("Viêm não Nhật Bản", 3, 3, 5),
        ("Bạch hầu - uốn ván (Td)", 1, 7, 10),
        ("HPV", 1, 11, 4),
    ];
    desk.on(10, 8, 9);
    for class in desk.site.classes.iter().take(2) {
        for pupil in class.pupils.iter().take(14) {
            for (vaccine, dose, age, month) in GIVEN {
                let given = day(pupil.birth_date.year() + age, month, 4 + (dose as u32 * 5));
                if given > day(desk.year, 9, 1) || (vaccine == "HPV" && !pupil.female) || rng.chance(180) {
                    continue;
                }
                let body = PostVaccination {
                    vaccine: vaccine.to_owned(),
                    dose,
                    given_on: Some(given),
                    source: if age > 6 { VaccinationSource::School } else { VaccinationSource::Booklet },
                };
                health::add_vaccination(desk.db, nurse, pupil.id, &body).await?;
            }
        }
    }
    Ok(())
}

/// A condition of a child in each of some classes.
async fn conditions(desk: &Desk<'_>, nurse: &Ctx, rng: &mut Rng) -> Result<()> {
    for (nth, (kind, detail, alert)) in CONDITIONS.into_iter().enumerate() {
        let Some(class) = desk.site.classes.get(nth % desk.site.classes.len().max(1)) else { continue };
        let Some(pupil) = class.pupils.get(rng.below(class.pupils.len())).filter(|pupil| !pupil.shown) else { continue };
        desk.on(9, 11 + nth as u32, 9);
        let body = PutCondition {
            kind: kind.parse().unwrap_or(dto::health::ConditionKind::History),
            detail: detail.to_owned(),
            alert: alert.map(str::to_owned),
            since: Some(day(desk.year - rng.between(1, 6), 1 + rng.below(12) as u32, 10)),
            active: nth != 7,
        };
        health::add_condition(desk.db, nurse, desk.keys, pupil.id, &body).await?;
        if nth % 3 == 0 {
            desk.on(10, 2 + nth as u32, 14);
            let view = PostHealthView { purpose: ViewPurpose::Care, note: None };
            health::open(desk.db, nurse, desk.keys, pupil.id, &view).await?;
        }
    }
    Ok(())
}

async fn first_aid(desk: &Desk<'_>, nurse: &Ctx, rng: &mut Rng) -> Result<()> {
    for (nth, (kind, what, referred_to)) in CASES.into_iter().cycle().take(12).enumerate() {
        let class = &desk.site.classes[rng.below(desk.site.classes.len())];
        let Some(pupil) = class.pupils.get(rng.below(class.pupils.len())) else { continue };
        let mut on = day(desk.year, 9, 10) + Duration::days(5 * nth as i64 + nth as i64 % 3);
        if on.weekday() == Weekday::Sun {
            on += Duration::days(1);
        }
        let when = at(on, 8 + nth as i64 % 8) + Duration::minutes(i64::from(rng.between(0, 55)));
        clock::tell(when + Duration::minutes(25));
        let told = nth % 4 != 1;
        let body = PutFirstAid {
            at: when,
            kind: kind.parse().unwrap_or(dto::health::FirstAidKind::FirstAid),
            what: Some(what.to_owned()),
            referred_to: referred_to.map(str::to_owned),
            told_at: told.then(|| when + Duration::minutes(15)),
            told_how: told.then(|| pick(&["Gọi điện cho mẹ", "Gọi điện cho bố", "Nhắn tin, mẹ đã trả lời"], rng).to_owned()),
        };
        health::add_first_aid(desk.db, nurse, desk.keys, pupil.id, &body).await?;
    }
    Ok(())
}

pub async fn fill(desk: &Desk<'_>, main: bool) -> Result<()> {
    let (nurse, mut rng) = (desk.site.office("nurse", Role::Nurse), desk.rng(6));
    rounds(desk, &nurse, main, &mut rng).await?;
    if main {
        vaccinations(desk, &nurse, &mut rng).await?;
        conditions(desk, &nurse, &mut rng).await?;
        first_aid(desk, &nurse, &mut rng).await?;
    }
    Ok(())
}
