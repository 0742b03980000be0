//! Which tables go along, and which rows of each: derived from the schema. A table with a `school_id` goes by itself; one that hangs on a
//! class, learner, member of staff, guardian or unit of the school goes by that column; the few that are neither, and those that stay, are
//! named here. A test holds that every table of the schema is one or the other.

use kernel::db::schema::Table;

/// What rows hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    Unit,
    SchoolYear,
    Class,
    Learner,
    Staff,
    Guardian,
    Account,
}

impl Entity {
    pub const ALL: [Entity; 7] =
        [Entity::Unit, Entity::SchoolYear, Entity::Class, Entity::Learner, Entity::Staff, Entity::Guardian, Entity::Account];

    pub fn table(self) -> &'static str {
        match self {
            Entity::Unit => "unit",
            Entity::SchoolYear => "school_year",
            Entity::Class => "class",
            Entity::Learner => "learner",
            Entity::Staff => "staff",
            Entity::Guardian => "guardian",
            Entity::Account => "account",
        }
    }

    pub fn of_table(table: &str) -> Option<Entity> {
        Entity::ALL.into_iter().find(|entity| entity.table() == table)
    }

    /// The entity that a column names by the house's convention, where no foreign key says it.
    pub fn of_column(column: &str) -> Option<Entity> {
        match column {
            "class_id" => Some(Entity::Class),
            "learner_id" => Some(Entity::Learner),
            "staff_id" => Some(Entity::Staff),
            "guardian_id" => Some(Entity::Guardian),
            "unit_id" => Some(Entity::Unit),
            _ => None,
        }
    }
}

/// Which rows of a table go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Those whose `school_id` is the school's, or a campus's of it.
    School,
    /// Those of an entity of the school's own.
    Of(&'static str, Entity),
    /// Those of an entity that anything of the school names.
    OfNamed(&'static str, Entity),
    /// The entity's own table: whatever anything of the school names.
    Named(Entity),
    /// Roles on the school, and the roles of its families, which stand on no unit.
    Grants,
    /// The whole table: the calendar and the catalogue of subjects.
    All,
}

/// What becomes of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Goes(Rows),
    Stays { vi: &'static str, en: &'static str },
}

const fn stays(vi: &'static str, en: &'static str) -> Rule {
    Rule::Stays { vi, en }
}

const SIGN_IN: Rule = stays(
    "Bí mật đăng nhập; người dùng nhận mã một lần ở nơi mới.",
    "Secrets of signing in; people get a one-time code at the new place.",
);
const ITSELF: Rule = stays("Chính các bản xuất này.", "These exports themselves.");
const SEALS: Rule = stays(
    "Gốc ký hằng ngày thuộc về máy chủ và gồm mọi trường; chuỗi nhật ký của trường đi kèm đầy đủ.",
    "Daily signed roots are the installation's, over all schools; the school's own chain goes along whole.",
);
const PAIRS: Rule = stays(
    "Hồ sơ nghi trùng được tìm lại ở nơi mới, cùng với hồ sơ của các trường ở đó.",
    "Likely duplicates are searched for anew, among the schools of the new place.",
);

