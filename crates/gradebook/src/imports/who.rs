//! Whose row it is: the columns by which learners of a class are known, and finding them.

use crate::facts::{CodedLearner, RosterLine};
use crate::files::Class;
use dto::LearnerId;
use dto::imports::ImportFault;
use records::imports::kinds::{Cells, Column};
use records::imports::parse::{LearnerFields, ParsedRow};

/// The first columns of each template of a class.
pub(super) fn columns() -> Vec<Column> {
    vec![
        Column::new(
            "ministry_code",
            "Mã định danh",
            "Code",
            &["ma dinh danh bo gd dt", "ma moet", "ma hoc sinh", "ma hs", "ma dinh danh bo"],
        ),
        Column::new("full_name", "Họ và tên", "Full name", &["ho ten", "ho va ten hoc sinh", "ho ten hoc sinh", "ten hoc sinh"])
            .required(),
        Column::new("birth_date", "Ngày sinh", "Birth date", &["ngay thang nam sinh", "ns"]),
    ]
}

/// The learners of a class as the template has them.
pub(super) fn prefilled(roster: &[RosterLine], codes: &[CodedLearner]) -> Vec<Vec<(String, String)>> {
    let line = |line: &RosterLine| {
        let code = codes.iter().find(|c| c.learner_id == line.learner_id).and_then(|c| c.ministry_code.clone());
        vec![
            ("ministry_code".to_owned(), code.unwrap_or_default()),
            ("full_name".to_owned(), line.full_name.clone()),
            ("birth_date".to_owned(), line.birth_date.format("%d/%m/%Y").to_string()),
        ]
    };
    roster.iter().map(line).collect()
}

/// The learner of a row, or why there is none.
pub(super) fn find(class: &Class<'_>, cells: &mut Cells<'_>) -> Result<LearnerId, Box<ImportFault>> {
    let code = cells.text("ministry_code", 20);
    // Twelve digits are the personal ID.
    let (personal_id, ministry_code) = match code {
        Some(code) if code.len() == 12 => (Some(code), None),
        code => (None, code),
    };
    let fields = LearnerFields {
        name: cells.name("full_name").unwrap_or_default(),
        birth_date: cells.birth_date("birth_date"),
        personal_id,
        ministry_code,
        ..LearnerFields::default()
    };
    let row = ParsedRow { row_number: cells.line.row, fields, faults: Vec::new() };
    class.find(&row).map(|(learner, _)| learner)
}
