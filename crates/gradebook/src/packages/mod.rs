//! Transfer packages: a learner's record as one file, sealed by the school that gives it, for a school outside of these records; and
//! taking such a file in. Within one installation a transfer needs none: the record is one and stays.
//!
//! Nothing of a package is believed before the seal over its manifest is checked with the authorities that this server trusts; each
//! signed transcript in it is checked once more by itself. The health record is one more file, locked with a passphrase, and taken in
//! through the verbs of `records::health`, which seal it anew.

mod archive;
mod health;
mod record;
mod rows;

use crate::facts;
use crate::former::said;
use crate::former::years::{self, Checked, Kept};
use archive::{Fault, Manifest, Opened, Origin};
use chrono::{DateTime, Utc};
use documents::keys::{self, Providers};
use documents::rendering::beside;
use documents::signing;
use dto::access::Permission;
use dto::classes::PostEnrolment;
use dto::former_years::FormerYearSignature;
use dto::learners::{LearnerStatus, PostGuardian, PostLearner};
use dto::packages::{
    AcceptTransferPackage, CarriedHealth, DeclineTransferPackage, PackageAbout, PackageFile, PackageYear, PostTransferPackage,
    TransferPackage, TransferPackageState, WithdrawAcceptance,
};
use dto::page::{Page, PageQuery};
use dto::transcripts::SigningRole;
use dto::{Code, Lang, LearnerId, TransferPackageId, UnitId};
use kernel::{Ctx, Db, Error, Event, Result, clock, id};
use record::Record;
use records::health::DataKeys;
use records::{classes, learners};
use rows::Stored;
use serde_json::json;
use transcript::Trust;
use uuid::Uuid;

/// How many files a package holds beside its manifest and seal, once each was found to be as the manifest says. Whose seal it is, is not
/// asked here. None: it is no package, or not a whole one.
pub fn files(bytes: &[u8]) -> Option<usize> {
    archive::open(bytes).ok().map(|opened| opened.files.len())
}

/// Makes a package of a learner and says so in the log: to whom, and why; the family sees that the health record went along. Gives its
/// name and bytes.
///
/// Errors: `not_found` (the learner; a key that is not the school's), `signing_key_wrong`, `signing_key_expired`, `signing_unavailable`.
pub async fn make(
    db: &Db,
    ctx: &Ctx,
    (providers, data): (&Providers, &DataKeys),
    learner: LearnerId,
    body: &PostTransferPackage,
) -> Result<(String, Vec<u8>)> {
    let conn = db.read();
    let none = || Error::new(Code::NotFound);
    let found = learners::find_in(conn, ctx, Permission::TranscriptIssue, learner).await?;
    let school = found.school_id.ok_or_else(none)?;
    facts::whole_school(conn, ctx, Permission::TranscriptIssue, school).await?;
    let (to_school, reason) = (said("/to_school", &body.to_school)?, said("/reason", &body.reason)?);
    let signer = keys::open_seal(conn, ctx, providers, Some(school), body.key_id, body.password.as_deref()).await?;
    let card = facts::school_card(conn, school).await?;
    let package: Uuid = id::new();
    let carried = match &body.health_passphrase {
        None => None,
        Some(passphrase) => {
            let health = records::health::carried(conn, data, learner).await?;
            Some((health.counts(), health::lock(&health, passphrase, package).await?))
        }
    };
    let (counts, locked) = carried.unzip();
    let (_, mut files) = record::gather(db, ctx, (school, learner), counts.clone()).await?;
    files.extend(locked.map(|file| (health::HEALTH.to_owned(), file)));
    let manifest = Manifest {
        format: archive::FORMAT.to_owned(),
        id: package,
        made_at: clock::now(),
        from: Origin { code: card.code, name: card.name, place: card.place },
        to_school,
        reason,
        files: archive::entries(&files),
    };
    let text = archive::text(&manifest)?;
    let stamper = providers.stamper();
    let seal = signing::sign_file(&text, signer.as_ref(), stamper.as_deref()).await.map_err(keys::problem)?;
    let bytes = archive::pack(&text, &seal, &files)?;
    db.write(ctx, async |tx| {
        let mut events = vec![Event::new(Some(school), "transfer_package.made", "learner", learner).after(&manifest)];
        if let Some(counts) = &counts {
            events.push(records::health::note_carried_in(tx, school, learner, &manifest.to_school, counts).await?);
        }
        Ok(((), events))
    })
    .await?;
    Ok((format!("ho-so-chuyen-truong-{}.zip", manifest.id), bytes))
}

