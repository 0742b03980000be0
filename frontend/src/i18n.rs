//! Texts of the pages: Vietnamese first, English beside it. A text that lacks a language does not compile.
//!
//! A page keeps its own texts beside itself with [`texts!`]; [`tx`] holds what many share. When the language changes, the whole
//! application is drawn anew, so a text is a plain `&str` and not a signal.

use dto::Lang;
use leptos::prelude::*;
use std::sync::LazyLock;

static LANG: LazyLock<ArcRwSignal<Lang>> = LazyLock::new(|| ArcRwSignal::new(Lang::Vi));

/// The language of the pages now. Not tracked.
pub fn lang() -> Lang {
    LANG.get_untracked()
}

/// Tracked: for the root, which draws all anew.
pub fn track() -> Lang {
    LANG.get()
}

pub fn set(lang: Lang) {
    if LANG.get_untracked() != lang {
        LANG.set(lang);
    }
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    pub vi: &'static str,
    pub en: &'static str,
}

/// The text in the language of the pages.
pub fn t(text: Text) -> &'static str {
    lang().pick(text.vi, text.en)
}

/// The text with its `{names}` filled in.
pub fn tf(text: Text, values: &[(&str, &str)]) -> String {
    values.iter().fold(t(text).to_owned(), |s, (name, value)| s.replace(&format!("{{{name}}}"), value))
}

/// `texts! { NAME: "Việt", "English"; … }` makes a constant of each.
macro_rules! texts {
    ($($name:ident: $vi:literal, $en:literal;)+) => {
        $(pub const $name: $crate::i18n::Text = $crate::i18n::Text { vi: $vi, en: $en };)+
    };
}
pub(crate) use texts;