/// What no convention decides.
const RULES: &[(&str, Rule)] = &[
    ("account", Rule::Goes(Rows::Named(Entity::Account))),
    ("audit_root", SEALS),
    ("audit_seal", SEALS),
    ("budget_item", Rule::Goes(Rows::All)),
    ("class", Rule::Goes(Rows::Named(Entity::Class))),
    ("consent_purpose", Rule::Goes(Rows::All)),
    ("email_code", SIGN_IN),
    ("exit_export", ITSELF),
    ("exit_part", ITSELF),
    (
        "file_content",
        stays("Sổ của kho tệp; nội dung nằm ở thư mục files.", "The store's own book; the contents are under files."),
    ),
    ("file_upload", stays("Tải lên còn dở.", "Uploads under way.")),
    ("guardian", Rule::Goes(Rows::Named(Entity::Guardian))),
    ("learner", Rule::Goes(Rows::Named(Entity::Learner))),
    ("learner_distinct", Rule::Goes(Rows::Of("low_id", Entity::Learner))),
    ("learner_merge", Rule::Goes(Rows::Of("kept_id", Entity::Learner))),
    ("learner_pair", PAIRS),
    ("learner_pair_day", PAIRS),
    ("one_time_code", SIGN_IN),
    (
        "outbox",
        stays(
            "Tin đang chờ gửi: gửi ở hai nơi là gửi hai lần.",
            "Messages on their way: sent from two places they would arrive twice.",
        ),
    ),
    (
        "push_subscription",
        stays("Địa chỉ nhận thông báo chỉ dùng được với máy chủ này.", "Devices take push from this installation alone."),
    ),
    ("refresh_token", SIGN_IN),
    ("register_run", stays("Đợt in sổ; sổ lập lại được từ dữ liệu.", "Runs of printing; registers are made anew from the data.")),
    (
        "register_run_part",
        stays("Tệp của đợt in sổ; lập lại được từ dữ liệu.", "Files of these runs; they are made anew from the data."),
    ),
    ("role_grant", Rule::Goes(Rows::Grants)),
    (
        "saved_filter",
        stays("Bộ lọc riêng của từng người trên máy chủ này.", "What single persons keep for themselves on this installation."),
    ),
    ("school_term", Rule::Goes(Rows::All)),
    ("school_year", Rule::Goes(Rows::All)),
    ("seaql_migrations", stays("Sổ của chương trình về lược đồ.", "The program's own book about its schema.")),
    ("session", SIGN_IN),
    ("sign_in_failure", SIGN_IN),
    ("sign_in_place", SIGN_IN),
    (
        "signing_key",
        stays(
            "Khoá ký không rời máy chủ; chứng thư của từng chữ ký nằm trong tệp đã ký.",
            "Signing keys do not leave; the certificate of each signature is in the signed file.",
        ),
    ),
    ("signing_run", stays("Đợt ký đã xong; chữ ký nằm ở học bạ.", "Runs of signing; the signatures are with the transcripts.")),
    ("staff", Rule::Goes(Rows::Named(Entity::Staff))),
    ("subject", Rule::Goes(Rows::All)),
    ("subject_offering", Rule::Goes(Rows::All)),
    ("transfer", Rule::Goes(Rows::Of("learner_id", Entity::Learner))),
    ("unit", Rule::Goes(Rows::Named(Entity::Unit))),
    ("unit_ancestor", stays("Được tính lại từ vị trí của đơn vị.", "Made anew from the placements of units.")),
    (
        "unit_decision",
        stays(
            "Để hoàn tác quyết định về mạng lưới của tỉnh; lịch sử của trường đi kèm đầy đủ.",
            "For taking decisions on the province's network back; the school's history goes along whole.",
        ),
    ),
    ("unit_placement", Rule::Goes(Rows::OfNamed("unit_id", Entity::Unit))),
    ("yearly_campaign", Rule::Goes(Rows::All)),
];

/// Columns that never leave, and why.
pub const SECRETS: &[(&str, &str, &str, &str)] =
    &[("account", "password_hash", "Mật khẩu không rời máy chủ, kể cả dạng băm.", "Passwords do not leave, hashed or not.")];

/// What becomes of a table; none where nobody has decided it.
pub fn rule(table: &Table) -> Option<Rule> {
    if let Some((_, rule)) = RULES.iter().find(|(name, _)| *name == table.name) {
        return Some(*rule);
    }
    if table.has("school_id") {
        return Some(Rule::Goes(Rows::School));
    }
    let by = ["class_id", "learner_id", "staff_id", "guardian_id", "unit_id"];
    let column = by.into_iter().find(|column| table.has(column))?;
    Some(Rule::Goes(Rows::Of(column, Entity::of_column(column)?)))
}

pub fn is_secret(table: &str, column: &str) -> bool {
    SECRETS.iter().any(|(t, c, _, _)| *t == table && *c == column)
}

/// Of somebody whom the school's records name and whose own record another school keeps by now, these stay with that school.
pub const OF_OWN_ALONE: &[(&str, &str)] =
    &[("learner", "phone"), ("learner", "address"), ("learner", "birthplace"), ("staff", "phone"), ("guardian", "phone")];

/// Whether the bytes of a column are a file of its own in the export.
pub fn is_file(column: &str) -> bool {
    matches!(column, "bytes" | "file" | "content_bytes")
}

/// What a table holds, for people; the table's name where nobody has written it yet.
pub fn meaning(table: &str) -> (&'static str, &'static str) {
    MEANINGS.iter().find(|(name, _, _)| *name == table).map_or(("", ""), |(_, vi, en)| (*vi, *en))
}

