//! Records of staff over time: contracts, degrees, titles, posts, duties, leave, evaluations, training.

use super::people::Member;
use super::words::{DEGREES, MAJORS};
use super::{Desk, day, pick};
use crate::demo::rng::Rng;
use chrono::{Datelike, Duration, NaiveDate};
use dto::StaffId;
use dto::staff::{Position, PostPost};
use dto::staff_records::{
    ContractKind, DegreeLevel, IdentityDocument, LeaveKind, PostStaffProposal, PutStaffRecord, RankGrade, StaffChange, StaffFacts,
};
use dto::trainings::{AttendanceRow, PostCertificates, PutAttendance, PutTraining};
use kernel::Result;
use records::{staff, trainings};
use regulations::standards::{CRITERIA, StandardLevel, StandardSet};
use regulations::tt05_2025::TeachingDuty;

type Records = Vec<(StaffId, PutStaffRecord)>;

/// A record that holds from a day on, of the person alone.
fn of(facts: StaffFacts, first_on: Option<NaiveDate>) -> PutStaffRecord {
    let (unit_id, school_year_id, last_on, decision_no, decided_on, note) = (None, None, None, None, None, None);
    PutStaffRecord { facts, unit_id, school_year_id, first_on, last_on, decision_no, decided_on, note }
}

fn decided(record: PutStaffRecord, number: &str, on: NaiveDate) -> PutStaffRecord {
    PutStaffRecord { decision_no: Some(number.to_owned()), decided_on: Some(on), ..record }
}

/// Name and scale of the title: those of lower and upper secondary schools (TT 03 and 04/2021/TT-BGDĐT), of the office without one.
fn title(member: &Member, upper: bool) -> Option<(&'static str, [&'static str; 2])> {
    match member.position {
        "principal" | "deputy" | "teacher" if upper => Some(("Giáo viên trung học phổ thông", ["V.07.05.15", "V.07.05.14"])),
        "principal" | "deputy" | "teacher" => Some(("Giáo viên trung học cơ sở", ["V.07.04.32", "V.07.04.31"])),
        _ => None,
    }
}

fn careers(desk: &Desk<'_>, upper: bool, rng: &mut Rng) -> Records {
    let mut records = Records::new();
    for member in &desk.site.staff {
        let mut add = |record| records.push((member.id, record));
        let born = member.birth_date.year();
        // Who leads the school has taught before.
        let leading = matches!(member.position, "principal" | "deputy");
        let began = day(if leading { born + 24 } else { member.since.year().max(born + 22) }, 9, 1);
        let years = desk.year - began.year();
        let contract = if years < 1 { ContractKind::Probation } else { ContractKind::Permanent };
        let number = format!("{}/QĐ-UBND", rng.between(100, 990));
        add(decided(of(StaffFacts::Contract { contract }, Some(began)), &number, began - Duration::days(12)));
        let major = member.subject.and_then(|code| MAJORS.iter().find(|(of, _)| *of == code)).map(|(_, major)| *major);
        let major = major.unwrap_or(match member.position {
            "principal" | "deputy" => "Quản lí giáo dục",
            "accountant" => "Kế toán",
            "nurse" => "Điều dưỡng",
            "librarian" => "Khoa học thư viện",
            "clerk" => "Văn thư - Lưu trữ",
            _ => "Sư phạm",
        });
        let level = match member.position {
            "nurse" => DegreeLevel::College,
            _ if rng.chance(130) => DegreeLevel::Master,
            _ => DegreeLevel::Bachelor,
        };
        let graduated = day(born + if level == DegreeLevel::Master { 30 } else { 22 }, 6, 15).min(day(desk.year, 6, 15));
        let institution = pick(&DEGREES, rng).to_owned();
        add(of(StaffFacts::Degree { level, major: major.to_owned(), institution }, Some(graduated)));
        if rng.chance(450) {
            let certificate = pick(
                &[
                    ("Tiếng Anh bậc B1", "Trường Đại học Cần Thơ"),
                    ("Ứng dụng công nghệ thông tin cơ bản", "Trung tâm Tin học Sao Khuê"),
                ],
                rng,
            );
            let facts = StaffFacts::Degree {
                level: DegreeLevel::Certificate,
                major: certificate.0.into(),
                institution: certificate.1.into(),
            };
            add(of(facts, Some(day(desk.year - rng.between(3, 9), 4, 20))));
        }
        if let Some(code) = member.subject {
            add(of(StaffFacts::Subject { subject_code: code.to_owned() }, Some(began)));
        }
        if let Some((name, scales)) = title(member, upper) {
            let second = years > 14 && rng.chance(420);
            let rank = |rank| StaffFacts::Rank { title: name.to_owned(), rank: Some(rank) };
            let mut third = of(rank(RankGrade::III), Some(began));
            if second {
                // What was before stays in the record, with its last day.
                let risen = day(desk.year - rng.between(1, 4), 5, 1);
                third.last_on = Some(risen - Duration::days(1));
                add(decided(of(rank(RankGrade::II), Some(risen)), "412/QĐ-SGDĐT", risen - Duration::days(20)));
            }
            add(third);
            let step = (years / 3 + 1).clamp(1, 9);
            // From 2.34 by 0.33 a step, hạng II from 4.00 by 0.34 (NĐ 204/2004, scales A1 and A2).
            let coefficient = if second { 400 + 34 * (step - 4).max(0) } else { 234 + 33 * (step - 1) };
            let scale = scales[usize::from(second)].to_owned();
            let facts = StaffFacts::Salary { scale, step: step as u8, coefficient: coefficient as u16 };
            add(of(facts, Some(day(desk.year - rng.between(0, 2), 3, 1))));
        }
        let digit = 2 * (born / 100 - 19) + i32::from(member.female);
        let citizen = format!("094{digit}{:02}{:06}", born % 100, rng.between(1, 999_999));
        add(of(StaffFacts::Identity { document: IdentityDocument::Citizen, number: citizen }, None));
        let insurance = format!("94{:08}", rng.between(10_000_000, 99_999_999));
        add(of(StaffFacts::Identity { document: IdentityDocument::Insurance, number: insurance }, None));
        if title(member, upper).is_some() && years > 0 {
            let usual = if rng.chance(520) { StandardLevel::Good } else { StandardLevel::Fair };
            let criteria = (0..CRITERIA).map(|_| if rng.chance(150) { StandardLevel::Fair } else { usual }).collect();
            let facts = StaffFacts::Evaluation { set: StandardSet::General, criteria, level: usual };
            let mut record = of(facts, Some(day(desk.year, 5, 25)));
            record.school_year_id = Some(desk.years.before);
            record.unit_id = Some(desk.site.school);
            add(record);
        }
        if rng.chance(300) {
            let (name, hours) = pick(&super::words::COURSES, rng);
            let facts = StaffFacts::Training {
                name: name.to_owned(),
                provider: "Sở Giáo dục và Đào tạo tỉnh Sao Khuê".to_owned(),
                hours,
                certificate_no: Some(format!("{}/CN-SGDĐT", rng.between(100, 999))),
                training_id: None,
            };
            add(of(facts, Some(day(desk.year - 1, 7, 20))));
        }
    }
    records
}