/// What many pages say.
pub mod tx {
    super::texts! {
        APP: "Khuê", "Khuê";
        PROVINCE: "Trường học số của tỉnh", "The province's digital schools";
        SKIP: "Đến nội dung chính", "Skip to the content";
        SAVE: "Lưu", "Save";
        CANCEL: "Huỷ", "Cancel";
        CLOSE: "Đóng", "Close";
        RETRY: "Thử lại", "Try again";
        UNDO: "Hoàn tác", "Undo";
        MORE: "Xem thêm", "Show more";
        COPY: "Chép", "Copy";
        COPIED: "Đã chép", "Copied";
        SAVED: "Đã lưu", "Saved";
        PRINT: "In", "Print";
        LOADING: "Đang tải", "Loading";
        PICK_SCHOOL: "Hãy chọn trường", "Choose a school";
        PICK_SCHOOL_HOW: "Gõ vài chữ của tên trường vào ô ở trên.", "Type a part of its name into the field above.";
        ALL: "Tất cả", "All";
        NO_CONNECTION: "Không kết nối được với máy chủ. Hãy kiểm tra đường truyền rồi thử lại.", "The server cannot be reached. Check the connection and try again.";
        UNEXPECTED: "Máy chủ trả lời khác với mong đợi. Hãy tải lại trang; nếu vẫn vậy, hãy báo cho người hỗ trợ.", "The server answered in an unexpected way. Reload the page; if it stays so, tell support.";
        OFFLINE_BANNER: "Mất kết nối. Đăng nhập cần có mạng.", "No connection. Signing in needs the network.";
        OFFLINE_INSIDE: "Mất mạng. Các sổ điểm đã mở vẫn dùng được, điểm gõ được giữ trên máy.", "No connection. Sheets that you opened still work, and what you type is kept here.";
        OFFLINE_LOOK: "Xem các bảng mở được", "See what opens";
        FAULT_TITLE: "Chưa tải được", "This did not load";
        CLOSED_TITLE: "Mục này không mở cho bạn", "This is not open to you";
        CLOSED_TEXT: "Nếu việc của bạn cần, nhờ hiệu trưởng hoặc người quản trị cấp vai trò.", "If your work needs it, ask the principal or the administrator for the role.";
        REQUEST_ID: "Mã yêu cầu", "Request id";
        NOT_FOUND_TITLE: "Không tìm thấy trang này", "There is no such page";
        NOT_FOUND_TEXT: "Địa chỉ có thể đã đổi, hoặc bạn không có quyền xem.", "The address may have changed, or you may not see it.";
        GO_HOME: "Về trang chính", "Go to the start";
        NAV_MAIN: "Điều hướng chính", "Main navigation";
        HOME: "Hôm nay", "Today";
        UNITS: "Đơn vị", "Units";
        CLASSES: "Lớp học", "Classes";
        LEARNERS: "Học sinh", "Learners";
        STAFF: "Nhân sự", "Staff";
        ACCOUNTS: "Tài khoản", "Accounts";
        IMPORT: "Nhập từ Excel", "Import from Excel";
        MY_ACCOUNT: "Tài khoản của tôi", "My account";
        CHILDREN: "Các con", "My children";
        MY_RESULTS: "Kết quả của em", "My results";
        MY_CLASSES: "Lớp của tôi", "My classes";
        ADMINISTRATION: "Quản trị", "Administration";
        FIND: "Tìm học sinh, lớp…", "Find a learner or class…";
        FIND_TITLE: "Tìm nhanh", "Quick search";
        FIND_HINT: "Gõ tên không cần dấu, ví dụ: nguyen thi anh", "Type a name without marks, such as: nguyen thi anh";
        FIND_NOTHING: "Không thấy ai hay lớp nào như vậy", "Nobody and no class of that name";
        ME_SHORT: "Tôi", "Me";
        MORE_SHORT: "Thêm", "More";
        GO_TO: "Đi tới", "Go to";
        TYPE_TO_FIND: "Gõ để tìm", "Type to search";
        MENU: "Bảng điều hướng", "Side panel";
        SIGN_OUT: "Đăng xuất", "Sign out";
        THEME_SYSTEM: "Giao diện theo máy", "Theme of the system";
        THEME_LIGHT: "Giao diện sáng", "Light theme";
        THEME_DARK: "Giao diện tối", "Dark theme";
        OTHER_LANG: "English", "Tiếng Việt";
        SHOW_PASSWORD: "Hiện mật khẩu", "Show the password";
        HIDE_PASSWORD: "Ẩn mật khẩu", "Hide the password";
        HOMEROOM: "Chủ nhiệm", "Homeroom";
        NO_HOMEROOM: "Chưa phân công chủ nhiệm", "No homeroom teacher yet";
        FULL_NAME: "Họ và tên", "Full name";
        FAMILY_NAME: "Họ", "Family name";
        MIDDLE_NAME: "Tên đệm", "Middle name";
        GIVEN_NAME: "Tên", "Given name";
        BIRTH_DATE: "Ngày sinh", "Birth date";
        SEX: "Giới tính", "Sex";
        STATUS: "Trạng thái", "Status";
        CLASS: "Lớp", "Class";
        SCHOOL: "Trường", "School";
        GRADE: "Khối", "Grade";
        SCHOOL_YEAR: "Năm học", "School year";
        ROLE: "Vai trò", "Role";
        UNIT: "Đơn vị", "Unit";
        ORDINAL: "TT", "No.";
        PERSONAL_ID: "Số định danh cá nhân", "Personal ID";
        MINISTRY_CODE: "Mã định danh Bộ GD&ĐT", "Ministry code";
        ETHNICITY: "Dân tộc", "Ethnicity";
        PHONE: "Điện thoại", "Phone";
        LEARNERS_N: "{n} học sinh", "{n} learners";
        FEED: "Sổ liên lạc", "Contact book";
        SIGNING: "Ký học bạ", "Transcripts";
        KEYS: "Chứng thư số", "Certificates";
        OFFICE: "Hồ sơ nhà trường", "School records";
        THREADS: "Tin nhắn", "Messages";
        LEAVE: "Xin nghỉ", "Leave";
        NOTICES: "Thông báo", "Notices";
        DELIVERIES: "Tin chưa gửi được", "Messages not sent";
        REPORTS: "Tin bị báo xấu", "Reported messages";
        OF_CLASS: "{name} · lớp {class}", "{name} · class {class}";
        SCHOOL_YEARS: "Năm học", "School years";
        CLOSING_RUNS: "Chốt học kì", "Close a term";
        DEADLINES: "Hạn nhập điểm", "Marks deadlines";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_names() {
        assert_eq!(tf(tx::LEARNERS_N, &[("n", "45")]), "45 học sinh");
    }
}
