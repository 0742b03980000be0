//! Whose row it is: the class of a file, the columns by which its learners are known, and finding them.

use crate::facts::{self, ClassFacts, CodedLearner, RosterLine};
use crate::files::Class;
use dto::access::Permission;
use dto::imports::ImportFault;
use dto::{Code, LearnerId};
use kernel::{Ctx, Error, Result};
use records::imports::kinds::{Cells, Column, Scope};
use records::imports::parse::{LearnerFields, ParsedRow};
use sea_orm::ConnectionTrait;

/// The class that a file is of, where the caller may write by this permission.
///
/// Errors: `not_found`.
pub(super) async fn class(conn: &impl ConnectionTrait, ctx: &Ctx, scope: &Scope, permission: Permission) -> Result<ClassFacts> {
    let class = facts::class(conn, ctx, permission, permission, scope.class(ctx.lang)?).await?;
    if class.school_id == scope.school_id { Ok(class) } else { Err(Error::new(Code::NotFound)) }
}

/// The learners who are still in it, in the order of the list.
pub(super) async fn present(conn: &impl ConnectionTrait, class: &ClassFacts) -> Result<Vec<RosterLine>> {
    let roster = facts::roster(conn, class.school_id, class.id, None).await?;
    Ok(roster.into_iter().filter(|line| line.left_on.is_none()).collect())
}

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
pub(super) fn find(class: &Class<'_>, cells: &mut Cells<'_>) -> std::result::Result<LearnerId, Box<ImportFault>> {
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
