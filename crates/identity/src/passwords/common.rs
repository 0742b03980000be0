//! Passwords that are tried first, in Vietnam and elsewhere. Folded: no marks, lower case, no spaces.

/// Whole passwords.
const COMMON: &str = "\
    00000000 11111111 11223344 111222333 112233445566 12341234 12345678 123456789 1234567890 0123456789 123123123 123321123 \
    12344321 123454321 147258369 159357456 19001009 23456789 66668888 68686868 77777777 79797979 86868686 87654321 88888888 \
    987654321 0987654321 99999999 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 a1234567 a12345678 a123456789 aa123456 aa123456@ \
    aa12345678 abc12345 abc123456 abcd1234 abcd1234@ abcdefgh abcdefghi asdfasdf asdfghjk asdfghjkl qaz123wsx qazwsxedc \
    qwer1234 qwerty12 qwerty123 qwerty1234 qwertyui qwertyuiop q1w2e3r4 zaq12wsx zxcvbnm1 zxcvbnm123 zxcvbnm, football \
    baseball basketball princess sunshine superman iloveyou iloveyou1 iloveyou2 iloveu123 trustno1 starwars whatever \
    computer internet samsung1 samsung123 facebook facebook1 google123 welcome1 welcome123 letmein1 michelle jennifer \
    dragon123 monkey123 master123 changeme changeme1 default1 test1234 testtest p@ssw0rd p@ssword passw0rd pa55word anhyeuem \
    emyeuanh anhnhoem emnhoanh anhyeuem123 yeuemnhieu yeuanhnhieu tinhyeu motconvit khongbiet khongco khongnho kobiet123 \
    toiyeuvietnam toiyeubanban vietnam1 vietnam123 vietnamvodich vodichvietnam conyeume conyeubome yeubome bomeyeu giadinh \
    giadinhtoi hanhphuc maimaiyeuem maiyeuem chuyentinh thienthan thienduong hoahong1 honghoa1 motngaymoi ngoisao1 \
    saobang1 nguyenvana nguyenvan1";

/// Words that are still weak when up to five digits or signs stand around them.
const STEMS: &str = "\
    password passwd matkhau matma matkhaumoi admin administrator quantri quantrivien hocsinh giaovien giaoviencn phuhuynh \
    hieutruong hieupho vanthu truonghoc truong nhatruong lophoc thaygiao cogiao thayco hoctro taikhoan dangnhap vietnam \
    hanoi saigon danang haiphong cantho hochiminh sogddt giaoduc bogiaoduc khue welcome letmein qwerty iloveyou anhyeuem \
    emyeuanh yeuem yeuanh user guest student teacher school test demo abc abcd abcdef asdf zxcvbnm";

/// `folded`: without marks, lower case, without spaces.
pub(super) fn is_common(folded: &str) -> bool {
    let letters = folded.trim_matches(|c: char| !c.is_alphabetic());
    COMMON.split(' ').any(|w| w == folded)
        || (folded.len() - letters.len() <= 5 && STEMS.split(' ').any(|w| w == letters))
        || is_run(folded)
}

/// Digits or letters that go up or down by one: "3456789", "hgfedcba".
fn is_run(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).all(|w| w[1] == w[0].wrapping_add(1)) || bytes.windows(2).all(|w| w[0] == w[1].wrapping_add(1))
}
