//! What can be wrong with a transcript, in words.

use dto::transcripts::TranscriptFault;

fn fault(code: &str, vi: String, en: String, warning: bool) -> TranscriptFault {
    TranscriptFault { code: code.to_owned(), vi, en, warning }
}

pub(super) fn result_missing(subject: &str) -> TranscriptFault {
    fault(
        "result_missing",
        format!("Chưa có kết quả cả năm môn {subject}."),
        format!("No result of the year in {subject}."),
        false,
    )
}

pub(super) fn year_open() -> TranscriptFault {
    fault("year_open", "Năm học của lớp chưa chốt.".to_owned(), "The year of the class is not closed.".to_owned(), false)
}

pub(super) fn teacher_missing(subject: &str) -> TranscriptFault {
    let vi = format!("Môn {subject} chưa phân công giáo viên nên chưa có người ký.");
    fault("teacher_missing", vi, format!("Nobody teaches {subject}, so nobody can sign for it."), false)
}

pub(super) fn homeroom_missing() -> TranscriptFault {
    let vi = "Lớp chưa có giáo viên chủ nhiệm.".to_owned();
    fault("homeroom_missing", vi, "The class has no homeroom teacher.".to_owned(), false)
}

pub(super) fn principal_missing() -> TranscriptFault {
    let vi = "Trường chưa có hiệu trưởng trong hệ thống.".to_owned();
    fault("principal_missing", vi, "The school has no principal in the system.".to_owned(), false)
}

pub(super) fn personal_id_missing() -> TranscriptFault {
    let vi = "Hồ sơ chưa có số định danh cá nhân.".to_owned();
    fault("personal_id_missing", vi, "The record has no personal ID.".to_owned(), true)
}

pub(super) fn comment_missing() -> TranscriptFault {
    let vi = "Chưa có nhận xét của giáo viên chủ nhiệm.".to_owned();
    fault("comment_missing", vi, "The homeroom teacher has written no comment.".to_owned(), true)
}
