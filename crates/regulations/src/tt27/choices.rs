//! What TT 27/2020 leaves open, or what we could not verify, each with its source.

use serde::{Deserialize, Serialize};

use crate::mark::Mark;

/// The choices of a policy that follows TT 27/2020. In JSON a field that is not there has its default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choices {
    /// Tests have whole marks only; default true. Common knowledge (Đ.7 k.2), not verified.
    pub whole_tests: bool,
    /// The lowest mark of a test; default 1: there is no 0. Common knowledge (Đ.7 k.2), not verified.
    pub lowest_test: Mark,
    /// Every year-end test has to reach this for "Hoàn thành"; default 5. Common knowledge (Đ.9 k.2c), not verified; 7 and 9 of
    /// the higher groups are.
    pub completed_from: Mark,
    /// Khoa học has tests at the end of a term; default true. Seen, but not verified for this subject.
    pub science_tested: bool,
    /// Subjects that a school offers beyond the compulsory ones (Ngoại ngữ 1 in grades 1 and 2, Tiếng dân tộc thiểu số) have
    /// tests too; default false: Đ.7 names compulsory subjects (common knowledge, not verified).
    pub optional_tested: bool,
    /// From this grade on the specific competencies of technology and of informatics are assessed; default 3, when the subject
    /// begins (practice of schools, not verified; the circular lists seven for all).
    pub technology_from_grade: u8,
}

impl Choices {
    /// The default choices.
    pub const DEFAULT: Choices = Choices {
        whole_tests: true,
        lowest_test: super::mark(100),
        completed_from: super::mark(500),
        science_tested: true,
        optional_tested: false,
        technology_from_grade: 3,
    };

    /// Whether a test may have this mark.
    pub fn allows(&self, mark: Mark) -> bool {
        let step = if self.whole_tests { 100 } else { 10 };
        mark >= self.lowest_test && mark.hundredths() % step == 0
    }
}

impl Default for Choices {
    fn default() -> Self {
        Choices::DEFAULT
    }
}
