//! Who may do what. Two gates and no third: a permission from this table, then the rows that a role reaches.
//!
//! The table is data for the server, for the printed `openapi/permissions.txt`, and for the browser, which hides
//! what a person cannot do anyway.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal, $vi:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $text)] $variant,)+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];
            pub fn as_str(self) -> &'static str { match self { $($name::$variant => $text,)+ } }
            pub fn label(self, lang: crate::Lang) -> &'static str { match self { $($name::$variant => lang.pick($vi, $en),)+ } }
        }
        // Written out, since the derive does not see a rename that a macro put there.
        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .enum_values(Some([$($text,)+]))
                    .description(Some(concat!($("`", $text, "` ", $en, "; ",)+)))
                    .into()
            }
        }
        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(s: &str) -> Result<Self, ()> { match s { $($text => Ok($name::$variant),)+ _ => Err(()) } }
        }
    };
}
pub(crate) use names;

names! {
    /// A role on a unit. It reaches the subtree of that unit; the two teachers' roles reach the classes and subjects
    /// assigned to them; a guardian reaches their children in any school; a learner themself.
    Role {
        ProvinceAdmin = "province_admin", "Quản trị cấp tỉnh", "Province administrator";
        UnitOfficer = "unit_officer", "Chuyên viên xã, phường", "Commune officer";
        Principal = "principal", "Hiệu trưởng", "Principal";
        Deputy = "deputy", "Phó hiệu trưởng", "Deputy principal";
        Clerk = "clerk", "Văn thư", "Clerk";
        HomeroomTeacher = "homeroom_teacher", "Giáo viên chủ nhiệm", "Homeroom teacher";
        SubjectTeacher = "subject_teacher", "Giáo viên bộ môn", "Subject teacher";
        Nurse = "nurse", "Nhân viên y tế", "School nurse";
        Accountant = "accountant", "Kế toán", "Accountant";
        Guardian = "guardian", "Phụ huynh", "Guardian";
        Learner = "learner", "Học sinh", "Learner";
    }
}

