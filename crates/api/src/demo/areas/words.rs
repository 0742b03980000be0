//! What people of the demo's schools write down. Names of schools and courses are made up or general; no real person is meant.

use dto::equipment::EquipmentKind;

/// Major of the degree by the subject that one teaches.
pub const MAJORS: [(&str, &str); 19] = [
    ("TOAN", "Sư phạm Toán học"),
    ("NGU_VAN", "Sư phạm Ngữ văn"),
    ("NN1", "Sư phạm Tiếng Anh"),
    ("KHTN", "Sư phạm Khoa học tự nhiên"),
    ("LSDL", "Sư phạm Lịch sử - Địa lí"),
    ("LICH_SU", "Sư phạm Lịch sử"),
    ("DIA_LI", "Sư phạm Địa lí"),
    ("GDCD", "Giáo dục công dân"),
    ("GDKTPL", "Giáo dục chính trị"),
    ("VAT_LI", "Sư phạm Vật lí"),
    ("HOA_HOC", "Sư phạm Hoá học"),
    ("SINH_HOC", "Sư phạm Sinh học"),
    ("CONG_NGHE", "Sư phạm Công nghệ"),
    ("TIN_HOC", "Sư phạm Tin học"),
    ("GDTC", "Giáo dục thể chất"),
    ("NGHE_THUAT", "Sư phạm Mĩ thuật"),
    ("AM_NHAC", "Sư phạm Âm nhạc"),
    ("MI_THUAT", "Sư phạm Mĩ thuật"),
    ("HDTN_HN", "Tâm lí - Giáo dục"),
];

pub const DEGREES: [&str; 4] = [
    "Trường Đại học Cần Thơ",
    "Trường Đại học Đồng Tháp",
    "Trường Đại học Sư phạm Thành phố Hồ Chí Minh",
    "Trường Đại học Trà Vinh",
];

pub const COURSES: [(&str, u16); 4] = [
    ("Bồi dưỡng thường xuyên, nội dung 2: Xây dựng văn hoá nhà trường", 40),
    ("Dạy học tích hợp môn Khoa học tự nhiên", 36),
    ("Tư vấn tâm lí học đường", 24),
    ("Chuyển đổi số trong quản lí lớp học", 20),
];

/// Subject groups with the subjects of their members.
pub const GROUPS: [(&str, &[&str]); 5] = [
    ("Tổ Toán - Tin", &["TOAN", "TIN_HOC"]),
    ("Tổ Ngữ văn - Giáo dục công dân", &["NGU_VAN", "GDDP", "GDCD", "GDKTPL"]),
    ("Tổ Khoa học tự nhiên - Công nghệ", &["KHTN", "VAT_LI", "HOA_HOC", "SINH_HOC", "CONG_NGHE"]),
    ("Tổ Lịch sử - Địa lí", &["LSDL", "LICH_SU", "DIA_LI"]),
    ("Tổ Ngoại ngữ - Nghệ thuật - Thể chất", &["NN1", "NGHE_THUAT", "AM_NHAC", "MI_THUAT", "GDTC", "GDQP_AN"]),
];

