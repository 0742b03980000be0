//! How schools and their software head the columns of a class list. Headers are compared folded (no marks, lower case,
//! punctuation as spaces), so that one entry stands for many spellings.

use super::super::types::Field;

/// A field, what it is called when it is shown to people, and its headers, folded.
pub const SYNONYMS: &[(Field, &str, &[&str])] = &[
    (Field::Ordinal, "Số thứ tự", &["stt", "so tt", "tt", "so thu tu", "thu tu", "no"]),
    (
        Field::FullName,
        "Họ tên",
        &[
            "ho ten", "ho va ten", "ho ten hoc sinh", "ho va ten hoc sinh", "ho ten hs", "ho va ten hs", "ten hoc sinh",
            "hoc sinh", "ho ten tre", "ho va ten tre", "ho ten khai sinh", "ho va ten khai sinh", "ho ten day du",
            "full name", "name", "student name",
        ],
    ),
    (
        Field::FamilyMiddle,
        "Họ và tên đệm",
        &["ho dem", "ho va dem", "ho ten dem", "ho va ten dem", "ho lot", "ho chu lot", "ho va chu lot", "ho va lot", "ho va ten lot", "ho dem hoc sinh"],
    ),
    (Field::Family, "Họ", &["ho", "last name", "family name"]),
    (Field::Middle, "Tên đệm", &["dem", "ten dem", "chu lot", "ten lot", "lot", "middle name"]),
    (Field::Given, "Tên", &["ten", "first name", "given name"]),
    (
        Field::BirthDate,
        "Ngày sinh",
        &[
            "ngay sinh", "ngay thang nam sinh", "sinh ngay", "ngay thang sinh", "ngay sinh hoc sinh", "ngay sinh hs",
            "nam sinh", "ntns", "ngay thang nam sinh hs", "date of birth", "birth date", "birthday", "dob",
        ],
    ),
    (Field::Sex, "Giới tính", &["gioi tinh", "gioi", "gt", "phai", "nam nu", "gioi tinh nam nu", "sex", "gender"]),
    (Field::FemaleMark, "Nữ", &["nu", "hoc sinh nu", "hs nu", "la nu"]),
    (Field::Ethnicity, "Dân tộc", &["dan toc", "ten dan toc", "thanh phan dan toc", "ethnicity"]),
    (
        Field::PersonalId,
        "Số định danh cá nhân",
        &[
            "so dinh danh ca nhan", "ma dinh danh ca nhan", "ma so dinh danh ca nhan", "so dinh danh", "ma so dinh danh",
            "so ddcn", "ma ddcn", "ddcn", "sddcn", "so dinh danh cong dan", "ma dinh danh cong dan", "cccd", "so cccd",
            "so the cccd", "so can cuoc cong dan", "can cuoc cong dan", "so can cuoc", "can cuoc", "so the can cuoc",
            "so dinh danh ca nhan cccd", "so cccd so dinh danh ca nhan", "so cccd so dinh danh", "cccd dinh danh ca nhan",
            "so ddcn cccd", "so cccd ddcn", "cccd ddcn", "ddcn cccd", "so cccd ma dinh danh", "ma dinh danh cccd",
            "so dinh danh hoc sinh", "so dinh danh ca nhan hoc sinh", "personal id", "personal identification number",
        ],
    ),
    (
        Field::MinistryCode,
        "Mã định danh Bộ GD&ĐT",
        &[
            "ma dinh danh bo gd dt", "ma dinh danh bo gddt", "ma dinh danh bo gd va dt", "ma dinh danh bo giao duc",
            "ma dinh danh bo giao duc va dao tao", "ma dinh danh bo", "ma dinh danh moet", "ma moet", "ma bo gd dt",
            "ma bo gddt", "ma hoc sinh bo gd dt", "ma hoc sinh bo", "ma hoc sinh moet", "ma csdl", "ma csdl nganh",
            "ma hoc sinh csdl", "ma hoc sinh csdl nganh", "ma dinh danh csdl", "ma dinh danh csdl nganh",
            "ma dinh danh hoc sinh bo gd dt", "ministry code",
        ],
    ),
    (
        Field::SomeCode,
        "Mã học sinh",
        &["ma hoc sinh", "ma hs", "ma so hoc sinh", "ma so hs", "mshs", "ma dinh danh", "ma dinh danh hoc sinh", "ma dinh danh hs", "student id", "student code"],
    ),
    (Field::LocalCode, "Mã học sinh của trường", &["ma hoc sinh truong", "ma noi bo", "ma hoc sinh noi bo"]),
    (Field::Status, "Trạng thái", &["trang thai", "trang thai hs", "trang thai hoc sinh", "tinh trang", "tinh trang hoc sinh"]),
    (Field::StatusDate, "Ngày nhập trạng thái", &["ngay nhap trang thai", "ngay trang thai", "ngay thay doi trang thai"]),
    (
        Field::Phone,
        "Số điện thoại liên hệ",
        &[
            "sdt lien he", "so dien thoai lien he", "dien thoai lien he", "dt lien he", "so dt lien he", "so dien thoai",
            "sdt", "so dt", "dien thoai", "dien thoai dd", "dien thoai di dong", "so di dong", "di dong", "dtdd",
            "dien thoai gia dinh", "sdt gia dinh", "sdt phu huynh", "so dien thoai phu huynh", "dien thoai phu huynh",
            "dt phu huynh", "so dt phu huynh", "sdt ph", "sdt phhs", "dt phhs", "so dien thoai phhs", "sdt cha me", "sdt bo me", "sdt ba me",
            "so dien thoai cha me", "so dien thoai bo me", "dien thoai cha me", "phone",
        ],
    ),
    (Field::LearnerPhone, "Số điện thoại học sinh", &["dt hoc sinh", "sdt hoc sinh", "sdt hs", "dien thoai hoc sinh", "so dien thoai hoc sinh"]),
    (Field::Birthplace, "Nơi sinh", &["noi sinh", "noi sinh chi tiet", "noi sinh ghi theo giay khai sinh", "birthplace"]),
    (
        Field::Address,
        "Chỗ ở hiện nay",
        &["cho o hien nay", "cho o", "noi o", "noi o hien nay", "noi o hien tai", "cho o hien tai", "dia chi", "dia chi hien nay", "dia chi hien tai", "dia chi lien he", "dia chi lien lac", "dia chi nha", "address"],
    ),
    (
        Field::PermanentAddress,
        "Hộ khẩu thường trú",
        &["hktt", "ho khau thuong tru", "ho khau", "thuong tru", "noi thuong tru", "dia chi thuong tru", "noi dk hktt", "to thon hktt", "to thon xom hktt"],
    ),
    (Field::Hometown, "Quê quán", &["que quan", "nguyen quan"]),
    (Field::FatherName, "Họ tên cha", &["ten cha", "ho ten cha", "ho va ten cha", "ten bo", "ho ten bo", "ho va ten bo", "cha", "bo", "ho ten ba", "father", "father name"]),
    (Field::FatherPhone, "Số điện thoại cha", &["dt bo", "dt cha", "sdt cha", "sdt bo", "so dien thoai cha", "so dien thoai bo", "dien thoai cha", "dien thoai bo", "so dt cha", "so dt bo"]),
    (Field::MotherName, "Họ tên mẹ", &["ten me", "ho ten me", "ho va ten me", "me", "mother", "mother name"]),
    (Field::MotherPhone, "Số điện thoại mẹ", &["dt me", "sdt me", "so dien thoai me", "dien thoai me", "so dt me"]),
    (
        Field::GuardianName,
        "Họ tên người giám hộ",
        &["nguoi giam ho", "ten nguoi giam ho", "ho ten nguoi giam ho", "ho va ten nguoi giam ho", "nguoi do dau", "ho ten nguoi do dau", "ten nguoi do dau", "ho ten phu huynh", "ho va ten phu huynh", "ten phu huynh", "phu huynh"],
    ),
    (Field::GuardianPhone, "Số điện thoại người giám hộ", &["sdt nguoi giam ho", "dt nguoi giam ho", "dien thoai nguoi giam ho", "so dien thoai nguoi giam ho", "sdt nguoi do dau", "dt nguoi do dau"]),
    (Field::ClassName, "Lớp", &["lop", "lop hoc", "ten lop", "ma lop", "ten lop hoc", "lop hien tai", "class"]),
    (Field::Grade, "Khối", &["khoi", "khoi hoc", "khoi lop", "ten khoi", "grade"]),
    (Field::EnrolledOn, "Ngày vào trường", &["ngay vao truong", "ngay nhap hoc", "ngay vao hoc", "ngay tuyen sinh", "ngay tiep nhan"]),
    (Field::Email, "Email", &["email", "e mail", "thu dien tu", "dia chi email"]),
    (
        Field::NotTaken,
        "",
        &[
            "so cmnd", "cmnd", "cmt", "so cmt", "ngay cap", "noi cap", "nghe nghiep cha", "nghe cha", "nghe nghiep bo",
            "nghe bo", "nam sinh cha", "nam sinh bo", "nghe nghiep me", "nghe me", "nam sinh me", "ton giao",
            "dien chinh sach", "doi tuong chinh sach", "dien khuyet tat", "loai khuyet tat", "khuyet tat", "can ngheo", "ho ngheo",
            "ho can ngheo", "doan vien", "doi vien", "con giao vien", "ghi chu", "ma vemis", "so dang bo", "quoc tich",
            "tinh thanh que quan", "phuong xa que quan", "quan huyen que quan", "tinh thanh hktt", "phuong xa hktt",
            "quan huyen hktt", "tinh thanh pho", "xa phuong", "quan huyen", "so khai sinh", "bhyt", "so bhyt", "nhom mau",
            "ky ten", "chu ky", "anh", "note",
        ],
    ),
];

/// Words that people append to a header and that say nothing of its meaning.
pub const TAILS: &[&str] = &[
    " neu co", " hoc sinh", " hs", " cua hoc sinh", " dd mm yyyy", " dd mm yy", " ngay thang nam", " bat buoc", " day du",
    " 12 so", " 12 chu so", " 10 so", " x", " viet hoa", " chu in hoa", " in hoa", " vd",
];