names! {
    /// What an operation needs. Each operation of the API documents exactly one.
    Permission {
        /// Own sessions, own password, who am I.
        AccountSelf = "account:self", "Tài khoản của mình", "Own account";
        AccountRead = "account:read", "Xem tài khoản", "Read accounts";
        AccountWrite = "account:write", "Quản lý tài khoản", "Manage accounts";
        UnitRead = "unit:read", "Xem đơn vị", "Read units";
        UnitWrite = "unit:write", "Quản lý đơn vị", "Manage units";
        /// By a decision: opening, renaming, merging, splitting, closing, moving schools.
        UnitReorganise = "unit:reorganise", "Sắp xếp mạng lưới trường", "Reorganise the network of schools";
        CalendarRead = "calendar:read", "Xem năm học, môn học", "Read school years and subjects";
        CalendarWrite = "calendar:write", "Quản lý năm học", "Manage school years";
        ClassRead = "class:read", "Xem lớp", "Read classes";
        ClassWrite = "class:write", "Quản lý lớp", "Manage classes";
        LearnerRead = "learner:read", "Xem hồ sơ học sinh", "Read learners";
        LearnerWrite = "learner:write", "Sửa hồ sơ học sinh", "Manage learners";
        StaffRead = "staff:read", "Xem hồ sơ nhân sự", "Read staff";
        StaffWrite = "staff:write", "Sửa hồ sơ nhân sự", "Manage staff";
        /// One's own record as a member of staff, and proposals to correct it.
        StaffSelf = "staff:self", "Hồ sơ nhân sự của mình", "Own staff record";
        TrainingWrite = "training:write", "Tổ chức tập huấn, bồi dưỡng", "Hold training courses";
        AssignmentWrite = "assignment:write", "Phân công giảng dạy", "Assign teaching";
        ImportWrite = "import:write", "Nhập từ tệp", "Import files";
        /// Any kind of file; what a file changes needs the permission of that besides.
        FileImport = "file:import", "Nhập dữ liệu từ tệp", "Import files of any kind";
        QualityRead = "quality:read", "Xem chất lượng dữ liệu", "Read data quality";
        QualityWrite = "quality:write", "Xử lí chất lượng dữ liệu", "Put data right";
        MarkRead = "mark:read", "Xem sổ điểm", "Read mark sheets";
        MarkWrite = "mark:write", "Nhập điểm", "Enter marks";
        ConductWrite = "conduct:write", "Đánh giá rèn luyện", "Assess conduct";
        ResultRead = "result:read", "Xem kết quả học tập", "Read results";
        TermClose = "term:close", "Chốt học kì", "Close a term";
        TermCloseUnit = "term:close-unit", "Chốt học kì cho cả đơn vị", "Close a term for a whole unit";
        TermReopen = "term:reopen", "Mở lại học kì", "Reopen a term";
        FamilyRead = "family:read", "Xem con em mình", "Read one's own children";
        ContactFamily = "contact:family", "Sổ liên lạc của gia đình", "The family's contact book";
        ContactFeed = "contact:feed", "Đọc thông báo của nhà trường", "What the schools tell";
        ContactThread = "contact:thread", "Trao đổi giữa gia đình và giáo viên", "Threads between families and teachers";
        ContactReview = "contact:review", "Xem xét tin nhắn bị báo xấu", "Review reported messages";
        NoticeWrite = "notice:write", "Gửi thông báo", "Send notices";
        LeaveAnswer = "leave:answer", "Trả lời đơn xin nghỉ", "Answer requests for leave";
        DeliveryManage = "delivery:manage", "Quản lý tin gửi đi", "Manage outgoing messages";
        GrowthRead = "growth:read", "Xem cân nặng, chiều cao", "Read growth";
        GrowthWrite = "growth:write", "Ghi cân nặng, chiều cao", "Record growth";
        /// Check rounds and health files, without what is sealed.
        HealthRead = "health:read", "Xem hồ sơ sức khoẻ", "Read health files";
        HealthWrite = "health:write", "Ghi hồ sơ sức khoẻ", "Keep health files";
        /// Opening what is sealed, with a purpose; each look is kept.
        HealthOpen = "health:open", "Mở thông tin sức khoẻ nhạy cảm", "Open sealed health data";
        /// What the homeroom teacher must know.
        HealthAlert = "health:alert", "Xem lưu ý sức khoẻ của lớp", "Read a class's health alerts";
        HealthCount = "health:count", "Xem số liệu sức khoẻ", "Read health figures";
        /// A family's consents and requests about its data.
        ConsentGive = "consent:give", "Đồng ý và yêu cầu về dữ liệu của mình", "Consent, and ask about one's data";
        ConsentRead = "consent:read", "Xem tình hình đồng ý", "Read consents";
        ConsentWrite = "consent:write", "Ghi phiếu đồng ý, trả lời yêu cầu về dữ liệu", "Enter paper consents, answer data requests";
        PurposeWrite = "purpose:write", "Ban hành nội dung xin đồng ý", "Publish purposes of consent";
        /// Asking; another person confirms.
        ErasureWrite = "erasure:write", "Đề nghị xoá dữ liệu hết hạn giữ", "Ask for data to be erased";
        ErasureConfirm = "erasure:confirm", "Xác nhận xoá dữ liệu của người khác đề nghị", "Confirm what another asked to erase";
        PublicationWrite = "publication:write", "Đăng tin công khai của trường", "Publish on the school's public page";
        PreschoolWrite = "preschool:write", "Đánh giá trẻ mầm non", "Assess preschool children";
        /// Minutes of the council, the summer's results, decisions proposed against the rules' proposal.
        CouncilWrite = "council:write", "Ghi kết quả xét lên lớp", "Keep the council of a class";
        /// Approving what a council decided, and closing the year of a class.
        YearClose = "year:close", "Duyệt và chốt năm học", "Close a school year";
        /// Kết chuyển năm học of a school, or of all under a unit.
        YearRollover = "year:rollover", "Kết chuyển năm học", "Roll the school year over";
        DeadlineWrite = "deadline:write", "Đặt hạn nhập điểm, duyệt mở khoá", "Set marks deadlines, open locked marks";
        /// Also finding that there are plans at all.
        PlanWrite = "plan:write", "Đề xuất kế hoạch giáo dục cá nhân", "Propose individual education plans";
        PlanDecide = "plan:decide", "Duyệt kế hoạch giáo dục cá nhân", "Decide individual education plans";
        PhraseWrite = "phrase:write", "Sửa ngân hàng nhận xét", "Edit the phrase bank";
        TranscriptRead = "transcript:read", "Xem học bạ", "Read transcripts";
        TranscriptPrepare = "transcript:prepare", "Lập, đối chiếu học bạ", "Make and check transcripts";
        TranscriptSign = "transcript:sign", "Ký học bạ", "Sign transcripts";
        /// For whoever signs anything: transcripts, approvals of teaching plans.
        KeyOwn = "key:own", "Giữ chứng thư số của mình", "Keep one's own signing keys";
        /// The school's seal, issuing, corrections, and the keys of the school.
        TranscriptIssue = "transcript:issue", "Đóng dấu, ban hành học bạ", "Seal and issue transcripts";
        TranscriptRevoke = "transcript:revoke", "Thu hồi học bạ", "Revoke transcripts";
        FacilityRead = "facility:read", "Xem cơ sở vật chất, thiết bị", "Read facilities and equipment";
        FacilityWrite = "facility:write", "Kiểm kê cơ sở vật chất, thiết bị", "Count facilities and equipment";
        FacilitySign = "facility:sign", "Ký duyệt số liệu cơ sở vật chất", "Sign the yearly count of facilities";
        /// Asking all schools for the yearly count.
        FacilityManage = "facility:manage", "Mở đợt kiểm kê cơ sở vật chất", "Ask for the yearly count of facilities";
        FinanceRead = "finance:read", "Xem tài chính, đầu tư", "Read finance and investment";
        FinanceWrite = "finance:write", "Nhập tài chính, đầu tư", "Enter finance and investment";
        FinanceSign = "finance:sign", "Ký duyệt dự toán, quyết toán", "Sign budgets and settlements";
        /// The catalogue of budget lines, and asking all schools for theirs.
        FinanceManage = "finance:manage", "Quản lý danh mục tài chính", "Manage the catalogue of budget lines";
        /// Uploading; reading goes with the record that a file belongs to.
        FileWrite = "file:write", "Tải tệp lên", "Upload files";
        TeachingPlanRead = "teaching-plan:read", "Xem kế hoạch bài dạy", "Read teaching plans";
        TeachingPlanWrite = "teaching-plan:write", "Soạn, nộp kế hoạch bài dạy", "Write and submit teaching plans";
        /// As head of a subject group, or as who leads the school.
        TeachingPlanReview = "teaching-plan:review", "Góp ý, duyệt kế hoạch bài dạy", "Review teaching plans";
        SubjectGroupWrite = "subject-group:write", "Lập tổ chuyên môn", "Manage subject groups";
        StorageRead = "storage:read", "Xem dung lượng lưu trữ", "Read what files take";
        /// Two records of one child: seeing them side by side, merging them, splitting them again.
        LearnerMerge = "learner:merge", "Gộp, tách hồ sơ trùng", "Merge and split duplicate records";
        TransferRead = "transfer:read", "Xem chuyển trường", "Read transfers";
        TransferWrite = "transfer:write", "Lập yêu cầu chuyển trường, xếp lớp", "Ask for transfers, place who came";
        /// Answering for the receiving school, releasing for the sending one.
        TransferDecide = "transfer:decide", "Trả lời, cho chuyển trường", "Answer and release transfers";
        TransferFamily = "transfer:family", "Xin chuyển trường cho con", "Ask for a child's transfer";
        /// Everything that is held of a school, as one file.
        ExitManage = "exit:manage", "Xuất toàn bộ dữ liệu của trường", "Export a school whole";
        ExchangeManage = "exchange:manage", "Lập và gửi dữ liệu, báo cáo lên cấp trên", "Make and send files and reports for the authorities";
    }
}