/// What was found in a package.
struct Found {
    opened: Opened,
    record: Record,
    seal: FormerYearSignature,
    /// A signed transcript for each year that has one, in the order of the record's years.
    signed: Vec<Option<Checked>>,
}

/// Opens and checks a package.
///
/// Errors: `package_not_valid` with what is wrong, `transcript_not_valid` of a transcript in it.
fn check(bytes: &[u8], trust: &Trust, at: DateTime<Utc>, lang: Lang) -> Result<Found> {
    let refused = |what: &str| Error::new(Code::PackageNotValid).with("what", what);
    let wrong = |fault: Fault| refused(fault.text(lang));
    let opened = archive::open(bytes).map_err(wrong)?;
    let seal = transcript::verify_file(&opened.sealed, &opened.seal, &opened.manifest.from.name, trust, at);
    if !seal.valid {
        let why: Vec<&str> = seal.faults.iter().map(|fault| lang.pick(fault.vi.as_str(), fault.en.as_str())).collect();
        return Err(refused(&why.join(" ")));
    }
    let record = record::read(&opened.files).map_err(wrong)?;
    let mut signed = Vec::with_capacity(record.years.len());
    for year in &record.years {
        let Some(file) = year.file.as_ref().and_then(|name| opened.files.get(name)) else {
            signed.push(None);
            continue;
        };
        let checked = years::check_signed(file, trust, at, lang)?;
        let own = checked.names(record.personal_id.as_deref(), &record.name.full(), record.birth_date);
        if !own || checked.school_year != year.school_year {
            return Err(wrong(Fault::Transcript));
        }
        signed.push(Some(checked));
    }
    let signed_at = seal.time_stamp.map(|stamp| stamp.time).or(Some(opened.manifest.made_at));
    let seal = FormerYearSignature { role: SigningRole::Seal, subject_code: None, signer: seal.signer, signed_at };
    Ok(Found { opened, record, seal, signed })
}

fn about(found: &Found) -> PackageAbout {
    let Found { opened: Opened { manifest, .. }, record, seal, .. } = found;
    PackageAbout {
        from_school: manifest.from.name.clone(),
        from_place: manifest.from.place.clone(),
        to_school: manifest.to_school.clone(),
        reason: manifest.reason.clone(),
        made_at: manifest.made_at,
        full_name: record.name.full(),
        birth_date: record.birth_date,
        sex: record.sex,
        personal_id: record.personal_id.clone(),
        seal: seal.clone(),
        guardians: u32::try_from(record.guardians.len()).unwrap_or(u32::MAX),
        years: record
            .years
            .iter()
            .rev()
            .map(|year| PackageYear {
                school_year: year.school_year.clone(),
                from_school: year.content.from_school.clone(),
                class_name: year.content.class_name.clone(),
                grade: year.content.grade,
                signed: year.file.is_some(),
            })
            .collect(),
        health: record.health.clone(),
        files: manifest
            .files
            .iter()
            .map(|file| PackageFile { name: file.name.clone(), size: file.size, sha256: file.sha256.clone() })
            .collect(),
    }
}

/// Receives a package: checks it and keeps it, for somebody to decide about.
///
/// Errors: `not_found`, `package_not_valid`, `transcript_not_valid`, `package_known`.
pub async fn receive(
    db: &Db,
    ctx: &Ctx,
    school: UnitId,
    bytes: Vec<u8>,
    trust: Trust,
    at: DateTime<Utc>,
) -> Result<TransferPackage> {
    facts::whole_school(db.read(), ctx, Permission::LearnerWrite, school).await?;
    let lang = ctx.lang;
    let (found, bytes) = beside(move || Ok((check(&bytes, &trust, at, lang)?, bytes))).await?;
    let (about, package) = (about(&found), found.opened.manifest.id);
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        facts::whole_school(conn, tx.ctx(), Permission::LearnerWrite, school).await?;
        if rows::known(conn, school, package).await? {
            return Err(Error::new(Code::PackageKnown));
        }
        let row = Stored {
            school_id: school,
            id: id::new(),
            state: TransferPackageState::Received,
            about: about.clone(),
            received_at: tx.now(),
            received_by: tx.ctx().account.map(Uuid::from),
            decided_at: None,
            decided_by: None,
            learner_id: None,
            note: None,
            brought: None,
        };
        rows::insert(conn, &row, package, &bytes).await?;
        let event = Event::new(Some(school), "transfer_package.received", "transfer_package", row.id).after(&row.about);
        Ok((row.answer(conn, tx.ctx()).await?, vec![event]))
    })
    .await
}

