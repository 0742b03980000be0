//! What people of the demo write.

/// A notice: days after the start of a term, kind, title, body.
pub type Said = (i64, &'static str, &'static str, &'static str);

/// From the school, in each term.
pub const SCHOOL: [&[Said]; 2] = [
    &[
        (
            1,
            "general",
            "Chào mừng năm học mới",
            "Nhà trường chào mừng các em trở lại lớp. Thời gian vào học buổi sáng là 7 giờ; cổng trường mở từ 6 giờ 30.",
        ),
        (
            12,
            "general",
            "Mời họp cha mẹ học sinh",
            "Kính mời quý phụ huynh dự họp lúc 7 giờ 30 Chủ nhật tại phòng học của lớp. Giáo viên chủ nhiệm sẽ trao đổi kế hoạch năm học.",
        ),
        (
            33,
            "fee",
            "Bảo hiểm y tế học sinh",
            "Phụ huynh đăng ký bảo hiểm y tế cho con tại văn phòng trường trong giờ hành chính. Mức đóng có trên phiếu gửi về cho từng em.",
        ),
        (
            58,
            "timetable",
            "Lịch kiểm tra giữa học kì I",
            "Tuần tới các lớp làm bài kiểm tra giữa kì theo lịch dán ở bảng tin. Các em mang đủ đồ dùng và đi học đúng giờ.",
        ),
        (
            68,
            "general",
            "Chào mừng ngày Nhà giáo Việt Nam",
            "Nhà trường tổ chức lễ kỉ niệm 20/11 vào tiết chào cờ. Mời đại diện cha mẹ học sinh đến dự.",
        ),
    ],
    &[
        (
            3,
            "timetable",
            "Thời khoá biểu học kì II",
            "Thời khoá biểu mới áp dụng từ thứ Hai tuần này. Phụ huynh nhắc các em soạn sách vở theo lịch mới.",
        ),
        (
            20,
            "general",
            "Lịch nghỉ Tết Nguyên đán",
            "Học sinh nghỉ Tết theo lịch của tỉnh. Nhà trường nhắc các em vui Tết an toàn, không sử dụng pháo nổ.",
        ),
        (
            95,
            "timetable",
            "Lịch kiểm tra cuối năm",
            "Các lớp kiểm tra cuối năm trong hai tuần tới. Phụ huynh giúp con giữ giờ giấc và ôn bài theo hướng dẫn của thầy cô.",
        ),
    ],
];

/// From the homeroom teacher, in each term.
pub const CLASS: [&[Said]; 2] = [
    &[
        (
            8,
            "general",
            "Sách vở và đồ dùng học tập",
            "Phụ huynh kiểm tra giúp sách vở của con theo danh sách đã phát. Em nào còn thiếu xin báo lại để lớp hỗ trợ.",
        ),
        (
            62,
            "general",
            "Kết quả học tập nửa học kì",
            "Phần lớn các em chăm ngoan và tiến bộ. Một số em cần làm bài tập ở nhà đều hơn, mong gia đình nhắc thêm.",
        ),
    ],
    &[(
        10,
        "general",
        "Nền nếp sau Tết",
        "Lớp đã trở lại nền nếp. Xin phụ huynh nhắc các em đi học đúng giờ và mang đồng phục đầy đủ.",
    )],
];

/// Talks with the homeroom teacher: who says (true: the family), and what.
pub const TALKS: [&[(bool, &str)]; 8] = [
    &[
        (true, "Thưa cô, mấy hôm nay cháu về nhà hay kêu đau đầu. Ở lớp cháu có nhìn rõ bảng không ạ?"),
        (
            false,
            "Chào anh chị, em thấy cháu hay nheo mắt khi chép bài. Anh chị cho cháu đi đo mắt giúp em nhé, em đã chuyển cháu lên bàn hai.",
        ),
        (true, "Dạ em cảm ơn cô, cuối tuần này em đưa cháu đi khám ạ."),
    ],
    &[
        (false, "Chào gia đình, tuần này cháu phát biểu xây dựng bài rất tốt, các thầy cô bộ môn đều khen."),
        (true, "Dạ gia đình mừng quá. Cảm ơn thầy cô đã động viên cháu ạ."),
    ],
    &[
        (true, "Thưa thầy cô, chiều mai cháu xin về sớm 15 phút để kịp xe về quê được không ạ?"),
        (false, "Được anh chị nhé. Khi đến đón, anh chị báo bảo vệ tên cháu và lớp giúp em."),
        (true, "Dạ vâng, em cảm ơn."),
    ],
    &[
        (true, "Cho em hỏi bài kiểm tra giữa kì môn Toán ôn đến bài nào ạ?"),
        (false, "Dạ ôn hết chương II, đề cương em đã phát trên lớp. Cháu làm lại bài tập cuối chương là ổn."),
    ],
    &[
        (
            false,
            "Gia đình ơi, hai hôm nay cháu quên làm bài tập về nhà. Anh chị xem giúp buổi tối cháu học có bị phân tâm không.",
        ),
        (true, "Dạ em xin lỗi cô, dạo này em đi ca tối nên không kèm được. Em sẽ nhờ bà nhắc cháu."),
        (false, "Vâng, em cũng xếp bạn cùng tổ học nhóm với cháu rồi. Cảm ơn chị."),
        (true, "Em cảm ơn cô nhiều ạ."),
    ],
    &[(true, "Thưa cô, cháu để quên áo khoác ở lớp hôm thứ Sáu. Cô giữ giúp gia đình với ạ.")],
    &[
        (true, "Cô ơi, cháu bị dị ứng hải sản, bữa ăn liên hoan của lớp nhờ cô lưu ý giúp em."),
        (false, "Em ghi nhận rồi chị nhé, em sẽ báo ban phụ huynh."),
    ],
    &[(false, "Mời anh chị sắp xếp gặp em 15 phút sau buổi họp để trao đổi thêm về việc học của cháu.")],
];

/// Notes of permitted absences, and the reason of a request for leave.
pub const WHY_ABSENT: [&str; 5] = ["Bị sốt", "Đau bụng", "Nhà có việc", "Đi khám bệnh", "Ốm, gia đình xin phép"];
pub const WHY_LEAVE: [&str; 5] = [
    "Cháu bị sốt, gia đình xin cho cháu nghỉ để theo dõi.",
    "Gia đình có đám giỗ ở quê, xin phép cho cháu nghỉ.",
    "Cháu có lịch tái khám ở bệnh viện tỉnh.",
    "Cháu đau bụng từ đêm qua, xin cô cho cháu nghỉ.",
    "Nhà có đám cưới của chị cháu, xin phép thầy cô.",
];

/// Evidence for conduct.
pub const PRAISE: [&str; 5] = [
    "Nhặt được của rơi, trả lại người mất.",
    "Giúp bạn học yếu trong tổ.",
    "Tích cực tham gia lao động vệ sinh trường lớp.",
    "Đạt giải trong hội thi của trường.",
    "Trực nhật chu đáo cả tuần.",
];
pub const VIOLATION: [&str; 5] = [
    "Đi học trễ 10 phút không có lí do.",
    "Nói chuyện riêng nhiều lần trong giờ.",
    "Không mặc đồng phục.",
    "Sử dụng điện thoại trong giờ học khi chưa được phép.",
    "Không làm bài tập về nhà hai lần trong tuần.",
];
pub const REMARK: [&str; 2] = ["Gia đình vừa chuyển chỗ ở, cần quan tâm thêm.", "Đã trao đổi với phụ huynh, em hứa sửa chữa."];

/// What a teacher writes of a learner, by the mean of the marks: below 5, 6.5, 8, and above.
pub const COMMENTS: [[&str; 4]; 4] = [
    [
        "Còn hổng kiến thức cơ bản, cần học lại các bài trọng tâm và hỏi thầy cô khi chưa hiểu.",
        "Chưa chăm làm bài tập. Cần lên kế hoạch học mỗi ngày và nhờ bạn cùng giúp đỡ.",
        "Tiếp thu còn chậm, đã có cố gắng ở cuối kì. Cần luyện thêm các dạng cơ bản.",
        "Kết quả chưa đạt mong đợi, cần tập trung hơn trong giờ học.",
    ],
    [
        "Nắm được kiến thức cơ bản, cần làm bài cẩn thận hơn.",
        "Có cố gắng. Nên luyện thêm bài tập vận dụng ở nhà.",
        "Đạt yêu cầu môn học, cần mạnh dạn phát biểu hơn.",
        "Học đều nhưng trình bày còn thiếu ý, cần đọc kĩ đề.",
    ],
    [
        "Hiểu bài, vận dụng khá tốt. Cần chú ý lỗi trình bày.",
        "Chăm học, có tiến bộ rõ so với đầu kì.",
        "Nắm vững kiến thức, tích cực trong hoạt động nhóm.",
        "Học khá, nên thử sức với bài nâng cao.",
    ],
    [
        "Học tốt, tư duy nhanh, tích cực xây dựng bài.",
        "Nắm chắc kiến thức, biết vận dụng sáng tạo, sẵn sàng giúp bạn.",
        "Rất chăm và tự giác, kết quả tốt đều các bài.",
        "Có năng khiếu với môn học, cần tiếp tục phát huy.",
    ],
];

/// The bank of a school: subject, level, words.
pub const PHRASES: [(Option<&str>, Option<&str>, &str); 12] = [
    (None, Some("good"), "Chăm học, tự giác, kết quả tốt đều các bài."),
    (None, Some("good"), "Tích cực phát biểu, biết giúp đỡ bạn."),
    (None, Some("fair"), "Nắm vững kiến thức, cần mạnh dạn hơn."),
    (None, Some("fair"), "Có tiến bộ rõ so với đầu kì."),
    (None, Some("pass"), "Đạt yêu cầu, cần luyện thêm bài tập vận dụng."),
    (None, Some("pass"), "Cần đọc kĩ đề và trình bày cẩn thận hơn."),
    (None, Some("fail"), "Cần ôn lại kiến thức cơ bản, hỏi thầy cô khi chưa hiểu."),
    (None, Some("fail"), "Cần tập trung trong giờ và làm đủ bài tập."),
    (None, None, "Đi học đều, đúng giờ."),
    (Some("TOAN"), Some("good"), "Tính toán nhanh, lập luận chặt chẽ."),
    (Some("TOAN"), Some("pass"), "Cần luyện thêm kĩ năng biến đổi và kiểm tra lại kết quả."),
    (Some("NGU_VAN"), Some("fair"), "Diễn đạt trôi chảy, cần thêm dẫn chứng khi lập luận."),
];

/// Themes of a preschool class, with the weeks after the start at which each ends.
pub const THEMES: [(&str, i64); 8] = [
    ("Trường mầm non của bé", 3),
    ("Bản thân", 7),
    ("Gia đình", 11),
    ("Nghề nghiệp", 16),
    ("Thế giới động vật", 21),
    ("Tết và mùa xuân", 25),
    ("Thế giới thực vật", 30),
    ("Quê hương, đất nước", 34),
];

/// Outcomes of a preschool's plan: domain, words for the nursery, words for kindergartens.
pub const OUTCOMES: [(&str, &str, &str); 12] = [
    ("physical", "Đi theo hiệu lệnh, đi trong đường hẹp", "Đi thăng bằng trên ghế thể dục"),
    ("physical", "Tập tự xúc cơm bằng thìa", "Tự rửa tay bằng xà phòng đúng cách"),
    ("physical", "Xếp chồng được 6–8 khối gỗ", "Cắt theo đường thẳng bằng kéo"),
    ("cognitive", "Chỉ và nói tên một số bộ phận cơ thể", "Đếm và nhận biết số lượng theo độ tuổi"),
    ("cognitive", "Nhận biết hai màu cơ bản", "Phân loại đồ vật theo hai dấu hiệu"),
    ("language", "Trả lời được câu hỏi “Ai đây?”, “Cái gì đây?”", "Kể lại chuyện đã nghe theo trình tự"),
    ("language", "Đọc theo cô bài thơ ngắn", "Đọc thuộc bài thơ, đồng dao"),
    ("social", "Chào khi được nhắc", "Chờ đến lượt khi tham gia hoạt động"),
    ("social", "Chơi cạnh bạn, không giành đồ chơi", "Biết nói cảm ơn, xin lỗi"),
    ("aesthetic", "Vận động theo nhạc đơn giản", "Hát đúng giai điệu bài hát"),
    ("aesthetic", "Thích vẽ, xé, vò giấy", "Vẽ phối hợp các nét tạo thành bức tranh"),
    ("aesthetic", "Nghe hát và hưởng ứng", "Nói cảm nhận về sản phẩm của mình và của bạn"),
];
