//! The yearly count of a school's facilities over three years: two signed, one of which was opened again, and this year's.

use super::{Desk, day};
use dto::access::Role;
use dto::figures::{Figure, FigureSet, PutFigureCampaign, PutFigures, ReopenFigures};
use kernel::{Ctx, Db, Result};
use records::figures;

/// The province asks its schools in each of three years.
pub async fn campaigns(db: &Db, province: &Ctx, year: i32) -> Result<()> {
    for year in year - 2..=year {
        kernel::clock::tell(super::at(day(year, 9, 10), 9));
        let body = PutFigureCampaign {
            as_of: day(year, 9, 30),
            due_on: day(year, 10, 31),
            note: Some("Số liệu tính đến ngày 30/9; hiệu trưởng ký duyệt trước ngày 31/10.".to_owned()),
        };
        figures::put_campaign(db, province, FigureSet::Facilities, year as i16, 0, &body).await?;
    }
    Ok(())
}

/// What was there two years ago, and what each year since has added.
const COUNTED: [(&str, i64, i64); 43] = [
    ("rooms.classroom.permanent", 14, 1),
    ("rooms.classroom.semi", 2, -1),
    ("rooms.classroom.temporary", 0, 0),
    ("rooms.classroom.repair", 3, -1),
    ("rooms.subject.permanent", 4, 1),
    ("rooms.subject.semi", 1, 0),
    ("rooms.subject.temporary", 0, 0),
    ("rooms.subject.repair", 1, 0),
    ("rooms.support.permanent", 3, 0),
    ("rooms.support.semi", 1, 0),
    ("rooms.support.temporary", 0, 0),
    ("rooms.support.repair", 0, 0),
    ("rooms.office.permanent", 6, 0),
    ("rooms.office.semi", 1, 0),
    ("rooms.office.temporary", 0, 0),
    ("rooms.office.repair", 1, 0),
    ("rooms.library.permanent", 1, 0),
    ("rooms.library.semi", 0, 0),
    ("rooms.library.temporary", 0, 0),
    ("rooms.library.repair", 0, 0),
    ("rooms.other.permanent", 2, 0),
    ("rooms.other.semi", 1, 0),
    ("rooms.other.temporary", 1, 0),
    ("rooms.other.repair", 0, 0),
    ("area.site", 9_860, 0),
    ("area.playground", 3_420, 0),
    ("area.floor", 4_150, 230),
    ("water.drinking", 4, 1),
    ("water.washing", 12, 4),
    ("toilets.boys.all", 4, 0),
    ("toilets.boys.sound", 3, 0),
    ("toilets.girls.all", 5, 0),
    ("toilets.girls.sound", 4, 0),
    ("toilets.staff.all", 2, 0),
    ("toilets.staff.sound", 2, 0),
    ("books.textbooks", 3_150, 210),
    ("books.reference", 1_480, 95),
    ("books.reading", 2_260, 180),
    ("books.seats", 48, 0),
    ("it.computers", 35, 0),
    ("it.office", 9, 1),
    ("it.displays", 9, 2),
    ("it.online", 14, 1),
];

fn counted(later: i64, shift: i64) -> Vec<Figure> {
    let value = |from: i64, by: i64| (from + by * later + if from > 30 { shift } else { 0 }).max(0);
    COUNTED.into_iter().map(|(code, from, by)| Figure { code: code.to_owned(), value: value(from, by) }).collect()
}

/// `main`: this year's count stands open; of the other school it is signed.
pub async fn fill(desk: &Desk<'_>, main: bool) -> Result<()> {
    let (clerk, principal) = (desk.site.office("clerk", Role::Clerk), desk.site.principal());
    let (set, school) = (FigureSet::Facilities, desk.site.school);
    for later in 0..3 {
        let year = desk.year - 2 + later as i32;
        desk.on_of(year, 10, 6, 10);
        let body = PutFigures { figures: counted(later, if main { 0 } else { 11 }) };
        let sheet = figures::put(desk.db, &clerk, set, school, year as i16, 0, &body).await?;
        if later == 2 && main {
            continue;
        }
        desk.on_of(year, 10, 20, 15);
        let signed = figures::sign(desk.db, &principal, set, school, year as i16, sheet.version).await?;
        if later == 1 && main {
            desk.on_of(year, 11, 3, 9);
            let reason = "Nhập thiếu hai vòi rửa tay mới lắp ở dãy phòng khối 7.".to_owned();
            let open = figures::reopen(desk.db, &principal, set, school, year as i16, &ReopenFigures { reason }).await?;
            let mut body = body;
            if let Some(line) = body.figures.iter_mut().find(|line| line.code == "water.washing") {
                line.value += 2;
            }
            let sheet = figures::put(desk.db, &clerk, set, school, year as i16, open.version.max(signed.version), &body).await?;
            figures::sign(desk.db, &principal, set, school, year as i16, sheet.version).await?;
        }
    }
    Ok(())
}