/// The packages that a school received, the newest first.
///
/// Errors: `not_found`, `bad_cursor`.
pub async fn list(db: &Db, ctx: &Ctx, school: UnitId, query: &PageQuery) -> Result<Page<TransferPackage>> {
    facts::whole_school(db.read(), ctx, Permission::LearnerWrite, school).await?;
    rows::list(db.read(), ctx, school, query).await
}

/// Takes the learner of a package in: a record with its guardians, a place in a class, and every school year of before.
///
/// Errors: `not_found` (the package, the class), `package_decided`, `personal_id_taken` where the child is known here already (the
/// record is claimed, and years are added to it), `package_health_locked` where there is a health record and neither its passphrase nor
/// the wish to leave it, `passphrase_wrong`, `invalid` with `/class_id` for a class of another school; as [`receive`] where the package
/// does not pass the check any more.
pub async fn accept(
    db: &Db,
    ctx: &Ctx,
    data: &DataKeys,
    package: TransferPackageId,
    body: &AcceptTransferPackage,
    trust: Trust,
    at: DateTime<Utc>,
) -> Result<TransferPackage> {
    let row = waiting(db, ctx, package).await?;
    let bytes = rows::bytes(db.read(), &row).await?;
    let lang = ctx.lang;
    let found = beside(move || check(&bytes, &trust, at, lang)).await?;
    let brought = unlocked(&found, body, lang).await?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let class = classes::find_in(conn, tx.ctx(), Permission::ClassWrite, body.class_id).await?;
        if class.school_id != row.school_id {
            return Err(Error::field("/class_id", Code::FieldChoice));
        }
        let Record { name, birth_date, sex, ethnicity, personal_id, ministry_code, guardians, years, .. } = found.record.clone();
        let new = PostLearner {
            school_id: row.school_id,
            name,
            birth_date,
            sex,
            ethnicity,
            personal_id,
            ministry_code,
            status: LearnerStatus::TransferredIn,
            since: body.enrolled_on,
        };
        let (learner, event) = learners::create_in(tx, &new).await?;
        let mut events = vec![event];
        let mut made = Vec::with_capacity(guardians.len());
        for one in guardians {
            let body = PostGuardian { relation: one.relation, guardian_id: None, name: Some(one.name), phone: one.phone };
            let (linked, event) = learners::link_guardian_in(tx, learner.id, &body).await?;
            made.push(linked.guardian_id);
            events.push(event);
        }
        let enrolment = PostEnrolment { learner_id: learner.id, enrolled_on: body.enrolled_on };
        events.extend(classes::enrol_in(tx, class.id, &enrolment).await?.1);
        if let Some(health) = &brought {
            events.push(records::health::bring_in(tx, data, (row.school_id, class.id, learner.id), health).await?);
        }
        for (year, signed) in years.into_iter().zip(&found.signed) {
            let file = signed
                .as_ref()
                .zip(year.file.as_ref())
                .and_then(|(checked, name)| Some((checked.signed.form.clone(), found.opened.files.get(name)?.clone())));
            let kept = Kept { school_year: year.school_year, content: year.content, file };
            events.push(years::keep_in(tx, row.school_id, learner.id, &kept, signed.as_ref()).await?);
        }
        let decided = Stored {
            state: TransferPackageState::Accepted,
            decided_at: Some(tx.now()),
            decided_by: tx.ctx().account.map(Uuid::from),
            learner_id: Some(learner.id),
            brought: Some(learners::brought_in(conn, learner.id, made).await?),
            ..row.clone()
        };
        rows::decide(conn, &decided).await?;
        let what = json!({ "learner": learner.id, "class": class.id, "health": brought.is_some() });
        events.push(Event::new(Some(row.school_id), "transfer_package.accepted", "transfer_package", row.id).after(&what));
        Ok((decided.answer(conn, tx.ctx()).await?, events))
    })
    .await
}