fn duties(desk: &Desk<'_>) -> Records {
    let mut records = Records::new();
    let from = day(desk.year, 9, 5);
    let mut add = |member: &Member, duty, periods, of_what: &str, number: &str| {
        let what = (!of_what.is_empty()).then(|| of_what.to_owned());
        let facts = StaffFacts::Duty { duty, periods, paid: false, of: what };
        let mut record = decided(of(facts, Some(from)), number, day(desk.year, 8, 28));
        record.unit_id = Some(desk.site.school);
        records.push((member.id, record));
    };
    for (at, (name, codes)) in super::words::GROUPS.iter().enumerate() {
        let mut members = desk.site.teachers().filter(|member| member.subject.is_some_and(|code| codes.contains(&code)));
        let number = format!("{}/QĐ-{}", 31 + at, desk.site.mark());
        if let Some(head) = members.next() {
            add(head, TeachingDuty::GroupHead, None, name, &number);
        }
        if let Some(deputy) = members.next() {
            add(deputy, TeachingDuty::GroupDeputy, None, name, &number);
        }
    }
    let free: Vec<&Member> = desk.site.teachers().filter(|member| !member.leads).collect();
    if let [.., computing, secretary] = free[..] {
        add(computing, TeachingDuty::Computing, None, "Phòng Tin học", &format!("45/QĐ-{}", desk.site.mark()));
        add(secretary, TeachingDuty::Secretary, Some(4), "Liên đội trường", &format!("46/QĐ-{}", desk.site.mark()));
    }
    records
}

/// One on maternity leave over half the year, and a few short ones.
fn leaves(desk: &Desk<'_>, rng: &mut Rng) -> Records {
    let mut records = Records::new();
    let mut add = |member: &Member, leave, first: NaiveDate, last: NaiveDate, number: &str, note: Option<&str>| {
        let mut record = decided(of(StaffFacts::Leave { leave }, Some(first)), number, first - Duration::days(5));
        record.last_on = Some(last);
        record.unit_id = Some(desk.site.school);
        record.note = note.map(str::to_owned);
        records.push((member.id, record));
    };
    let born = |member: &&Member| desk.year - member.birth_date.year();
    // Not the first, who signs in.
    let young = desk.site.teachers().skip(1).filter(|member| member.female && !member.leads).min_by_key(born);
    if let Some(member) = young {
        let note = Some("Đồng nghiệp cùng tổ dạy thay theo phân công của nhà trường.");
        add(
            member,
            LeaveKind::Maternity,
            day(desk.year, 10, 5),
            day(desk.year + 1, 4, 4),
            &format!("52/QĐ-{}", desk.site.mark()),
            note,
        );
    }
    for (nth, member) in desk.site.teachers().enumerate().filter(|(nth, _)| nth % 9 == 4) {
        let first = day(desk.year, 9 + (nth % 3) as u32, rng.between(8, 24) as u32);
        let (leave, days) = if nth % 2 == 0 { (LeaveKind::Sick, 2) } else { (LeaveKind::Personal, 1) };
        add(member, leave, first, first + Duration::days(days), &format!("{}/GP-{}", 10 + nth, desk.site.mark()), None);
    }
    records
}

