//! A sheet as a file of ours, and the marks in a file of the teacher's own.

use super::learners::Class;
use super::primary;
use super::read::{self, Stands};
use crate::value;
use dto::access::Permission;
use dto::calendar::Term;
use dto::{ClassId, Code, Lang};
use kernel::text::slug;
use kernel::{Ctx, Db, Error, Event, Result};
use records::imports::parse::book::{self, Fill, Place};
use regulations::{CellValue, Regulation, Slot, format_cell};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sheet as .xlsx, in the caller's language, with a name for the file. What it gives, [`super::check`] reads back.
pub async fn export(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term) -> Result<(String, Vec<u8>)> {
    let stands = read::stands(db.read(), ctx, Permission::MarkRead, class, subject, term).await?;
    let name = format!(
        "{}-{}-hk{}.xlsx",
        slug(&stands.section.class.name),
        slug(&stands.section.subject.code),
        value::term_number(term)
    );
    let lang = ctx.lang;
    let bytes = tokio::task::spawn_blocking(move || write(&stands, term, lang))
        .await
        .map_err(|error| Error::internal(format!("writing a file: {error}")))?
        .map_err(|error| Error::internal(format!("writing a file: {error}")))?;
    Ok((name, bytes))
}

pub(crate) fn heading(sheet: &str, slot: Slot, lang: Lang) -> String {
    match (slot, lang) {
        (Slot::Primary(slot), Lang::Vi) => primary::heading(sheet, slot, regulations::Lang::Vi),
        (Slot::Primary(slot), Lang::En) => primary::heading(sheet, slot, regulations::Lang::En),
        (_, Lang::Vi) => slot.short_vi().to_owned(),
        (Slot::TOPICS, Lang::En) => "Specialised topics".to_owned(),
        (Slot::Regular(number), Lang::En) => format!("Regular {number}"),
        (Slot::Midterm, Lang::En) => "Midterm".to_owned(),
        (Slot::Final, Lang::En) => "Final".to_owned(),
    }
}

/// Columns before the marks.
const BEFORE: u16 = 4;
/// Row of the header, from 0.
const HEADER: u32 = 3;

fn write(stands: &Stands, term: Term, lang: Lang) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet: &mut Worksheet = workbook.add_worksheet();
    let section = &stands.section;
    let bold = Format::new().set_bold().set_font_size(14);
    let line = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xB7_C0_CC));
    let head = line(
        Format::new().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0xE8_EE_F5)).set_text_wrap(),
    );
    let text = line(Format::new());
    let wrapped = line(Format::new().set_text_wrap());
    let centre = line(Format::new().set_align(FormatAlign::Center));
    let day = line(Format::new().set_align(FormatAlign::Center).set_num_format("dd/mm/yyyy"));
    // Tests of primary schools have whole marks.
    let decimals = if stands.policy.code == Regulation::Tt27 { "0" } else { "0.0" };
    let mark = line(Format::new().set_align(FormatAlign::Center).set_num_format(decimals));
    let number = value::term_number(term);
    sheet.set_name(lang.pick("Sổ điểm", "Marks"))?;
    sheet.write_with_format(
        0,
        0,
        format!(
            "{} {} · {}",
            lang.pick("Lớp", "Class"),
            section.class.name,
            lang.pick(&section.subject.name_vi, &section.subject.name_en)
        ),
        &bold,
    )?;
    let under = match lang {
        Lang::Vi => format!("{} · Học kì {number} · Năm học {}", section.class.school_name, section.class.school_year),
        Lang::En => format!("{} · Semester {number} · School year {}", section.class.school_name, section.class.school_year),
    };
    sheet.write(1, 0, under)?;
    let titles = match lang {
        Lang::Vi => ["STT", "Mã định danh", "Họ và tên", "Ngày sinh"],
        Lang::En => ["No", "Mã định danh", "Full name", "Ngày sinh"],
    };
    for (column, title) in (0u16..).zip(titles) {
        sheet.write_with_format(HEADER, column, title, &head)?;
    }
    for (column, slot) in (BEFORE..).zip(&stands.slots) {
        sheet.write_with_format(HEADER, column, heading(&section.subject.code, *slot, lang), &head)?;
    }
    let beyond = BEFORE + u16::try_from(stands.slots.len()).unwrap_or(u16::MAX - BEFORE);
    sheet.write_with_format(HEADER, beyond, lang.pick("Nhận xét", "Comment"), &head)?;
    let lines = stands.roster.iter().filter(|line| !line.left_by(section.term_ends_on));
    for (row, learner) in (HEADER + 1..).zip(lines) {
        let code = stands.codes.iter().find(|c| c.learner_id == learner.learner_id).and_then(|c| c.ministry_code.as_deref());
        sheet.write_with_format(row, 0, learner.ordinal, &centre)?;
        sheet.write_with_format(row, 1, code.unwrap_or_default(), &text)?;
        sheet.write_with_format(row, 2, &learner.full_name, &text)?;
        sheet.write_with_format(row, 3, learner.birth_date.format("%d/%m/%Y").to_string(), &day)?;
        for (column, slot) in (BEFORE..).zip(&stands.slots) {
            match stands.cells.get(&(learner.learner_id, *slot)).and_then(|(value, _)| *value) {
                Some(CellValue::Score(value)) => {
                    // A spreadsheet has no other numbers; hundredths up to 1000 are exact enough to come back as they were.
                    sheet.write_with_format(row, column, f64::from(value.hundredths()) / 100.0, &mark)?;
                }
                Some(value) => _ = sheet.write_with_format(row, column, format_cell(&value, regulations::Lang::Vi), &centre)?,
                None => _ = sheet.write_blank(row, column, &mark)?,
            }
        }
        match stands.comments.get(&learner.learner_id).and_then(|(text, _)| text.as_deref()) {
            Some(said) => _ = sheet.write_string_with_format(row, beyond, said, &wrapped)?,
            None => _ = sheet.write_blank(row, beyond, &wrapped)?,
        }
    }
    for (column, width) in (0u16..).zip([6.0, 16.0, 28.0, 13.0]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_column_width(beyond, 48.0)?;
    sheet.set_freeze_panes(HEADER + 1, BEFORE - 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEADER, HEADER)?;
    workbook.save_to_buffer()
}

