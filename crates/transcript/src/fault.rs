//! What can be wrong with a file or a signature, each with its own code and a sentence in both languages.

use serde::{Deserialize, Serialize};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub code: FaultCode,
    /// Where or what: the name of an element, of a certificate's holder. Never a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub vi: String,
    pub en: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.en)?;
        self.detail.as_ref().map_or(Ok(()), |detail| write!(f, " ({detail})"))
    }
}

impl std::error::Error for Fault {}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $code:literal, vi $vi:literal, en $en:literal;)*) => {
        /// The code of a [`Fault`]; written `kebab-case`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FaultCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)*
        }

        impl FaultCode {
            pub const ALL: &[FaultCode] = &[$(FaultCode::$name,)*];

            /// As it is written in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(FaultCode::$name => $code,)*
                }
            }

            fn sentences(self) -> (&'static str, &'static str) {
                match self {
                    $(FaultCode::$name => ($vi, $en),)*
                }
            }
        }
    };
}

faults! {
    TooLarge "too-large",
        vi "Tệp quá lớn, không phải học bạ số.",
        en "The file is too large to be a transcript.";
    NotOurs "not-ours",
        vi "Tệp này không phải học bạ số ở dạng XML hoặc PDF.",
        en "This file is not a digital transcript, neither XML nor PDF.";
    Truncated "truncated",
        vi "Tệp bị thiếu phần cuối: có thể đã tải về hoặc sao chép dở dang.",
        en "The end of the file is missing: it was probably copied or downloaded in part.";
    /// A document type or entities, which could make one file read as two.
    Entities "entities",
        vi "Tệp XML có khai báo kiểu tài liệu hoặc thực thể, học bạ số không được có.",
        en "The XML has a document type or entities, which a transcript must not have.";
    Malformed "malformed",
        vi "Tệp không đúng cấu trúc của học bạ số.",
        en "The file does not have the form of a transcript.";
    /// Two parts with one name, or a signed part in another place.
    Wrapping "wrapping",
        vi "Tệp có phần trùng tên hoặc nằm sai chỗ, dấu hiệu của việc tráo nội dung đã ký.",
        en "A part of the file is doubled or in the wrong place, as when signed content is swapped.";
    NotCanonical "not-canonical",
        vi "Tệp đã bị ghi lại ở dạng khác so với bản gốc.",
        en "The file was written anew in another form than the original.";
    /// The content itself cannot be written: when one is made, not when one is read.
    Content "content",
        vi "Nội dung học bạ có giá trị không ghi được.",
        en "The content has a value that cannot be written.";

    PdfUnsigned "pdf-unsigned",
        vi "Tệp PDF chưa có chữ ký số của nhà trường.",
        en "The PDF does not carry the school's signature.";
    PdfAppended "pdf-appended",
        vi "Tệp PDF đã bị thêm nội dung sau khi ký.",
        en "Something was added to the PDF after it was signed.";
    PdfMalformed "pdf-malformed",
        vi "Tệp PDF hỏng hoặc có cấu trúc khác với học bạ số.",
        en "The PDF is damaged or not built as a transcript is.";
    PdfChanged "pdf-changed",
        vi "Nội dung tệp PDF đã bị thay đổi sau khi ký.",
        en "The PDF was changed after it was signed.";
    PdfHash "pdf-hash",
        vi "Mã băm ghi trên tệp PDF không khớp với học bạ đính kèm.",
        en "The hash that the PDF states is not that of the transcript it carries.";

    Missing "missing-signature",
        vi "Thiếu một chữ ký bắt buộc.",
        en "A required signature is missing.";
    OutOfOrder "out-of-order",
        vi "Chữ ký được đặt trước khi có đủ các chữ ký phải có trước đó.",
        en "The signature was made before those that have to come first.";
    Again "signed-already",
        vi "Phần này đã được ký.",
        en "This part is signed already.";
    UnexpectedReference "unexpected-reference",
        vi "Chữ ký không gắn với đúng những phần mà vai trò này phải xác nhận.",
        en "The signature does not refer to exactly the parts that its role vouches for.";
    UnexpectedTransform "unexpected-transform",
        vi "Chữ ký dùng phép biến đổi không được chấp nhận.",
        en "The signature uses a transform that is not accepted.";
    UnexpectedAlgorithm "unexpected-algorithm",
        vi "Chữ ký dùng thuật toán không được chấp nhận.",
        en "The signature uses an algorithm that is not accepted.";
    ContentChanged "content-changed",
        vi "Nội dung học bạ đã bị thay đổi sau khi ký.",
        en "The content was changed after it was signed.";
    EarlierChanged "earlier-signature-changed",
        vi "Một chữ ký có trước đã bị thay đổi hoặc thay thế.",
        en "An earlier signature was changed or replaced.";
    DocumentChanged "document-changed",
        vi "Tài liệu đã bị thay đổi sau khi nhà trường đóng dấu.",
        en "The document was changed after the school sealed it.";
    PropertiesChanged "properties-changed",
        vi "Thông tin kèm chữ ký (thời gian, chứng thư, vai trò) đã bị thay đổi.",
        en "What goes with the signature (time, certificate, role) was changed.";
    SignatureInvalid "signature-invalid",
        vi "Giá trị chữ ký không đúng.",
        en "The signature value is wrong.";
    CertificateMalformed "certificate-malformed",
        vi "Không đọc được chứng thư số.",
        en "The certificate cannot be read.";
    CertificateMismatch "certificate-mismatch",
        vi "Chứng thư số kèm theo không phải chứng thư đã dùng để ký.",
        en "The certificate that is attached is not the one that was signed with.";
    Untrusted "untrusted",
        vi "Người ký không có chứng thư số do tổ chức tin cậy cấp.",
        en "The signer's certificate does not come from a trusted authority.";
    NotNamed "not-named",
        vi "Chữ ký hợp lệ nhưng của người không có tên trong học bạ ở vai trò này.",
        en "The signature is sound but belongs to somebody whom the transcript does not name in this role.";
    Revoked "revoked",
        vi "Chứng thư số đã bị thu hồi trước khi ký.",
        en "The certificate had been revoked.";
    /// By the time-stamp.
    Expired "expired",
        vi "Chứng thư số đã hết hạn tại thời điểm ký.",
        en "The certificate had expired when the signature was made.";
    /// Without a time-stamp nobody can tell when it was signed.
    ExpiredUnstamped "expired-unstamped",
        vi "Chứng thư số đã hết hạn và chữ ký không có dấu thời gian để chứng minh đã ký khi còn hạn.",
        en "The certificate has expired, and no time-stamp proves that it was signed before.";
    NotYetValid "not-yet-valid",
        vi "Chứng thư số chưa có hiệu lực tại thời điểm ký.",
        en "The certificate was not yet valid.";
    KeyUsage "key-usage",
        vi "Chứng thư số không được cấp để ký số.",
        en "The certificate is not for signing.";
    WeakKey "weak-key",
        vi "Khoá ký không thuộc loại được chấp nhận.",
        en "The key is not of an accepted kind or length.";
    TimeStamp "time-stamp-invalid",
        vi "Dấu thời gian không hợp lệ.",
        en "The time-stamp is not valid.";
    /// Of a responder (OCSP): not an answer, not from the authority, out of date, or that it does not know.
    RevocationAnswer "revocation-answer-invalid",
        vi "Trả lời về tình trạng thu hồi của chứng thư số không dùng được.",
        en "The answer on whether the certificate is revoked cannot be used.";
}

impl FaultCode {
    pub fn fault(self) -> Fault {
        let (vi, en) = self.sentences();
        Fault { code: self, detail: None, vi: vi.to_owned(), en: en.to_owned() }
    }

    pub fn because(self, detail: &str) -> Fault {
        Fault { detail: Some(detail.to_owned()), ..self.fault() }
    }
}