/// The health record that shall be taken in.
async fn unlocked(found: &Found, body: &AcceptTransferPackage, lang: Lang) -> Result<Option<CarriedHealth>> {
    let (Some(file), false) = (found.opened.files.get(health::HEALTH), body.without_health) else { return Ok(None) };
    let passphrase = body.health_passphrase.as_deref().ok_or_else(|| Error::new(Code::PackageHealthLocked))?;
    let opened = health::open(file, passphrase, found.opened.manifest.id).await?;
    opened.map(Some).map_err(|fault| Error::new(Code::PackageNotValid).with("what", fault.text(lang)))
}

/// Declines a package, with the reason.
///
/// Errors: `not_found`, `package_decided`.
pub async fn decline(db: &Db, ctx: &Ctx, package: TransferPackageId, body: &DeclineTransferPackage) -> Result<TransferPackage> {
    let row = waiting(db, ctx, package).await?;
    let reason = said("/reason", &body.reason)?;
    db.write(ctx, async |tx| {
        let decided = Stored {
            state: TransferPackageState::Declined,
            decided_at: Some(tx.now()),
            decided_by: tx.ctx().account.map(Uuid::from),
            note: Some(reason.clone()),
            ..row.clone()
        };
        rows::decide(tx.conn(), &decided).await?;
        let event = Event::new(Some(row.school_id), "transfer_package.declined", "transfer_package", row.id)
            .after(&json!({ "reason": reason }));
        Ok((decided.answer(tx.conn(), tx.ctx()).await?, vec![event]))
    })
    .await
}

/// Takes a decline back: the package waits again.
///
/// Errors: `not_found`, `package_not_declined`.
pub async fn reopen(db: &Db, ctx: &Ctx, package: TransferPackageId) -> Result<TransferPackage> {
    let row = rows::one(db.read(), package).await?;
    facts::whole_school(db.read(), ctx, Permission::LearnerWrite, row.school_id).await?;
    if row.state != TransferPackageState::Declined {
        return Err(Error::new(Code::PackageNotDeclined));
    }
    db.write(ctx, async |tx| {
        rows::wait_again(tx.conn(), &row).await?;
        let event = Event::new(Some(row.school_id), "transfer_package.reopened", "transfer_package", row.id).before(&row.note);
        Ok((rows::one(tx.conn(), package).await?.answer(tx.conn(), tx.ctx()).await?, vec![event]))
    })
    .await
}

/// Takes an acceptance back: learner, guardians, place in the class, years of before and the health record that came in go again, and the
/// package waits as it was received.
///
/// Errors: `not_found`, `package_not_accepted`, `package_rests` with what has been written, signed or changed since.
pub async fn withdraw(db: &Db, ctx: &Ctx, package: TransferPackageId, body: &WithdrawAcceptance) -> Result<TransferPackage> {
    let row = rows::one(db.read(), package).await?;
    facts::whole_school(db.read(), ctx, Permission::LearnerWrite, row.school_id).await?;
    let reason = said("/reason", &body.reason)?;
    db.write(ctx, async |tx| {
        let conn = tx.conn();
        let row = rows::one(conn, package).await?;
        let (TransferPackageState::Accepted, Some(learner)) = (row.state, row.learner_id) else {
            return Err(Error::new(Code::PackageNotAccepted));
        };
        let lang = tx.ctx().lang;
        let Some(brought) = &row.brought else {
            let why = lang.pick("gói được tiếp nhận trước khi hệ thống giữ dấu vết này", "it was taken in before this was kept");
            return Err(Error::new(Code::PackageRests).with("what", why));
        };
        let rests = learners::rests_in(conn, lang, learner, brought).await?;
        if !rests.is_empty() {
            return Err(Error::new(Code::PackageRests).with("what", rests.join("; ")));
        }
        rows::wait_again(conn, &row).await?;
        let gone = learners::withdraw_in(tx, row.school_id, learner, brought).await?;
        let event = Event::new(Some(row.school_id), "transfer_package.acceptance_undone", "transfer_package", row.id)
            .before(&learner)
            .after(&json!({ "reason": reason }));
        Ok((rows::one(conn, package).await?.answer(conn, tx.ctx()).await?, vec![gone, event]))
    })
    .await
}

/// A package of a school that the caller may take learners in for, on which nothing is decided.
async fn waiting(db: &Db, ctx: &Ctx, package: TransferPackageId) -> Result<Stored> {
    let row = rows::one(db.read(), package).await?;
    facts::whole_school(db.read(), ctx, Permission::LearnerWrite, row.school_id).await?;
    match row.state {
        TransferPackageState::Received => Ok(row),
        _ => Err(Error::new(Code::PackageDecided)),
    }
}
