//! From data to PDF: official papers, registers, the transcript.
//!
//! A form is a Typst template (`crates/documents/forms/*.typ`); templates and the four fonts they use are part of the program, so that a
//! machine needs neither fonts nor a network. What a form says comes in as JSON, which the template reads as data: a learner's name is
//! never code of the template's language.
//!
//! Layout takes milliseconds of a processor: [`make`] does it beside the requests, a few at once.

mod house;
pub mod qr;
mod transcript;

pub use transcript::{Sheet, Signed, draw};

use chrono::{DateTime, Datelike, Timelike, Utc};
use kernel::{Error, Result};
use serde::Serialize;
use std::sync::LazyLock;
use tokio::sync::Semaphore;
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// What can be drawn; each is one template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Học bạ số of one learner and school year.
    Transcript,
    /// Sổ theo dõi và đánh giá học sinh of a class.
    Assessment,
    /// Bảng điểm: of one subject, or of all in a period.
    Marks,
    /// Sổ chủ nhiệm.
    Homeroom,
    /// Phiếu liên lạc, a page for each learner.
    Slips,
    /// Giấy khen, a page for each learner.
    Awards,
    /// Giấy chứng nhận of a training course.
    Certificate,
    /// Nhãn thiết bị: A4 sheets of labels with QR codes.
    Labels,
    /// Biển phòng: A4 sheets of door labels with QR codes.
    Doors,
    /// Kế hoạch bài dạy as it was approved.
    Plan,
    /// Biểu đồ tăng trưởng of one child.
    Growth,
    /// Kết quả khám sức khoẻ of a class.
    Health,
    /// Labelled values and tables: lists, sổ đăng bộ, sổ gọi tên, hồ sơ học sinh.
    Record,
}

impl Form {
    const fn template(self) -> &'static str {
        match self {
            Form::Transcript => "/transcript.typ",
            Form::Assessment => "/assessment.typ",
            Form::Marks => "/marks.typ",
            Form::Homeroom => "/homeroom.typ",
            Form::Slips => "/slip.typ",
            Form::Awards => "/award.typ",
            Form::Certificate => "/certificate.typ",
            Form::Labels => "/labels.typ",
            Form::Doors => "/doors.typ",
            Form::Plan => "/plan.typ",
            Form::Growth => "/growth.typ",
            Form::Health => "/health.typ",
            Form::Record => "/record.typ",
        }
    }
}

/// A file inside the PDF.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// As a reader shows it: `hoc-ba-….xml`.
    pub name: String,
    pub mime: String,
    /// One line for people.
    pub description: String,
    pub bytes: Vec<u8>,
}

/// What a PDF has beside its pages.
#[derive(Clone, Debug, Default)]
pub struct Extras {
    pub attachments: Vec<Attachment>,
    /// The moment of making, for what is kept for good: the file is then PDF/A-3b (ISO 19005-3), which allows attachments.
    pub archive: Option<DateTime<Utc>>,
}

/// A form as a PDF. Holds a processor for milliseconds to seconds: off the runtime, or through [`make`].
pub fn render(form: Form, data: &impl Serialize) -> Result<Vec<u8>> {
    render_with(form, data, &Extras::default())
}

pub fn render_with(form: Form, data: &impl Serialize, extras: &Extras) -> Result<Vec<u8>> {
    let desk = house::Desk::new(form.template(), serde_json::to_vec(data).map_err(Error::internal)?, &extras.attachments)?;
    let document = typst::compile::<typst_layout::PagedDocument>(&desk);
    let options = options(extras)?;
    let pdf = document.output.and_then(|document| typst_pdf::pdf(&document, &options));
    // What was laid out is kept for what comes next: templates and their parts for a few forms, and not for ever.
    typst::comemo::evict(4);
    pdf.map_err(|faults| {
        let texts: Vec<_> = faults.iter().map(|fault| fault.message.as_str()).collect();
        Error::internal(format!("the form {form:?} cannot be drawn: {}", texts.join("; ")))
    })
}

fn options(extras: &Extras) -> Result<PdfOptions> {
    let mut options = PdfOptions { creator: Smart::Custom(Some("Khuê".to_owned())), tagged: false, ..PdfOptions::default() };
    if let Some(at) = extras.archive {
        options.standards = PdfStandards::new(&[PdfStandard::A_3b]).map_err(|e| Error::internal(format!("{e:?}")))?;
        options.timestamp = moment(at).map(Timestamp::new_utc);
    }
    Ok(options)
}

fn moment(at: DateTime<Utc>) -> Option<Datetime> {
    let part = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

/// Heavy work is done at most on this many threads at once: one for each processor.
static HANDS: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// Works beside the requests (drawing, checking signatures): waits for a free hand, then runs on a thread that may block.
pub async fn beside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _hand = HANDS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// [`render_with`] [`beside`] the requests.
pub async fn make<T: Serialize + Send + 'static>(form: Form, data: T, extras: Extras) -> Result<Vec<u8>> {
    beside(move || render_with(form, &data, &extras)).await
}