/// The teacher's own file with the marks and comments of the sheet in it: columns found by their headers, learners by code or by name and
/// birth date; only cells of marks and comments are written, and only where the sheet has one. That marks went out is in the log.
///
/// Errors: `not_found`, `file_not_readable` with what to do.
pub async fn fill(db: &Db, ctx: &Ctx, class: ClassId, subject: &str, term: Term, file: Vec<u8>) -> Result<Vec<u8>> {
    let stands = read::stands(db.read(), ctx, Permission::MarkRead, class, subject, term).await?;
    let file = Arc::new(file);
    let (list, columns) = super::open(&file, ctx.lang, term, stands.headers()).await?;
    let class_of_file = Class::new(&stands.roster, &stands.codes);
    let mut cells: BTreeMap<Place, Fill> = BTreeMap::new();
    for row in &list.list.rows {
        let Ok((learner, _)) = class_of_file.find(row) else { continue };
        for column in &columns.marks {
            let Some((Some(value), _)) = stands.cells.get(&(learner, column.slot)) else { continue };
            let fill = match value {
                CellValue::Score(mark) => Fill::Number(mark.to_string()),
                other => Fill::Text(format_cell(other, regulations::Lang::Vi)),
            };
            cells.insert((row.row_number, column.index), fill);
        }
        if let (Some((index, _)), Some((Some(said), _))) = (&columns.comment, stands.comments.get(&learner)) {
            cells.insert((row.row_number, *index), Fill::Text(said.clone()));
        }
    }
    if columns.marks.is_empty() && columns.comment.is_none() {
        let [vi, en] = stands.no_column();
        // It follows a colon.
        let mut letters = ctx.lang.pick(vi, en).chars();
        let why: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
        return Err(Error::new(Code::FileNotReadable).with("why", why).with("reason", "no-mark-column"));
    }
    let event = Event::new(Some(stands.section.class.school_id), "mark.file_filled", "class", class).after(&json!({
        "subject": stands.section.subject.code,
        "term": value::term_number(term),
        "cells": cells.len(),
    }));
    let lang = ctx.lang;
    let filled = tokio::task::spawn_blocking(move || book::fill(&file, &list.part, &cells))
        .await
        .map_err(|error| Error::internal(format!("filling a file: {error}")))?
        .map_err(|fault| records::imports::refusal(&fault, lang))?;
    db.write(ctx, async |_| Ok(((), vec![event.clone()]))).await?;
    Ok(filled)
}
