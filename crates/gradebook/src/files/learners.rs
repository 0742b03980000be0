//! Whose row of a file it is: by a code, else by name and birth date, never by the place in the list.

use crate::facts::{CodedLearner, RosterLine};
use dto::LearnerId;
use dto::imports::{ImportFault, Severity};
use dto::mark_files::MatchedBy;
use kernel::text::{clean, fold};
use records::imports::parse::{LearnerFields, ParsedRow};
use std::collections::BTreeMap;

/// A class as files name its learners.
pub(crate) struct Class<'r> {
    roster: &'r [RosterLine],
    codes: &'r [CodedLearner],
}

/// A fault with its words.
pub(super) fn fault(code: &str, column: Option<String>, vi: String, en: String) -> ImportFault {
    ImportFault { severity: Severity::Error, code: code.to_owned(), column, field: None, params: BTreeMap::new(), vi, en }
}

/// Why a row is nobody's; boxed, as it is much larger than the answer.
fn why(code: &str, column: Option<String>, vi: String, en: String) -> Box<ImportFault> {
    Box::new(fault(code, column, vi, en))
}

impl<'r> Class<'r> {
    pub(crate) fn new(roster: &'r [RosterLine], codes: &'r [CodedLearner]) -> Self {
        Class { roster, codes }
    }

    /// The learner of a row, and by what; or why none.
    pub(crate) fn find(&self, row: &ParsedRow) -> Result<(LearnerId, MatchedBy), Box<ImportFault>> {
        let name = row.fields.name.full();
        match self.by_code(&row.fields) {
            Some(line) if fold(&line.full_name) == fold(&name) => return Ok((line.learner_id, MatchedBy::Code)),
            Some(line) => {
                return Err(why(
                    "code-of-another",
                    None,
                    format!("Mã ở dòng này là của {}, nhưng tên trong tệp là {name}.", line.full_name),
                    format!("The code in this row is that of {}, but the name in the file is {name}.", line.full_name),
                ));
            }
            None => {}
        }
        let birth_date = row.fields.birth_date;
        let mut same: Vec<&RosterLine> = self
            .roster
            .iter()
            .filter(|line| fold(&line.full_name) == fold(&name) && birth_date.is_none_or(|day| day == line.birth_date))
            .collect();
        if same.len() > 1 {
            // "Ánh" and "Anh" are alike without marks; the exact name decides where it can.
            let exact: Vec<&RosterLine> = same.iter().copied().filter(|line| clean(&line.full_name) == clean(&name)).collect();
            if exact.len() == 1 {
                same = exact;
            }
        }
        match (same.as_slice(), birth_date) {
            ([line], Some(_)) => Ok((line.learner_id, MatchedBy::NameAndBirthDate)),
            ([line], None) => Ok((line.learner_id, MatchedBy::Name)),
            ([], _) if self.roster.iter().any(|line| fold(&line.full_name) == fold(&name)) => Err(why(
                "birth-date-differs",
                None,
                format!("Lớp có {name} nhưng khác ngày sinh. Hãy kiểm tra lại ngày sinh trong tệp."),
                format!("The class has {name}, but with another birth date. Check the birth date in the file."),
            )),
            ([], _) => Err(why(
                "learner-unknown",
                None,
                format!("Lớp không có học sinh {name}."),
                format!("The class has no learner {name}."),
            )),
            (_, _) => Err(why(
                "learner-ambiguous",
                None,
                format!("Lớp có nhiều học sinh tên {name}. Hãy thêm cột ngày sinh hoặc mã học sinh."),
                format!("The class has several learners called {name}. Add a column of birth dates or codes."),
            )),
        }
    }

    fn by_code(&self, fields: &LearnerFields) -> Option<&RosterLine> {
        let given = [&fields.personal_id, &fields.ministry_code, &fields.local_code];
        let known = self.codes.iter().find(|known| {
            let own = [&known.personal_id, &known.ministry_code];
            given.iter().any(|code| code.is_some() && own.contains(code))
        })?;
        self.roster.iter().find(|line| line.learner_id == known.learner_id)
    }
}