const MEANINGS: &[(&str, &str, &str)] = &[
    ("absence", "Buổi nghỉ của học sinh, theo ngày", "Half-days missed, by date"),
    ("account", "Tài khoản (không có mật khẩu)", "Accounts (without passwords)"),
    ("audit", "Nhật ký thao tác, nối chuỗi bằng băm", "The log of who did what, hash-chained"),
    ("audit_head", "Mắt xích cuối của nhật ký", "The last link of the log"),
    ("class", "Lớp", "Classes"),
    ("class_subject", "Môn học của lớp", "Subjects of classes"),
    ("class_term", "Trạng thái học kì của lớp", "States of a class's terms"),
    ("class_term_event", "Chốt, mở lại học kì", "Closings and reopenings"),
    ("closing_run", "Đợt chốt học kì của đơn vị", "Closings of a whole unit"),
    ("closing_run_class", "Lớp chưa chốt được trong đợt", "Classes that a closing left open"),
    ("conduct", "Rèn luyện và số buổi nghỉ", "Conduct and absences"),
    ("conduct_note", "Ghi chép khen, vi phạm", "Notes on conduct"),
    ("contact_opened", "Lần đầu, lần cuối phụ huynh mở sổ liên lạc", "When guardians opened the contact book"),
    ("contact_preference", "Cách phụ huynh muốn nhận tin", "How guardians want to be told"),
    ("council", "Biên bản xét lên lớp", "Minutes of the council"),
    ("council_override", "Quyết định khác đề nghị", "Decisions against the proposal"),
    ("enrolment", "Học sinh của lớp", "Who is in which class"),
    ("exchange_package", "Gói dữ liệu gửi cơ quan quản lí", "Packages sent to the authorities"),
    ("exchange_receipt", "Biên nhận của gói dữ liệu", "Receipts of packages"),
    ("erasure", "Đề nghị xoá dữ liệu và quyết định", "Requests to erase data, and what was decided"),
    ("erasure_policy", "Quy định xác nhận việc xoá dữ liệu", "Who confirms what is erased"),
    ("export_template", "Tệp mẫu của cơ quan quản lí do trường tải lên", "Official templates that the school uploaded"),
    ("former_term", "Học kì học ở trường trước", "Terms at a former school"),
    ("growth", "Cân nặng, chiều cao", "Weight and height"),
    ("guardian", "Phụ huynh", "Guardians"),
    ("guardian_link", "Quan hệ phụ huynh với học sinh", "Guardians of learners"),
    ("import", "Các lần nhập từ tệp", "Imports of files"),
    ("import_change", "Thay đổi của từng lần nhập", "What each import changed"),
    ("individual_plan", "Kế hoạch giáo dục cá nhân", "Individual education plans"),
    ("learner", "Học sinh", "Learners"),
    ("learner_receipt", "Học sinh đã đọc thông báo", "Notices read by learners"),
    ("learner_status", "Lịch sử trạng thái của học sinh", "History of learners' statuses"),
    ("leave_request", "Đơn xin nghỉ", "Requests for leave"),
    ("mark", "Điểm hiện tại", "Marks as they stand"),
    ("mark_deadline", "Hạn nhập điểm", "Deadlines of marks"),
    ("mark_history", "Điểm đã được thay", "Marks that were superseded"),
    ("mark_opening", "Yêu cầu mở khoá điểm", "Requests to open locked marks"),
    ("message_report", "Tin nhắn bị báo xấu", "Messages that were reported"),
    ("next_year", "Xếp lớp năm sau", "The next year's enrolment"),
    ("next_year_line", "Học sinh được xếp lớp năm sau", "Who goes to which class"),
    ("notice", "Thông báo của trường", "Notices"),
    ("notice_receipt", "Phụ huynh đã đọc thông báo", "Notices read by guardians"),
    ("phrase", "Ngân hàng nhận xét", "The bank of phrases"),
    ("preschool_item", "Mục tiêu phát triển", "What preschool children are to reach"),
    ("preschool_mark", "Đánh giá trẻ mầm non", "What preschool children reached"),
    ("preschool_mark_history", "Đánh giá đã được thay", "Assessments that were superseded"),
    ("preschool_stage", "Giai đoạn đánh giá", "Stages of assessment"),
    ("publication", "Tin công khai của trường", "What the school shows to the public"),
    ("publication_person", "Học sinh có trong tin công khai", "Learners in it"),
    ("report_entry", "Số liệu báo cáo do trường nhập", "Figures of reports that the school typed"),
    ("result", "Kết quả đã chốt", "Frozen results"),
    ("result_published", "Kết quả gia đình đã thấy trước khi mở lại", "Results as families saw them"),
    ("role_grant", "Vai trò ở trường", "Roles at the school"),
    ("room", "Phòng của trường", "Rooms of the school"),
    ("room_class", "Lớp ngồi ở phòng nào", "Which class sits in which room"),
    ("room_version", "Các bản ghi của phòng qua thời gian", "Versions of rooms over time"),
    ("school_term", "Học kì", "Terms"),
    ("school_year", "Năm học", "School years"),
    ("staff", "Cán bộ, giáo viên, nhân viên", "Staff"),
    ("staff_post", "Vị trí công tác ở trường", "Posts at the school"),
    ("subject", "Môn học", "Subjects"),
    ("subject_comment", "Nhận xét môn học", "Comments of subjects"),
    ("subject_comment_history", "Nhận xét đã được thay", "Comments that were superseded"),
    ("subject_enrolment", "Học sinh học môn lựa chọn", "Who takes which elective"),
    ("subject_offering", "Môn học theo khối", "Subjects by grade"),
    ("summer_result", "Kết quả hè", "Results of the summer"),
    ("summer_result_history", "Kết quả hè đã được thay", "Results of the summer that were superseded"),
    ("teaching", "Phân công giảng dạy", "Who teaches what"),
    ("teaching_plan_paper", "Kế hoạch bài dạy đã ký số (PDF)", "Signed teaching plans (PDF)"),
    ("teaching_plan_policy", "Quy định ký kế hoạch của trường", "Whether approvals must be signed"),
    ("thread", "Cuộc trao đổi gia đình và giáo viên", "Threads between families and teachers"),
    ("thread_member", "Người trong cuộc trao đổi", "Members of threads"),
    ("thread_message", "Tin nhắn", "Messages"),
    ("topic_enrolment", "Học sinh học chuyên đề", "Who takes which specialised topics"),
    ("transcript", "Học bạ số", "Digital transcripts"),
    ("transcript_comment", "Nhận xét cuối năm của chủ nhiệm", "The homeroom teacher's comment on the year"),
    ("transcript_correction", "Đề nghị sửa học bạ", "Requests to correct a transcript"),
    ("transcript_event", "Diễn biến của học bạ", "What happened to transcripts"),
    ("transcript_file", "Tệp học bạ đã ký (XML, PDF)", "Signed transcript files (XML, PDF)"),
    ("transcript_issue", "Cấp học bạ", "Issues of transcripts"),
    ("transcript_signature", "Chữ ký của học bạ", "Signatures of transcripts"),
    ("unit", "Trường và các đơn vị cấp trên", "The school and the units above"),
    ("unit_placement", "Đơn vị cấp trên qua các thời kì", "Where units lay, by date"),
    ("year_decision", "Quyết định cuối năm", "Decisions of a closed year"),
];

/// What a column holds, where its name alone does not say it.
pub fn column_meaning(column: &str) -> Option<&'static str> {
    Some(match column {
        "school_id" => "the school that the row belongs to (unit.id)",
        "unit_id" => "a unit (unit.id)",
        "class_id" => "a class (class.id)",
        "learner_id" => "a learner (learner.id)",
        "staff_id" => "a member of staff (staff.id)",
        "guardian_id" => "a guardian (guardian.id)",
        "school_year_id" => "a school year (school_year.id)",
        "subject_code" => "a subject (subject.code)",
        "account_id" | "updated_by" | "created_by" | "changed_by" | "by" => "an account (account.id)",
        "version" => "counts the writes of the row, from 1",
        "sort_key" => "key of Vietnamese order, in hex",
        "search_text" => "the text without marks, for searching",
        "mark" => "hundredths: 875 is 8.75",
        "term" => "1 or 2",
        "valid_from" => "first day, included",
        "valid_to" => "last day, excluded; none: still in force",
        "weight_g" => "grams",
        "height_mm" => "millimetres",
        "hash" | "prev_hash" | "content_hash" | "file_hash" => "SHA-256 in hex",
        "bytes" => "the path of the file in this archive",
        _ => return None,
    })
}
