//! Sổ gọi tên: who was away on which day, a page for each month.

use super::record::{Column, PRINCIPAL, Part, Record, homeroom};
use super::{Head, sheets};
use crate::facts::{self, ClassFacts};
use chrono::{Datelike, NaiveDate};
use dto::LearnerId;
use dto::council::{Absence, AbsenceKind};
use kernel::{Ctx, Db, Result, clock};
use records::calendar::is_working_day;
use std::collections::{BTreeSet, HashMap};

pub(super) async fn read(db: &Db, ctx: &Ctx, class: &ClassFacts, head: Head) -> Result<Record> {
    let conn = db.read();
    let learners = sheets::lines(conn, class).await?;
    let mut missed: HashMap<(LearnerId, NaiveDate), Vec<Absence>> = HashMap::new();
    let mut months: BTreeSet<(i32, u32)> = BTreeSet::new();
    for dates in facts::terms(conn, class.school_year_id).await? {
        // The months of a term up to today, and any in which somebody was away.
        let mut day = dates.starts_on;
        while day <= dates.ends_on.min(clock::today()) {
            months.insert((day.year(), day.month()));
            day += chrono::TimeDelta::days(7);
        }
        for row in crate::absences::sheet(db, ctx, class.id, dates.term).await?.rows {
            for entry in row.entries.into_iter().filter(|entry| entry.kind.is_some()) {
                months.insert((entry.day.year(), entry.day.month()));
                missed.entry((row.learner_id, entry.day)).or_default().push(entry);
            }
        }
    }
    let parts = months.into_iter().enumerate().map(|(at, month)| page(at > 0, month, &learners, &missed)).collect();
    let signers = vec![PRINCIPAL, homeroom(&head)];
    let title = format!("Sổ gọi tên lớp {}", class.name);
    let head = Head { subtitle: format!("Năm học {}", class.school_year), ..head };
    Ok(Record { head, title, flipped: true, parts, signers })
}

fn page(
    new_page: bool,
    (year, month): (i32, u32),
    learners: &[sheets::Line],
    missed: &HashMap<(LearnerId, NaiveDate), Vec<Absence>>,
) -> Part {
    let days: Vec<NaiveDate> = (1..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day)).collect();
    let column = |name: &str, width, left| Column { name: name.to_owned(), width, left };
    let mut columns = vec![column("STT", 8, false), column("Họ và tên", 46, true)];
    columns.extend(days.iter().map(|day| column(&day.day().to_string(), 0, false)));
    columns.extend([column("P", 8, false), column("K", 8, false)]);
    let rows = learners
        .iter()
        .map(|line| {
            let mut row = vec![line.n.to_string(), line.name.clone()];
            let (mut excused, mut unexcused) = (0, 0);
            for day in &days {
                let entries = missed.get(&(line.id, *day)).map_or(&[][..], Vec::as_slice);
                let mut cell: Vec<&str> = Vec::new();
                for entry in entries {
                    let letter = match entry.kind {
                        Some(AbsenceKind::Excused) => {
                            excused += 1;
                            "P"
                        }
                        _ => {
                            unexcused += 1;
                            "K"
                        }
                    };
                    if !cell.contains(&letter) {
                        cell.push(letter);
                    }
                }
                let gone = line.left.is_some_and(|left| left <= *day);
                row.push(if gone && cell.is_empty() { "–".to_owned() } else { cell.join("") });
            }
            let shown = |n: i32| if n == 0 { String::new() } else { n.to_string() };
            row.extend([shown(excused), shown(unexcused)]);
            row
        })
        .collect();
    let off: Vec<String> = days.iter().filter(|day| !is_working_day(**day)).map(|day| day.day().to_string()).collect();
    let note = format!("P: nghỉ có phép, K: không phép, theo buổi. Ngày nghỉ làm việc: {}.", off.join(", "));
    Part { title: format!("Tháng {month:02}/{year}"), new_page, columns, rows, note, ..Part::default() }
}