/// A post of before: who leads the school taught there or elsewhere.
async fn former_posts(desk: &Desk<'_>) -> Result<()> {
    let ctx = desk.site.principal();
    for member in desk.site.staff.iter().filter(|member| matches!(member.position, "principal" | "deputy")) {
        let valid_from = day((member.birth_date.year() + 24).min(member.since.year() - 4), 9, 1);
        let post = PostPost {
            unit_id: desk.site.school,
            position: Position::Teacher,
            valid_from,
            valid_to: Some(member.since - Duration::days(1)),
            decision_no: Some("118/QĐ-PGDĐT".to_owned()),
            decided_on: Some(valid_from - Duration::days(15)),
        };
        staff::add_post(desk.db, &ctx, member.id, &post).await?;
    }
    Ok(())
}

async fn training(desk: &Desk<'_>, rng: &mut Rng) -> Result<()> {
    let ctx = desk.site.principal();
    let (first_on, last_on) = (day(desk.year, 8, 10), day(desk.year, 8, 14));
    desk.on(8, 3, 9);
    let course = |name: &str, programme: &str, hours, first_on, last_on| PutTraining {
        unit_id: desk.site.school,
        name: name.to_owned(),
        programme: Some(programme.to_owned()),
        provider: format!("{} phối hợp Trường Đại học Cần Thơ", desk.site.name),
        hours,
        first_on,
        last_on,
        decision_no: Some(format!("27/KH-{}", desk.site.mark())),
        note: None,
    };
    let body =
        course("Thiết kế bài dạy có ứng dụng trí tuệ nhân tạo", "Bồi dưỡng thường xuyên hè, nội dung 3", 40, first_on, last_on);
    let made = trainings::create(desk.db, &ctx, &body).await?;
    desk.on(8, 14, 17);
    let rows = desk.site.teachers().map(|member| AttendanceRow {
        staff_id: member.id,
        hours: if rng.chance(880) { 40 } else { 8 * rng.between(0, 3) as u16 },
        result: None,
    });
    let mut rows: Vec<AttendanceRow> = rows.collect();
    for row in rows.iter_mut().filter(|row| row.hours == 40) {
        row.result = Some(if rng.chance(350) { "Giỏi" } else { "Đạt" }.to_owned());
    }
    let made = trainings::put_attendance(desk.db, &ctx, made.id, made.version, &PutAttendance { rows }).await?;
    let certified_on = desk.on(8, 20, 10);
    let prefix = format!("BDTX-{}-", desk.year);
    let body = PostCertificates { certified_on, least_hours: 32, prefix, first_number: 1 };
    trainings::certify(desk.db, &ctx, made.id, made.version, &body).await?;
    // A second one is still going on.
    desk.on(11, 2, 9);
    let body = course(
        "Đánh giá học sinh theo phẩm chất, năng lực",
        "Sinh hoạt chuyên môn cụm trường",
        16,
        day(desk.year, 11, 7),
        day(desk.year, 11, 28),
    );
    trainings::create(desk.db, &ctx, &body).await?;
    Ok(())
}

pub async fn fill(desk: &Desk<'_>) -> Result<()> {
    let mut rng = desk.rng(1);
    let ctx = desk.site.principal();
    let upper = desk.site.classes.iter().any(|class| class.grade.number().is_some_and(|grade| grade > 9));
    desk.on(8, 5, 8);
    staff::records::create_all(desk.db, &ctx, &careers(desk, upper, &mut rng)).await?;
    former_posts(desk).await?;
    desk.on(8, 28, 14);
    staff::records::create_all(desk.db, &ctx, &duties(desk)).await?;
    desk.on(9, 30, 10);
    staff::records::create_all(desk.db, &ctx, &leaves(desk, &mut rng)).await?;
    training(desk, &mut rng).await?;
    // Somebody proposes what is missing in their own record.
    if let Some(member) = desk.site.teachers().nth(3) {
        desk.on(10, 21, 19);
        let facts = StaffFacts::Degree {
            level: DegreeLevel::Certificate,
            major: "Tiếng Anh bậc B2".to_owned(),
            institution: "Trường Đại học Cần Thơ".to_owned(),
        };
        let change = StaffChange::Add { record: of(facts, Some(day(desk.year, 7, 12))) };
        let note = Some("Tôi vừa nhận chứng chỉ, xin bổ sung vào hồ sơ.".to_owned());
        staff::records::propose(desk.db, &desk.site.teacher(member), &PostStaffProposal { change, note }).await?;
    }
    Ok(())
}