impl Role {
    /// The permissions of the role.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Role::ProvinceAdmin => &[
                AccountSelf,
                AccountRead,
                AccountWrite,
                UnitRead,
                UnitWrite,
                CalendarRead,
                CalendarWrite,
                ClassRead,
                ClassWrite,
                LearnerRead,
                LearnerWrite,
                StaffRead,
                StaffWrite,
                AssignmentWrite,
                ImportWrite,
                MarkRead,
                ResultRead,
                TermCloseUnit,
                DeliveryManage,
                TranscriptRead,
                LearnerMerge,
                TransferRead,
                UnitReorganise,
                YearRollover,
                StaffSelf,
                TrainingWrite,
                StorageRead,
                FacilityRead,
                FacilityManage,
                FinanceRead,
                FinanceManage,
                HealthCount,
                PurposeWrite,
                ErasureConfirm,
                FileImport,
                QualityRead,
                QualityWrite,
                ExitManage,
                ExchangeManage,
            ],
            Role::UnitOfficer => &[
                AccountSelf,
                AccountRead,
                AccountWrite,
                UnitRead,
                CalendarRead,
                ClassRead,
                LearnerRead,
                StaffRead,
                MarkRead,
                ResultRead,
                TranscriptRead,
                LearnerMerge,
                TransferRead,
                StaffSelf,
                TrainingWrite,
                StorageRead,
                FacilityRead,
                FinanceRead,
                HealthCount,
                ErasureConfirm,
                QualityRead,
                ExchangeManage,
            ],
            Role::Principal => &[
                AccountSelf,
                AccountRead,
                AccountWrite,
                UnitRead,
                CalendarRead,
                ClassRead,
                ClassWrite,
                LearnerRead,
                LearnerWrite,
                StaffRead,
                StaffWrite,
                AssignmentWrite,
                ImportWrite,
                MarkRead,
                ConductWrite,
                ResultRead,
                TermClose,
                TermReopen,
                TermCloseUnit,
                ContactReview,
                NoticeWrite,
                DeliveryManage,
                GrowthRead,
                CouncilWrite,
                YearClose,
                DeadlineWrite,
                PhraseWrite,
                PlanWrite,
                PlanDecide,
                TranscriptRead,
                TranscriptPrepare,
                TranscriptSign,
                KeyOwn,
                TranscriptIssue,
                TranscriptRevoke,
                LearnerMerge,
                TransferRead,
                TransferWrite,
                TransferDecide,
                YearRollover,
                StaffSelf,
                TrainingWrite,
                FileWrite,
                StorageRead,
                FacilityRead,
                FacilityWrite,
                FacilitySign,
                FinanceRead,
                FinanceWrite,
                FinanceSign,
                HealthRead,
                HealthOpen,
                HealthCount,
                ConsentRead,
                ConsentWrite,
                ErasureWrite,
                ErasureConfirm,
                PublicationWrite,
                FileImport,
                QualityRead,
                QualityWrite,
                ExitManage,
                ExchangeManage,
                TeachingPlanRead,
                TeachingPlanWrite,
                TeachingPlanReview,
                SubjectGroupWrite,
            ],
            Role::Deputy => &[
                AccountSelf,
                AccountRead,
                UnitRead,
                CalendarRead,
                ClassRead,
                ClassWrite,
                LearnerRead,
                LearnerWrite,
                StaffRead,
                StaffWrite,
                AssignmentWrite,
                ImportWrite,
                MarkRead,
                ResultRead,
                TermClose,
                TermCloseUnit,
                ContactReview,
                NoticeWrite,
                GrowthRead,
                CouncilWrite,
                DeadlineWrite,
                PhraseWrite,
                TranscriptRead,
                TranscriptPrepare,
                KeyOwn,
                LearnerMerge,
                TransferRead,
                TransferWrite,
                TransferDecide,
                YearRollover,
                StaffSelf,
                TrainingWrite,
                FileWrite,
                StorageRead,
                FacilityRead,
                FacilityWrite,
                FinanceRead,
                HealthRead,
                HealthCount,
                ConsentRead,
                ErasureWrite,
                ErasureConfirm,
                FileImport,
                QualityRead,
                QualityWrite,
                ExchangeManage,
                TeachingPlanRead,
                TeachingPlanWrite,
                TeachingPlanReview,
                SubjectGroupWrite,
            ],
            Role::Clerk => &[
                AccountSelf,
                AccountRead,
                AccountWrite,
                UnitRead,
                CalendarRead,
                ClassRead,
                ClassWrite,
                LearnerRead,
                LearnerWrite,
                StaffRead,
                StaffWrite,
                ImportWrite,
                NoticeWrite,
                TranscriptRead,
                TranscriptPrepare,
                TranscriptIssue,
                TranscriptSign,
                KeyOwn,
                TransferRead,
                TransferWrite,
                YearRollover,
                StaffSelf,
                TrainingWrite,
                FileWrite,
                StorageRead,
                FacilityRead,
                FacilityWrite,
                ConsentRead,
                ConsentWrite,
                PublicationWrite,
                FileImport,
                QualityRead,
                QualityWrite,
                ExchangeManage,
            ],
            Role::HomeroomTeacher => &[
                AccountSelf,
                UnitRead,
                CalendarRead,
                ClassRead,
                LearnerRead,
                MarkRead,
                ConductWrite,
                ResultRead,
                TermClose,
                ContactThread,
                NoticeWrite,
                LeaveAnswer,
                GrowthRead,
                GrowthWrite,
                PreschoolWrite,
                CouncilWrite,
                PlanWrite,
                TranscriptRead,
                TranscriptPrepare,
                TranscriptSign,
                KeyOwn,
                StaffSelf,
                FileWrite,
                HealthAlert,
                ConsentRead,
                FileImport,
                TeachingPlanRead,
                TeachingPlanWrite,
                TeachingPlanReview,
            ],
            Role::SubjectTeacher => &[
                AccountSelf,
                UnitRead,
                CalendarRead,
                ClassRead,
                LearnerRead,
                MarkRead,
                MarkWrite,
                ContactThread,
                PhraseWrite,
                TranscriptSign,
                KeyOwn,
                StaffSelf,
                FileWrite,
                FileImport,
                TeachingPlanRead,
                TeachingPlanWrite,
                TeachingPlanReview,
            ],
            Role::Nurse => &[
                AccountSelf,
                UnitRead,
                CalendarRead,
                ClassRead,
                LearnerRead,
                GrowthRead,
                GrowthWrite,
                StaffSelf,
                FileWrite,
                FileImport,
                HealthRead,
                HealthWrite,
                HealthOpen,
                HealthCount,
            ],
            Role::Accountant => &[
                AccountSelf,
                UnitRead,
                CalendarRead,
                ClassRead,
                LearnerRead,
                StaffSelf,
                FileWrite,
                FacilityRead,
                FacilityWrite,
                FinanceRead,
                FinanceWrite,
            ],
            Role::Guardian => &[AccountSelf, FamilyRead, ContactFamily, ContactFeed, ContactThread, TransferFamily, ConsentGive],
            Role::Learner => &[AccountSelf, FamilyRead, ContactFeed, ConsentGive],
        }
    }

    /// How far the role reaches.
    pub fn reach(self) -> Reach {
        match self {
            Role::HomeroomTeacher => Reach::Homeroom,
            Role::SubjectTeacher => Reach::Taught,
            Role::Guardian => Reach::Children,
            Role::Learner => Reach::Self_,
            _ => Reach::Subtree,
        }
    }
}

impl Role {
    /// May someone with this role, and `account:write`, give or take the role `other`? Strictly below the own one, so that nobody
    /// appoints an equal and nobody takes over the account of one; only the province administrator, above whom there is nobody, may.
    pub fn may_grant(self, other: Role) -> bool {
        use Role::*;
        match self {
            ProvinceAdmin => true,
            UnitOfficer => !matches!(other, ProvinceAdmin | UnitOfficer),
            Principal => !matches!(other, ProvinceAdmin | UnitOfficer | Principal),
            Clerk => matches!(other, HomeroomTeacher | SubjectTeacher | Nurse | Accountant | Guardian | Learner),
            Deputy | HomeroomTeacher | SubjectTeacher | Nurse | Accountant | Guardian | Learner => false,
        }
    }
}

/// Which rows a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All rows of the role's unit and of what lies under it.
    Subtree,
    /// The class whose homeroom teacher the person is.
    Homeroom,
    /// The classes and subjects assigned.
    Taught,
    /// The guardian's children, in any school.
    Children,
    /// The learner.
    Self_,
}