/// A lesson: the subject, the week, its title, what is to be reached, what is done.
pub struct Lesson {
    pub subject: &'static str,
    pub week: u8,
    pub title: &'static str,
    pub aim: &'static str,
    pub acts: [&'static str; 3],
}

pub const LESSONS: [Lesson; 12] = [
    Lesson {
        subject: "TOAN",
        week: 6,
        title: "Phép nhân, phép chia số nguyên",
        aim: "Thực hiện được phép nhân, phép chia hết hai số nguyên và vận dụng vào bài toán thực tế",
        acts: [
            "Trò chơi đoán dấu của tích",
            "Nhóm bốn em lập bảng nhân dấu, trình bày trên bảng phụ",
            "Bài toán nhiệt độ kho lạnh",
        ],
    },
    Lesson {
        subject: "TOAN",
        week: 9,
        title: "Tam giác cân, đường trung trực của đoạn thẳng",
        aim: "Mô tả được tam giác cân và giải thích được tính chất của nó",
        acts: [
            "Gấp giấy tìm trục đối xứng",
            "Chứng minh hai góc ở đáy bằng nhau",
            "Xác định vị trí đặt trạm bơm cách đều hai ấp",
        ],
    },
    Lesson {
        subject: "NGU_VAN",
        week: 5,
        title: "Viết bài văn kể lại một trải nghiệm",
        aim: "Viết được bài văn kể lại trải nghiệm của bản thân, dùng ngôi kể thứ nhất",
        acts: ["Đọc mẫu và tìm bố cục", "Lập dàn ý theo sơ đồ", "Viết đoạn mở bài, bạn bên cạnh góp ý"],
    },
    Lesson {
        subject: "NGU_VAN",
        week: 10,
        title: "Thơ bốn chữ, năm chữ: vần và nhịp",
        aim: "Nhận biết được vần chân, vần lưng và cách ngắt nhịp của thơ bốn chữ, năm chữ",
        acts: ["Nghe và gõ nhịp một bài đồng dao", "Thảo luận nhóm về vần trong hai khổ thơ", "Mỗi em viết một khổ thơ bốn chữ"],
    },
    Lesson {
        subject: "NN1",
        week: 7,
        title: "Unit 3: Community service - Lesson 2",
        aim: "Hỏi đáp được về hoạt động vì cộng đồng ở địa phương bằng thì quá khứ đơn",
        acts: ["Xem tranh, gọi tên hoạt động", "Phỏng vấn theo cặp", "Viết bốn câu về việc em đã làm"],
    },
    Lesson {
        subject: "KHTN",
        week: 8,
        title: "Đo tốc độ bằng đồng hồ bấm giây và cổng quang điện",
        aim: "Đo và tính được tốc độ của vật chuyển động thẳng, đọc được sai số",
        acts: [
            "Nêu cách xác định bạn chạy nhanh hơn",
            "Thí nghiệm theo nhóm với máng nghiêng",
            "Ghi số liệu vào bảng và vẽ đồ thị",
        ],
    },
    Lesson {
        subject: "KHTN",
        week: 11,
        title: "Quang hợp ở thực vật",
        aim: "Nêu được nguyên liệu, sản phẩm của quang hợp và chứng minh được lá tạo ra tinh bột",
        acts: [
            "Quan sát cành rong mái chèo",
            "Thử tinh bột bằng dung dịch iodine",
            "Giải thích vì sao nên trồng cây xanh quanh trường",
        ],
    },
    Lesson {
        subject: "LSDL",
        week: 9,
        title: "Đồng bằng sông Cửu Long: dân cư và sinh kế",
        aim: "Đọc được bản đồ dân cư và trình bày được cách người dân thích ứng với hạn mặn",
        acts: ["Kể về con nước nơi em ở", "Đọc bản đồ theo nhóm", "Đóng vai cán bộ khuyến nông tư vấn cho bà con"],
    },
    Lesson {
        subject: "GDCD",
        week: 4,
        title: "Yêu thương con người",
        aim: "Nêu được biểu hiện và làm được việc thể hiện yêu thương con người",
        acts: ["Xem đoạn phim về lớp học tình thương", "Xử lí tình huống", "Lên kế hoạch góp sách cho thư viện lớp"],
    },
    Lesson {
        subject: "CONG_NGHE",
        week: 6,
        title: "Bảo quản và chế biến thực phẩm",
        aim: "Nêu được vai trò và một số cách bảo quản thực phẩm trong gia đình",
        acts: ["So sánh hai mẫu rau để ngoài và để lạnh", "Thực hành muối chua rau củ", "Ghi nhãn ngày chế biến"],
    },
    Lesson {
        subject: "TIN_HOC",
        week: 8,
        title: "Định dạng dữ liệu và hàm trong bảng tính",
        aim: "Dùng được hàm SUM, AVERAGE, MAX, MIN để tính trên bảng điểm của tổ",
        acts: ["Mở tệp số liệu mẫu", "Thực hành theo cặp trên máy", "Tự kiểm tra bằng phép tính tay"],
    },
    Lesson {
        subject: "GDTC",
        week: 7,
        title: "Chạy cự li ngắn 60 m: xuất phát và chạy lao",
        aim: "Thực hiện được kĩ thuật xuất phát thấp và chạy lao sau xuất phát",
        acts: ["Khởi động chung và chuyên môn", "Tập theo hàng, tổ trưởng quan sát", "Đua tiếp sức giữa các tổ"],
    },
];

/// Inventory: kind, name, place, how many, year acquired, who paid, price of one in thousands of đồng.
pub type Item = (EquipmentKind, &'static str, &'static str, u16, i16, &'static str, i64);

pub const INVENTORY: [Item; 22] = {
    use EquipmentKind::*;
    [
        (Computer, "Máy tính để bàn cho học sinh", "Phòng Tin học 1", 20, 2022, "Ngân sách nhà nước", 11_500),
        (Computer, "Máy tính để bàn cho học sinh", "Phòng Tin học 2", 15, 2019, "Ngân sách nhà nước", 10_200),
        (Computer, "Máy tính xách tay của giáo viên", "Phòng Hội đồng", 4, 2024, "Ngân sách nhà nước", 14_900),
        (Computer, "Máy in laser", "Phòng Văn thư", 2, 2023, "Ngân sách nhà nước", 4_600),
        (Display, "Máy chiếu", "Phòng bộ môn Khoa học tự nhiên", 2, 2020, "Ngân sách nhà nước", 13_800),
        (Display, "Màn hình tương tác 75 inch", "Phòng học 9A1", 1, 2025, "Hội Khuyến học xã An Khuê tài trợ", 42_000),
        (Display, "Ti vi 65 inch", "Phòng học khối 6", 4, 2023, "Phụ huynh tài trợ", 12_300),
        (Laboratory, "Kính hiển vi quang học", "Phòng bộ môn Khoa học tự nhiên", 8, 2021, "Ngân sách nhà nước", 5_400),
        (
            Laboratory,
            "Bộ thí nghiệm đo tốc độ, cổng quang điện",
            "Phòng bộ môn Khoa học tự nhiên",
            6,
            2023,
            "Ngân sách nhà nước",
            3_250,
        ),
        (Laboratory, "Tủ đựng hoá chất có quạt hút", "Kho thiết bị", 1, 2021, "Ngân sách nhà nước", 18_700),
        (Teaching, "Bộ tranh Lịch sử Việt Nam lớp 6-9", "Kho thiết bị", 3, 2022, "Ngân sách nhà nước", 1_350),
        (Teaching, "Quả địa cầu hành chính", "Kho thiết bị", 5, 2021, "Ngân sách nhà nước", 480),
        (Teaching, "Loa kéo, micro không dây", "Phòng Đoàn - Đội", 2, 2024, "Phụ huynh tài trợ", 3_900),
        (Furniture, "Bảng từ chống loá", "Phòng học khối 8", 4, 2020, "Ngân sách nhà nước", 3_100),
        (Furniture, "Tủ hồ sơ sắt hai cánh", "Phòng Văn thư", 6, 2018, "Ngân sách nhà nước", 3_400),
        (Sport, "Cột bóng rổ di động", "Sân trường", 2, 2022, "Ngân sách nhà nước", 9_600),
        (Sport, "Đệm nhảy cao", "Nhà đa năng", 3, 2019, "Ngân sách nhà nước", 4_200),
        (Library, "Giá sách gỗ hai mặt", "Thư viện", 6, 2020, "Ngân sách nhà nước", 2_750),
        (Library, "Máy quét mã vạch", "Thư viện", 1, 2025, "Ngân sách nhà nước", 1_900),
        (Health, "Tủ thuốc và bộ dụng cụ sơ cứu", "Phòng Y tế", 2, 2024, "Ngân sách nhà nước", 2_200),
        (Health, "Cân điện tử có thước đo chiều cao", "Phòng Y tế", 1, 2023, "Ngân sách nhà nước", 3_700),
        (Other, "Bình chữa cháy bột ABC 8 kg", "Hành lang các dãy phòng học", 6, 2024, "Ngân sách nhà nước", 520),
    ]
};

/// What somebody found at an item, of whatever kind it is: the state that it is in then, and a note. The last is of one that was mended.
pub const FOUND: [(&str, &str); 6] = [
    ("repair", "Đã báo bộ phận thiết bị sửa"),
    ("broken", "Không dùng được nữa, đề nghị thanh lí"),
    ("repair", "Thiếu phụ kiện, đang chờ bổ sung"),
    ("lost", "Kiểm kê không thấy"),
    ("repair", "Cần vệ sinh, bảo dưỡng"),
    ("good", "Đã sửa xong, dùng bình thường"),
];

/// Conditions: kind, what it is, what the homeroom teacher must know.
pub const CONDITIONS: [(&str, &str, Option<&str>); 9] = [
    (
        "allergy",
        "Dị ứng tôm, cua; từng nổi mề đay toàn thân năm 2024",
        Some("Không cho ăn hải sản. Nếu nổi mẩn, khó thở thì gọi 115 và báo gia đình ngay."),
    ),
    (
        "illness",
        "Hen phế quản mức độ nhẹ, dùng thuốc xịt khi cần",
        Some("Mang theo thuốc xịt trong cặp; cho nghỉ khi chạy bền nếu em thấy khó thở."),
    ),
    (
        "illness",
        "Động kinh, đang uống thuốc đều, cơn gần nhất tháng 3",
        Some("Khi lên cơn: đặt nằm nghiêng, không giữ tay chân, báo phòng Y tế."),
    ),
    ("allergy", "Dị ứng kháng sinh nhóm penicillin", None),
    ("disability", "Khiếm thính tai trái, đeo máy trợ thính", Some("Xếp ngồi bàn đầu, bên trái lớp; nói hướng về phía em.")),
    (
        "history",
        "Phẫu thuật tim bẩm sinh năm 2019, tái khám mỗi năm",
        Some("Miễn các bài chạy bền, nhảy xa theo giấy của bệnh viện."),
    ),
    (
        "illness",
        "Đái tháo đường típ 1, tiêm insulin trước bữa ăn",
        Some("Cho em ăn nhẹ khi run tay, vã mồ hôi; có kẹo ở phòng Y tế."),
    ),
    ("history", "Gãy xương cẳng tay phải năm 2025, đã lành", None),
    ("illness", "Cận thị tiến triển nhanh, khám mắt sáu tháng một lần", None),
];

/// First aid: kind, what happened and what was done, where the child was sent.
pub const CASES: [(&str, &str, Option<&str>); 8] = [
    ("first_aid", "Trầy gối khi chạy ở sân; rửa bằng nước muối, băng gạc.", None),
    ("rest", "Đau bụng sau giờ ăn sáng; nằm nghỉ 40 phút, uống oresol, đỡ đau rồi vào lớp.", None),
    ("medicine", "Uống kháng sinh theo đơn gia đình gửi, liều buổi trưa.", None),
    ("first_aid", "Chảy máu cam; ép cánh mũi 10 phút, chườm lạnh, hết chảy.", None),
    ("referral", "Ngã khi chơi bóng, cổ tay sưng đau, nghi gãy; nẹp cố định và chuyển.", Some("Trung tâm Y tế khu vực An Khuê")),
    ("rest", "Sốt 38,2 độ; cho nghỉ, lau mát, gia đình đến đón.", None),
    ("first_aid", "Ong đốt ở tay; rửa sạch, chườm lạnh, theo dõi 30 phút không có dấu hiệu dị ứng.", None),
    ("first_aid", "Choáng khi chào cờ; cho nằm đầu thấp, uống nước đường, tỉnh táo sau 10 phút.", None),
];
