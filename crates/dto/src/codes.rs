//! Every error that the API can answer: code, HTTP status, Vietnamese and English text. A missing language does not compile.

use crate::Lang;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, vi $vi:literal, en $en:literal;)+) => {
        /// A stable error code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name,)+];
            pub fn as_str(self) -> &'static str { match self { $(Code::$name => $text,)+ } }
            /// HTTP status.
            pub fn status(self) -> u16 { match self { $(Code::$name => $status,)+ } }
            /// Text with `{parameters}` still in it.
            pub fn text(self, lang: Lang) -> &'static str { match self { $(Code::$name => lang.pick($vi, $en),)+ } }
            pub fn parse(s: &str) -> Option<Code> { match s { $($text => Some(Code::$name),)+ _ => None } }
        }
    };
}

codes! {
    // The request as such
    BadRequest = "bad_request", 400, vi "Yêu cầu không đúng định dạng: {what}.", en "The request is malformed: {what}.";
    BadJson = "bad_json", 400, vi "Nội dung gửi lên không phải JSON hợp lệ (dòng {line}, cột {column}).", en "The body is not valid JSON (line {line}, column {column}).";
    BadCursor = "bad_cursor", 400, vi "Dấu trang không hợp lệ. Hãy tải lại danh sách từ đầu.", en "The page cursor is not valid. Start the list again.";
    BadPath = "bad_path", 404, vi "Không tìm thấy địa chỉ này.", en "There is nothing at this address.";
    MethodNotAllowed = "method_not_allowed", 405, vi "Địa chỉ này không nhận thao tác {method}.", en "This address does not take {method}.";
    NotAcceptable = "not_acceptable", 406, vi "Máy chủ không có định dạng mà ứng dụng yêu cầu.", en "The server has no such representation.";
    RequestTimeout = "request_timeout", 408, vi "Máy chủ chờ dữ liệu quá lâu. Hãy kiểm tra đường truyền và gửi lại.", en "The request took too long to arrive. Check the line and send it again.";
    PayloadTooLarge = "payload_too_large", 413, vi "Nội dung gửi lên quá lớn (tối đa {max}).", en "The body is too large (at most {max}).";
    UnsupportedMediaType = "unsupported_media_type", 415, vi "Kiểu nội dung không được hỗ trợ; cần {expected}.", en "The media type is not supported; send {expected}.";
    Invalid = "invalid", 422, vi "Một số ô chưa đúng. Hãy sửa các ô được đánh dấu.", en "Some fields are not right. Correct the marked fields.";
    TooManyRequests = "too_many_requests", 429, vi "Bạn thao tác quá nhanh. Hãy thử lại sau {seconds} giây.", en "Too many requests. Try again in {seconds} seconds.";
    PreconditionRequired = "precondition_required", 428, vi "Thiếu phiên bản của bản ghi (If-Match). Hãy tải lại rồi sửa.", en "The version of the record is missing (If-Match). Reload, then edit.";
    VersionConflict = "version_conflict", 412, vi "Người khác vừa sửa bản ghi này. Hãy tải lại để xem bản mới, nội dung bạn nhập vẫn còn trên màn hình.", en "Someone else has just changed this record. Reload to see it; what you typed is still on your screen.";
    Internal = "internal", 500, vi "Máy chủ gặp lỗi ngoài dự tính. Dữ liệu chưa bị thay đổi. Hãy thử lại, hoặc gửi mã yêu cầu cho người hỗ trợ.", en "Something unexpected went wrong. Nothing was changed. Try again, or give the request id to support.";
    Busy = "busy", 503, vi "Máy chủ đang bận. Hãy thử lại sau giây lát.", en "The server is busy. Try again in a moment.";
    // Identity
    Unauthenticated = "unauthenticated", 401, vi "Bạn cần đăng nhập.", en "Sign in first.";
    TokenExpired = "token_expired", 401, vi "Phiên làm việc đã hết hạn. Hãy đăng nhập lại.", en "The session has expired. Sign in again.";
    BadCredentials = "bad_credentials", 401, vi "Tên đăng nhập hoặc mật khẩu không đúng.", en "The user name or the password is wrong.";
    SignInDelayed = "sign_in_delayed", 429, vi "Nhập sai nhiều lần. Hãy đợi {seconds} giây rồi thử lại, hoặc nhờ văn thư cấp mã một lần.", en "Too many wrong attempts. Wait {seconds} seconds, or ask the school office for a one-time code.";
    SessionReused = "session_reused", 401, vi "Phiên này đã được dùng ở nơi khác nên đã bị kết thúc. Hãy đăng nhập lại.", en "This session was used elsewhere and has been ended. Sign in again.";
    AccountDisabled = "account_disabled", 403, vi "Tài khoản đã bị khoá.", en "The account is disabled.";
    PasswordChangeRequired = "password_change_required", 403, vi "Bạn cần đổi mật khẩu trước khi tiếp tục.", en "Change your password before you go on.";
    OneTimeCodeInvalid = "one_time_code_invalid", 422, vi "Mã một lần không đúng hoặc đã hết hạn. Hãy xin mã mới ở văn thư.", en "The one-time code is wrong or has expired. Ask the office for a new one.";
    PasswordWeak = "password_weak", 422, vi "Mật khẩu quá dễ đoán. Hãy dùng ít nhất 8 ký tự, không trùng tên đăng nhập hay mật khẩu phổ biến.", en "The password is too easy to guess. Use at least 8 characters, not your user name or a common password.";
    PasswordWrong = "password_wrong", 422, vi "Mật khẩu hiện tại không đúng.", en "The present password is wrong.";
    Forbidden = "forbidden", 403, vi "Vai trò của bạn không có quyền này ({permission}).", en "Your role does not have this permission ({permission}).";
    RoleNotGrantable = "role_not_grantable", 403, vi "Bạn không thể cấp vai trò này ở đơn vị này.", en "You cannot grant this role on this unit.";
    RoleAlreadyGranted = "role_already_granted", 409, vi "Tài khoản đã có vai trò này ở đơn vị này trong thời gian đó.", en "The account already has this role on this unit on these days.";
    UsernameTaken = "username_taken", 409, vi "Tên đăng nhập đã có người dùng.", en "The user name is taken.";
    // Records
    NotFound = "not_found", 404, vi "Không tìm thấy.", en "Not found.";
    CodeTaken = "code_taken", 409, vi "Mã này đã được dùng.", en "This code is already in use.";
    PersonalIdTaken = "personal_id_taken", 409, vi "Số định danh này đã thuộc về một học sinh khác. Nếu là cùng một em, hãy làm thủ tục tiếp nhận thay vì tạo hồ sơ mới.", en "This personal ID belongs to another learner. If it is the same child, claim the record instead of making a new one.";
    MinistryCodeTaken = "ministry_code_taken", 409, vi "Mã định danh Bộ GD&ĐT này đã thuộc về một học sinh khác.", en "This Ministry code belongs to another learner.";
    LearnerHeld = "learner_held", 409, vi "Em này đang học ở trường khác. Hãy gửi yêu cầu chuyển trường.", en "The child is at another school. Ask for a transfer.";
    LearnerMerged = "learner_merged", 409, vi "Một trong hai hồ sơ đã được gộp trước đó.", en "One of the two records has been merged already.";
    MergeEnded = "merge_ended", 409, vi "Lần gộp này đã được tách lại, hoặc hồ sơ đã gộp tiếp vào một hồ sơ khác.", en "This merge has been split, or its record has been merged into another.";
    TransferOpen = "transfer_open", 409, vi "Em này đang có một yêu cầu chuyển trường chưa xong.", en "A transfer of this child is under way.";
    TransferState = "transfer_state", 409, vi "Yêu cầu chuyển trường đang ở bước khác: {state}.", en "The transfer is at another step: {state}.";
    ClassNameTaken = "class_name_taken", 409, vi "Trường đã có lớp tên này trong năm học.", en "The school already has a class of this name in the school year.";
    UnitCycle = "unit_cycle", 422, vi "Một đơn vị không thể nằm dưới chính nó.", en "A unit cannot lie under itself.";
    UnitKindMismatch = "unit_kind_mismatch", 422, vi "Đơn vị này không thể đặt dưới đơn vị cha đã chọn.", en "This kind of unit cannot be placed under that parent.";
    UnitClosed = "unit_closed", 409, vi "{name} đã giải thể hoặc đã sáp nhập.", en "{name} has been closed or merged already.";
    UnitInUse = "unit_in_use", 409, vi "{name} còn {count} học sinh trong các lớp đang học. Hãy chuyển các em hoặc sáp nhập trường trước.", en "{name} still has {count} learners in its classes. Transfer them first, or merge the school.";
    DecisionRests = "decision_rests", 409, vi "Chưa hoàn tác được. {why}", en "It cannot be taken back yet. {why}";
    DecisionUndone = "decision_undone", 409, vi "Quyết định này đã được hoàn tác.", en "This decision has been taken back already.";
    ClassUsed = "class_used", 409, vi "Lớp {name} đã có điểm hoặc đánh giá nên không chuyển sang trường khác được.", en "Class {name} has marks or assessments already, so it cannot go to another school.";
    DatesReversed = "dates_reversed", 422, vi "Ngày kết thúc phải sau ngày bắt đầu.", en "The end must come after the beginning.";
    OrdinalsFrozen = "ordinals_frozen", 409, vi "Số thứ tự của lớp đã được chốt.", en "The ordinals of the class are frozen.";
    AlreadyEnrolled = "already_enrolled", 409, vi "Học sinh đang học ở lớp {class} trong năm học này.", en "The learner is in class {class} this school year.";
    SubjectNotOffered = "subject_not_offered", 422, vi "Môn này không có trong chương trình của khối lớp.", en "The subject is not in the programme of this grade.";
    SubjectWholeClass = "subject_whole_class", 409, vi "Cả lớp đang học môn này. Hãy đặt môn là môn lựa chọn trước khi chọn học sinh.", en "The whole class takes this subject. Make it a chosen subject first.";
    // Health and consent
    HealthRoundFinished = "health_round_finished", 409, vi "Đợt khám đã kết thúc nên không sửa được kết quả. Hãy mở lại đợt khám trước.", en "The round of checks is finished. Open it again first.";
    PurposeNeedsNote = "purpose_needs_note", 422, vi "Hãy ghi rõ việc cần xem.", en "Say what you need to see it for.";
    ConsentMissing = "consent_missing", 409, vi "Chưa đủ sự đồng ý cho mục đích “{purpose}” nên không được công khai.", en "There is no consent for “{purpose}”, so it must not be published.";
    ConsentTextChanged = "consent_text_changed", 409, vi "Nội dung xin đồng ý vừa thay đổi. Hãy đọc bản mới rồi trả lời.", en "The text has changed. Read it, then answer.";
    ConsentChildYoung = "consent_child_young", 409, vi "Học sinh dưới 7 tuổi do người đại diện quyết định.", en "For a child under seven the representative decides.";
    ConsentNothingGiven = "consent_nothing_given", 409, vi "Chưa có sự đồng ý nào để rút lại.", en "There is no consent to withdraw.";
    DataRequestAnswered = "data_request_answered", 409, vi "Yêu cầu này đã được trả lời.", en "This request has been answered.";
    RetentionHolds = "retention_holds", 409, vi "“{kind}” phải lưu giữ theo quy định nên không xoá được.", en "“{kind}” must be kept and cannot be erased.";
    ErasureWaiting = "erasure_waiting", 409, vi "Đã có một đề nghị xoá dữ liệu của em này đang chờ người thứ hai.", en "A request to erase this learner's data is waiting for a second person already.";
    ErasureDecided = "erasure_decided", 409, vi "Đề nghị xoá này đã được quyết định.", en "This request to erase has been decided.";
    ErasureExpired = "erasure_expired", 409, vi "Đề nghị xoá này đã quá hạn xác nhận. Hãy lập đề nghị mới.", en "The days for confirming this request have passed. Ask anew.";
    ErasureOwn = "erasure_own", 409, vi "Người đề nghị xoá không tự xác nhận được; phải là một người khác.", en "Who asked for erasing cannot confirm it; it takes another person.";
    // Imports
    FileNotReadable = "file_not_readable", 422, vi "Không đọc được tệp: {why}", en "The file cannot be read: {why}";
    FileTooLarge = "file_too_large", 413, vi "Tệp quá lớn (tối đa {max}).", en "The file is too large (at most {max}).";
    ImportHasFaults = "import_has_faults", 409, vi "Tệp còn {count} dòng lỗi. Hãy sửa rồi tải lên lại, hoặc bỏ các dòng đó.", en "The file still has {count} faulty rows. Correct them and upload again, or leave them out.";
    ImportStale = "import_stale", 409, vi "Dữ liệu của trường đã thay đổi sau khi xem thử. Hãy xem thử lại.", en "The school's data has changed since the dry run. Run it again.";
    ImportState = "import_state", 409, vi "Lần nhập này đang ở trạng thái không cho phép thao tác đó.", en "The import is not in a state that allows this.";
    ImportChangedSince = "import_changed_since", 409, vi "Không thể hoàn tác: {count} bản ghi đã được sửa sau khi nhập.", en "Cannot undo: {count} records were edited after the import.";
    ImportedLearnerEdited = "imported_learner_edited", 409, vi "Hồ sơ của {name} đã được sửa sau khi nhập.", en "The record of {name} was edited after the import.";
    ImportedLearnerUsed = "imported_learner_used", 409, vi "{name} đã có điểm, đánh giá, tài khoản, phụ huynh hoặc lớp khác sau khi nhập.", en "{name} has marks, assessments, an account, guardians or another class since the import.";
    ImportedGuardianUsed = "imported_guardian_used", 409, vi "Phụ huynh {name} đã được sửa, có tài khoản hoặc thêm con sau khi nhập.", en "The guardian {name} was edited, or has an account or further children since the import.";
    ImportedClassUsed = "imported_class_used", 409, vi "Lớp {name} đã được sửa, có phân công hoặc học sinh khác sau khi nhập.", en "The class {name} was edited, or has teachers or other learners since the import.";
    ImportedRecordUsed = "imported_record_used", 409, vi "{name} đã được sửa hoặc được dùng ở nơi khác sau khi nhập.", en "{name} was edited or is in use since the import.";
    ImportedRecordMoved = "imported_record_moved", 409, vi "{name} đã sang trường khác theo quyết định sau khi nhập; chỉ trường đó hoàn tác được.", en "{name} has gone over to another school by a decision since the import; only that school can undo it.";
    ImportKindScope = "import_kind_scope", 422, vi "Loại tệp này cần chọn {what}.", en "This kind of file needs {what}.";
    FindingSettled = "finding_settled", 409, vi "Phát hiện này đã được xử lí.", en "This finding has been settled.";
    FindingNotFixable = "finding_not_fixable", 422, vi "Việc này cần người xem và sửa, hệ thống không tự sửa được.", en "This needs a person; the program cannot put it right by itself.";
    // Gradebook
    TermClosed = "term_closed", 409, vi "Học kì đã chốt. Hiệu trưởng có thể mở lại kèm lí do.", en "The term is closed. The principal can reopen it with a reason.";
    TermNotReady = "term_not_ready", 409, vi "Chưa chốt được: còn {count} ô điểm hoặc đánh giá chưa nhập.", en "Cannot close yet: {count} marks or assessments are missing.";
    TermNotClosed = "term_not_closed", 409, vi "Học kì này chưa chốt.", en "The term is not closed.";
    MarkInvalid = "mark_invalid", 422, vi "Điểm không hợp lệ cho môn này.", en "The mark is not valid for this subject.";
    SlotUnknown = "slot_unknown", 422, vi "Môn này không có cột điểm đó trong học kì.", en "The subject has no such column in this term.";
    LearnerLeft = "learner_left", 422, vi "Học sinh đã rời lớp nên không nhập được nữa.", en "The learner has left the class, so nothing more can be entered.";
    CellRepeated = "cell_repeated", 422, vi "Ô này được gửi hai lần trong cùng một yêu cầu.", en "This cell was sent twice in one request.";
    ClosingRunGoing = "closing_run_going", 409, vi "Đang có một đợt chốt của đơn vị này. Hãy đợi đợt đó xong.", en "A closing run of this unit is under way. Wait until it is done.";
    YearClosed = "year_closed", 409, vi "Năm học của lớp đã chốt. Hiệu trưởng có thể mở lại kèm lí do.", en "The school year of the class is closed. The principal can reopen it with a reason.";
    NobodyInClass = "nobody_in_class", 409, vi "Lớp chưa có học sinh nên chưa có gì để in.", en "The class has no learners, so there is nothing to print.";
    NoAward = "no_award", 409, vi "Chưa có học sinh nào của lớp đạt danh hiệu của năm học.", en "No learner of the class has an award of the school year.";
    YearNotClosed = "year_not_closed", 409, vi "Năm học của lớp chưa chốt.", en "The school year of the class is not closed.";
    CouncilNotReady = "council_not_ready", 409, vi "Chưa chốt được năm học: còn {count} học sinh chưa có kết quả cuối cùng hoặc đề nghị chưa được duyệt.", en "The year cannot be closed yet: {count} learners have no final result, or a decision that is not approved.";
    MinutesMissing = "minutes_missing", 409, vi "Chưa có biên bản họp: cần ngày họp và thành phần dự họp.", en "The minutes are missing: the day and who sat are needed.";
    NotInSummer = "not_in_summer", 422, vi "Học sinh không thuộc diện đánh giá lại hoặc rèn luyện hè ở nội dung này.", en "The learner is not to be re-assessed or trained in this.";
    DecisionNotDue = "decision_not_due", 409, vi "Hiệu trưởng chỉ quyết định khi mọi nội dung đã được đánh giá bổ sung mà vẫn còn nội dung chưa đạt.", en "The principal decides once all has been assessed again and something still falls short.";
    DecisionStands = "decision_stands", 422, vi "Hiệu trưởng đã quyết định. Hãy rút quyết định trước khi sửa kết quả đánh giá bổ sung.", en "The principal has decided. The decision has to be taken back before this is changed.";
    DayOutsideTerm = "day_outside_term", 422, vi "Ngày không thuộc học kì này, hoặc chưa tới.", en "The day is not in this term, or has not come yet.";
    NextYearMissing = "next_year_missing", 409, vi "Chưa có năm học kế tiếp. Quản trị cấp tỉnh cần tạo năm học trước.", en "There is no next school year yet. The province has to make it first.";
    NextYearApplied = "next_year_applied", 409, vi "Lớp này đã được xếp lớp cho năm học mới.", en "The next year's classes have been filled from this class already.";
    NextYearNotApplied = "next_year_not_applied", 409, vi "Lớp này chưa được xếp lớp cho năm học mới.", en "The next year's classes have not been filled from this class.";
    NextYearUsed = "next_year_used", 409, vi "Không hoàn tác được: {count} học sinh đã có dữ liệu hoặc đã chuyển lớp trong năm học mới.", en "Cannot undo: {count} learners have data or have moved in the new school year.";
    RolloverGoing = "rollover_going", 409, vi "Đang có một đợt kết chuyển của đơn vị này. Hãy đợi đợt đó xong.", en "A rollover of this unit is under way. Wait until it is done.";
    MarksLocked = "marks_locked", 409, vi "Đã quá hạn nhập điểm {group} (ngày {deadline}). Bạn có thể gửi yêu cầu mở khoá kèm lí do.", en "The deadline for {group} marks has passed ({deadline}). You can ask to open them, with a reason.";
    MarksNotLocked = "marks_not_locked", 409, vi "Các cột này chưa bị khoá nên không cần mở.", en "These columns are not locked, so there is nothing to open.";
    OpeningPending = "opening_pending", 409, vi "Đã có yêu cầu mở khoá các cột này đang chờ duyệt.", en "A request to open these columns is waiting already.";
    OpeningDecided = "opening_decided", 409, vi "Yêu cầu này đã được trả lời.", en "This request has been answered already.";
    DayPassed = "day_passed", 422, vi "Ngày này đã qua. Hãy chọn từ hôm nay trở đi.", en "This day has passed. Choose today or later.";
    FilterNameTaken = "filter_name_taken", 409, vi "Danh sách này đã có bộ lọc tên đó. Hãy chọn tên khác.", en "This list has a filter of that name already. Choose another name.";
    FiltersFull = "filters_full", 409, vi "Bạn đã lưu {max} bộ lọc. Hãy xoá bớt bộ lọc không còn dùng.", en "You keep {max} filters. Remove some that are no longer used.";
    PhraseTaken = "phrase_taken", 409, vi "Ngân hàng nhận xét của trường đã có câu này.", en "The school's bank has this phrase already.";
    RegulationUnavailable = "regulation_unavailable", 422, vi "Khối lớp này chưa có quy chế đánh giá trong hệ thống.", en "There is no assessment regulation for this grade in the system yet.";
    // Contact book
    NoGuardian = "no_guardian", 422, vi "Học sinh này chưa có phụ huynh trong hồ sơ.", en "This learner has no guardian on record.";
    PlanDecided = "plan_decided", 409, vi "Kế hoạch này không còn chờ duyệt.", en "This plan is not waiting for a decision any more.";
    LeaveAnswered = "leave_answered", 409, vi "Đơn này đã được trả lời hoặc đã rút.", en "This request has been answered or withdrawn.";
    ReportResolved = "report_resolved", 409, vi "Báo cáo này đã được xử lí.", en "This report has been dealt with.";
    DeliveryNotDead = "delivery_not_dead", 409, vi "Tin này chưa bị dừng nên không cần gửi lại.", en "This message has not been given up, so it need not be sent again.";
    EmailOff = "email_off", 409, vi "Máy chủ này chưa bật gửi thư điện tử.", en "E-mail is not switched on here.";
    EmailCodeInvalid = "email_code_invalid", 422, vi "Mã không đúng hoặc đã hết hạn. Hãy xem lại thư, hoặc gửi mã mới.", en "The code is wrong or has expired. Look at the mail again, or send a new code.";
    PushOff = "push_off", 409, vi "Máy chủ này chưa bật thông báo đẩy.", en "Web push is not switched on here.";
    // Staff
    EvaluationLevel = "evaluation_level", 422, vi "Mức Tốt theo TT 26/2018 cần mọi tiêu chí từ Khá, ít nhất 2/3 tiêu chí Tốt, trong đó có các tiêu chí 1, 3-9; ngược lại thì không xếp mức này.", en "Tốt of TT 26/2018 needs every criterion at Khá or better and two thirds at Tốt, criteria 1 and 3-9 among them, and nothing else.";
    NothingToSave = "nothing_to_save", 409, vi "Không có thay đổi nào để lưu.", en "There is nothing to save.";
    ProposalAnswered = "proposal_answered", 409, vi "Đề nghị này đã được trả lời hoặc đã rút.", en "This proposal has been answered or withdrawn.";
    CertificateTaken = "certificate_taken", 409, vi "Số chứng nhận {number} đã được cấp ở khoá này.", en "Certificate number {number} has been given in this course already.";
    NobodyToCertify = "nobody_to_certify", 409, vi "Chưa có ai đủ số giờ mà chưa được cấp chứng nhận.", en "Nobody with enough hours lacks a certificate.";
    // Transcripts
    YearNotSettled = "year_not_settled", 409, vi "Chưa lập được học bạ: năm học của lớp chưa được chốt.", en "Transcripts cannot be made: the year of the class is not closed.";
    TranscriptNotReady = "transcript_not_ready", 409, vi "Chưa đối chiếu được: còn {count} học bạ thiếu thông tin hoặc đã khác với sổ điểm.", en "Cannot be reconciled: {count} transcripts lack something, or differ from the record by now.";
    TranscriptState = "transcript_state", 409, vi "Học bạ đang ở trạng thái “{state}” nên không làm được việc này.", en "The transcript is “{state}”, so this cannot be done.";
    TranscriptUnwritable = "transcript_unwritable", 422, vi "Hồ sơ có ký tự không thể đưa vào học bạ ({what}). Hãy sửa hồ sơ.", en "The record holds a character that cannot be part of a transcript ({what}). Correct the record.";
    PackageNotValid = "package_not_valid", 422, vi "Gói chuyển trường này không dùng được: {what}", en "This transfer package cannot be used: {what}";
    PackageKnown = "package_known", 409, vi "Trường đã nhận gói chuyển trường này rồi.", en "The school has received this transfer package already.";
    PackageHealthLocked = "package_health_locked", 409, vi "Gói có hồ sơ sức khoẻ được khoá. Hãy nhập mật khẩu mà trường gửi đã trao, hoặc chọn tiếp nhận không kèm sức khoẻ.", en "The package holds a locked health record. Enter the passphrase that the sending school gave, or take the child in without it.";
    PackageNotDeclined = "package_not_declined", 409, vi "Gói chuyển trường này chưa bị từ chối nên không có gì để hoàn tác.", en "This transfer package was not declined, so there is nothing to undo.";
    PassphraseWrong = "passphrase_wrong", 422, vi "Mật khẩu không đúng, hoặc nội dung khoá bằng mật khẩu đã bị thay đổi.", en "The passphrase is wrong, or what it locks was changed.";
    PackageNotAccepted = "package_not_accepted", 409, vi "Gói chuyển trường này chưa được tiếp nhận nên không có gì để rút lại.", en "This transfer package was not taken in, so there is nothing to take back.";
    PackageRests = "package_rests", 409, vi "Không rút lại việc tiếp nhận được nữa vì từ đó đã có: {what}.", en "Taking the child in cannot be taken back any more; since then there is: {what}.";
    PackageDecided = "package_decided", 409, vi "Gói chuyển trường này đã được xử lí.", en "This transfer package has been dealt with.";
    TranscriptNotValid = "transcript_not_valid", 422, vi "Học bạ này không qua được kiểm tra chữ ký số: {what}", en "This transcript does not pass the check of its signatures: {what}";
    TranscriptOfAnother = "transcript_of_another", 422, vi "Học bạ này là của {name}, không phải của học sinh đang chọn.", en "This transcript is of {name}, not of the chosen learner.";
    TranscriptOfOurs = "transcript_of_ours", 409, vi "Năm học này em đã học ở chính trường này; học bạ đã có trong hệ thống.", en "The learner was at this very school in that year; the transcript is already here.";
    FormerYearSigned = "former_year_signed", 409, vi "Năm học này lấy từ học bạ đã ký số nên không sửa được kết quả; chỉ chọn được môn tương ứng.", en "This year comes from a signed transcript: its results cannot be changed, only which subjects they belong to.";
    TranscriptUnsigned = "transcript_unsigned", 409, vi "Học bạ chưa đóng dấu số nên chưa có tệp này.", en "The transcript is not sealed yet, so there is no such file.";
    SignedAlready = "signed_already", 409, vi "Đã ký rồi.", en "This has been signed already.";
    NotInTurn = "not_in_turn", 409, vi "Chưa đến lượt ký này: người ký trước chưa ký xong.", en "It is not this signature's turn: somebody before has not signed.";
    SigningKeyWrong = "signing_key_wrong", 422, vi "Không mở được khoá ký. Hãy xem lại mật khẩu hoặc mã PIN.", en "The signing key cannot be opened. Check its password or PIN.";
    SigningKeyUnreadable = "signing_key_unreadable", 422, vi "Tệp chứng thư số không đọc được. Cần tệp .p12 hoặc .pfx có khoá và chứng thư.", en "The certificate file cannot be read. A .p12 or .pfx with key and certificate is needed.";
    SigningKeyExpired = "signing_key_expired", 422, vi "Chứng thư số không còn hiệu lực vào lúc này.", en "The certificate is not valid at this time.";
    SigningKeyKept = "signing_key_kept", 409, vi "Chứng thư số này đã có trong danh sách.", en "This certificate is in the list already.";
    SigningUnavailable = "signing_unavailable", 409, vi "Máy chủ này chưa bật cách ký này.", en "This way of signing is not switched on here.";
    SigningServiceDown = "signing_service_down", 503, vi "Thiết bị hoặc dịch vụ ký số không trả lời. Hãy thử lại sau.", en "The token or signing service does not answer. Try again later.";
    CertificateRevoked = "certificate_revoked", 422, vi "Chứng thư số đã bị thu hồi nên không ký được. Hãy liên hệ nơi cấp chứng thư số.", en "The certificate was revoked, so it cannot sign. Ask the authority that issued it.";
    CertificateStatusUnknown = "certificate_status_unknown", 503, vi "Chưa ký được: nơi cấp chứng thư số không trả lời chứng thư còn hiệu lực hay đã bị thu hồi. Hãy thử lại sau ít phút.", en "Not signed: the authority does not say whether the certificate is still good or revoked. Try again in a few minutes.";
    SigningKeyMismatch = "signing_key_mismatch", 422, vi "Khoá và chứng thư số không khớp nhau.", en "The key does not belong to the certificate.";
    CorrectionAnswered = "correction_answered", 409, vi "Đề nghị này đã được trả lời.", en "This request has been answered.";
    // Yearly figures, equipment, finance
    FiguresSigned = "figures_signed", 409, vi "Số liệu năm {year} đã được ký duyệt. Hiệu trưởng có thể mở lại kèm lí do.", en "The figures of {year} are signed. The principal can reopen them with a reason.";
    FiguresMissing = "figures_missing", 409, vi "Chưa ký được: còn {count} ô chưa nhập.", en "Cannot be signed yet: {count} figures are missing.";
    FiguresNotSigned = "figures_not_signed", 409, vi "Số liệu này chưa được ký duyệt.", en "These figures are not signed.";
    NothingToCarry = "nothing_to_carry", 409, vi "Không có số liệu đã ký của năm trước, hoặc không còn ô trống nào để chép.", en "There are no signed figures of the year before, or no empty field left to carry them into.";
    NoEquipment = "no_equipment", 409, vi "Không có thiết bị nào để in nhãn.", en "There is no equipment to print labels for.";
    NoRooms = "no_rooms", 409, vi "Không có phòng nào để in biển phòng.", en "There are no rooms to print door labels for.";
    RoomClassElsewhere = "room_class_elsewhere", 409, vi "Lớp {class} đang ngồi ở phòng {room}. Hãy bỏ lớp khỏi phòng đó trước.", en "Class {class} sits in room {room}. Take it out of there first.";
    // Files
    UploadOffset = "upload_offset", 409, vi "Phần gửi lên không nối tiếp phần đã nhận ({offset} byte). Hãy gửi tiếp từ đó.", en "This part does not follow what was received ({offset} bytes). Go on from there.";
    UploadIncomplete = "upload_incomplete", 409, vi "Tệp chưa gửi xong: còn thiếu {missing} byte.", en "The file is not complete: {missing} bytes are missing.";
    FileDiffers = "file_differs", 422, vi "Nội dung nhận được khác với tệp đã khai báo (dung lượng hoặc mã băm SHA-256). Hãy gửi lại từ đầu.", en "What arrived is not the file that was announced (size or SHA-256). Send it again from the start.";
    FileNotClean = "file_not_clean", 422, vi "Tệp bị phần mềm diệt virus từ chối nên không được lưu.", en "The virus scanner refuses this file, so it was not kept.";
    FileScanFailed = "file_scan_failed", 503, vi "Chưa quét được virus cho tệp này nên chưa lưu. Hãy thử lại sau.", en "The file could not be scanned for viruses, so it was not kept. Try again later.";
    FilesUnavailable = "files_unavailable", 503, vi "Kho lưu tệp không trả lời. Hãy thử lại sau.", en "The store of files does not answer. Try again later.";
    FileAttached = "file_attached", 409, vi "Tệp đang được dùng trong hồ sơ nên không xoá riêng được.", en "The file belongs to a record, so it cannot be removed by itself.";
    StorageFull = "storage_full", 409, vi "Kho tệp của trường đã đầy ({max}). Hãy xoá bớt tệp không còn dùng.", en "The school's storage is full ({max}). Remove files that are no longer needed.";
    RangeNotSatisfiable = "range_not_satisfiable", 416, vi "Tệp không có đoạn này (dung lượng {size} byte).", en "The file has no such range (its size is {size} bytes).";
    RegisterRunGoing = "register_run_going", 409, vi "Đang lập sổ cho cả trường. Hãy đợi đợt đó xong.", en "The registers of this school are being drawn. Wait for that to finish.";
    RegisterRunNotReady = "register_run_not_ready", 409, vi "Đợt lập sổ này chưa xong, hoặc đã có đợt mới hơn thay thế.", en "This run is not done, or a later one took its place.";
    // Exit and exchange
    ExitGoing = "exit_going", 409, vi "Đang xuất dữ liệu của trường này. Hãy đợi xong rồi xuất lại.", en "An export of this school is being made. Wait until it is done.";
    ExitNotReady = "exit_not_ready", 409, vi "Bản xuất này chưa xong, hoặc đã có bản mới hơn thay thế.", en "This export is not ready, or a later one has taken its place.";
    ExportHasFaults = "export_has_faults", 409, vi "Còn {count} lỗi cần sửa trước khi lập tệp.", en "{count} faults have to be corrected before the file is made.";
    ExportKindUnfit = "export_kind_unfit", 422, vi "Trường không có cấp học của biểu này.", en "The school does not teach the level that this form is for.";
    TemplateUnfit = "template_unfit", 422, vi "Tệp mẫu không có cột nào của biểu này: {columns}.", en "The template has none of the columns of this form: {columns}.";
    FigureHeld = "figure_held", 422, vi "Số liệu này đã có trong hệ thống nên không cần nhập.", en "This figure is held already and is not asked for.";
    ExchangeOff = "exchange_off", 409, vi "Máy chủ này chưa bật gửi dữ liệu lên cơ quan quản lí.", en "Sending to the authorities is not switched on here.";
    // Teaching plans
    TeachingPlanState = "teaching_plan_state", 409, vi "Kế hoạch đang ở trạng thái “{state}” nên không làm được việc này.", en "The plan is “{state}”, so this cannot be done.";
    TeachingPlanEmpty = "teaching_plan_empty", 422, vi "Kế hoạch chưa có nội dung: hãy soạn văn bản hoặc đính kèm tệp.", en "The plan says nothing yet: write a text or attach a file.";
    TeachingPlanNewer = "teaching_plan_newer", 409, vi "Giáo viên đã nộp bản mới. Hãy đọc bản mới rồi duyệt.", en "The teacher has submitted a newer version. Read it first.";
    TeachingPlanUnsigned = "teaching_plan_unsigned", 409, vi "Trường yêu cầu ký số khi phê duyệt kế hoạch. Hãy chọn chứng thư số để ký.", en "This school asks for approvals to be signed. Choose a key to sign with.";
    SubjectGroupUsed = "subject_group_used", 409, vi "Tổ đang có kế hoạch chờ duyệt nên chưa xoá được.", en "Plans are waiting for this group's head, so it cannot be removed.";
    // Single fields
    FieldRequired = "field_required", 422, vi "Cần nhập ô này.", en "This field is required.";
    FieldUnknown = "field_unknown", 422, vi "Không có ô tên này.", en "There is no such field.";
    FieldType = "field_type", 422, vi "Giá trị không đúng kiểu: {what}.", en "The value has the wrong type: {what}.";
    FieldLength = "field_length", 422, vi "Độ dài phải từ {min} đến {max} ký tự.", en "The length must be {min} to {max} characters.";
    FieldRange = "field_range", 422, vi "Giá trị phải từ {min} đến {max}.", en "The value must be {min} to {max}.";
    FieldFormat = "field_format", 422, vi "Giá trị không đúng định dạng.", en "The value has the wrong format.";
    FieldChoice = "field_choice", 422, vi "Giá trị không có trong danh sách cho phép.", en "The value is not one of those allowed.";
    PersonalIdFormat = "personal_id_format", 422, vi "Số định danh cá nhân gồm đúng 12 chữ số.", en "A personal ID has exactly 12 digits.";
    PersonalIdSex = "personal_id_sex", 422, vi "Số định danh cho biết giới tính là {value}, khác với hồ sơ.", en "The personal ID says {value}, unlike the record.";
    PersonalIdYear = "personal_id_year", 422, vi "Số định danh cho biết sinh năm {value}, khác với ngày sinh trong hồ sơ.", en "The personal ID says born in {value}, unlike the record.";
    PersonalIdProvince = "personal_id_province", 422, vi "Ba số đầu của số định danh không phải mã tỉnh hay mã nước.", en "The first three digits of the personal ID are no province or country.";
    LearnerSimilar = "learner_similar", 422, vi "Có hồ sơ khác cùng họ tên và ngày sinh ({value}). Hãy xem có phải cùng một em không.", en "There are other records of the same name and birth date ({value}). See whether they are the same child.";
    PhoneFormat = "phone_format", 422, vi "Số điện thoại gồm 10 chữ số, bắt đầu bằng 0, hoặc +84.", en "A phone number has 10 digits from 0, or begins with +84.";
}
