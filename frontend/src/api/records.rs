//! Units, school years, classes, learners, staff, imports.

use super::query::{Query, segment};
use super::{Result, delete, get, get_kept, post, post_empty, post_file, put, put_unversioned};
use chrono::NaiveDate;
use dto::calendar::*;
use dto::classes::*;
use dto::imports::*;
use dto::learners::*;
use dto::staff::*;
use dto::units::*;
use dto::{ClassId, GuardianId, ImportId, LearnerId, Page, SchoolYearId, StaffId, UnitId};

pub async fn units(query: &UnitQuery, after: Option<String>) -> Result<Page<Unit>> {
    let query = Query::new()
        .with("parent_id", query.parent_id)
        .with("kind", query.kind)
        .with("q", query.q.as_deref())
        .with("after", after);
    get(&query.with("limit", Some(200)).on("/units")).await
}

pub async fn unit(id: UnitId) -> Result<UnitDetail> {
    get(&format!("/units/{id}")).await
}

pub async fn create_unit(body: &PostUnit) -> Result<Unit> {
    post("/units", body).await
}

pub async fn put_unit(id: UnitId, version: i64, body: &PutUnit) -> Result<Unit> {
    put(&format!("/units/{id}"), version, body).await
}

pub async fn place_unit(id: UnitId, body: &PostPlacement) -> Result<UnitDetail> {
    post(&format!("/units/{id}/placements"), body).await
}

pub async fn school_years() -> Result<Page<SchoolYear>> {
    Ok(get_kept("/school-years").await?.0)
}

pub async fn create_school_year(body: &PutSchoolYear) -> Result<SchoolYear> {
    post("/school-years", body).await
}

pub async fn put_school_year(id: SchoolYearId, version: i64, body: &PutSchoolYear) -> Result<SchoolYear> {
    put(&format!("/school-years/{id}"), version, body).await
}

pub async fn subjects() -> Result<Page<Subject>> {
    get("/subjects").await
}

pub async fn classes(query: &ClassQuery, after: Option<String>) -> Result<Page<Class>> {
    let query = Query::new()
        .with("school_id", query.school_id)
        .with("school_year_id", query.school_year_id)
        .with("grade", query.grade)
        .with("q", query.q.as_deref())
        .with("after", after);
    get(&query.with("limit", Some(200)).on("/classes")).await
}

/// Page after page.
pub async fn all_classes(query: ClassQuery) -> Result<Vec<Class>> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = classes(&query, after).await?;
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(found);
        }
    }
}

pub async fn class(id: ClassId) -> Result<Class> {
    Ok(get_kept(&format!("/classes/{id}")).await?.0)
}

pub async fn create_class(body: &PostClass) -> Result<Class> {
    post("/classes", body).await
}

pub async fn put_class(id: ClassId, version: i64, body: &PutClass) -> Result<Class> {
    put(&format!("/classes/{id}"), version, body).await
}

pub async fn members(id: ClassId) -> Result<Page<ClassMember>> {
    get(&format!("/classes/{id}/members")).await
}

pub async fn enrol(id: ClassId, body: &PostEnrolment) -> Result<ClassMember> {
    post(&format!("/classes/{id}/members"), body).await
}

/// Takes a learner out of the class; `left_on` is the first day on which they are not in it.
pub async fn leave_class(id: ClassId, learner: LearnerId, left_on: NaiveDate) -> Result<()> {
    delete(&format!("/classes/{id}/members/{learner}?left_on={left_on}")).await
}

pub async fn freeze_ordinals(id: ClassId) -> Result<Class> {
    post_empty(&format!("/classes/{id}/ordinals")).await
}

pub async fn class_subjects(id: ClassId) -> Result<Page<ClassSubject>> {
    Ok(get_kept(&format!("/classes/{id}/subjects")).await?.0)
}

pub async fn put_class_subjects(id: ClassId, body: &PutClassSubjects) -> Result<Page<ClassSubject>> {
    put_unversioned(&format!("/classes/{id}/subjects"), body).await
}

pub async fn subject_learners(id: ClassId, subject: &str) -> Result<Page<LearnerId>> {
    get(&format!("/classes/{id}/subjects/{}/learners", segment(subject))).await
}

pub async fn put_subject_learners(id: ClassId, subject: &str, body: &PutSubjectEnrolments) -> Result<Page<LearnerId>> {
    put_unversioned(&format!("/classes/{id}/subjects/{}/learners", segment(subject)), body).await
}

pub async fn topic_learners(id: ClassId, subject: &str) -> Result<Page<LearnerId>> {
    get(&format!("/classes/{id}/subjects/{}/topic-learners", segment(subject))).await
}

pub async fn put_topic_learners(id: ClassId, subject: &str, body: &PutSubjectEnrolments) -> Result<Page<LearnerId>> {
    put_unversioned(&format!("/classes/{id}/subjects/{}/topic-learners", segment(subject)), body).await
}

pub async fn learners(query: &LearnerQuery, limit: u64, after: Option<String>) -> Result<Page<LearnerItem>> {
    let query = Query::new()
        .with("q", query.q.as_deref())
        .with("school_id", query.school_id)
        .with("grade", query.grade)
        .with("class_id", query.class_id)
        .with("after", after);
    get(&query.with("limit", Some(limit)).on("/learners")).await
}

pub async fn learner(id: LearnerId) -> Result<LearnerDetail> {
    get(&format!("/learners/{id}")).await
}

pub async fn create_learner(body: &PostLearner) -> Result<Learner> {
    post("/learners", body).await
}

pub async fn put_learner(id: LearnerId, version: i64, body: &PutLearner) -> Result<Learner> {
    put(&format!("/learners/{id}"), version, body).await
}

pub async fn set_status(id: LearnerId, body: &PostStatus) -> Result<LearnerDetail> {
    post(&format!("/learners/{id}/statuses"), body).await
}

pub async fn add_guardian(id: LearnerId, body: &PostGuardian) -> Result<GuardianOf> {
    post(&format!("/learners/{id}/guardians"), body).await
}

pub async fn remove_guardian(id: LearnerId, guardian: GuardianId) -> Result<()> {
    delete(&format!("/learners/{id}/guardians/{guardian}")).await
}

pub async fn staff(query: &StaffQuery, after: Option<String>) -> Result<Page<Staff>> {
    let query = Query::new()
        .with("unit_id", query.unit_id)
        .with("position", query.position)
        .with("q", query.q.as_deref())
        .with("after", after);
    get(&query.on("/staff")).await
}

/// All who have a post at a unit: the pages of the list, one after the other.
pub async fn all_staff(unit: UnitId) -> Result<Vec<Staff>> {
    let query = StaffQuery { unit_id: Some(unit), ..Default::default() };
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = staff(&query, after).await?;
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

pub async fn create_staff(body: &PostStaff) -> Result<Staff> {
    post("/staff", body).await
}

pub async fn put_staff(id: StaffId, version: i64, body: &PutStaff) -> Result<Staff> {
    put(&format!("/staff/{id}"), version, body).await
}

pub async fn add_post(id: StaffId, body: &PostPost) -> Result<Staff> {
    post(&format!("/staff/{id}/posts"), body).await
}

pub async fn staff_member(id: StaffId) -> Result<Staff> {
    get(&format!("/staff/{id}")).await
}

/// Classes and subjects taught, and homeroom classes, of the current school year.
pub async fn teaching() -> Result<Page<TeachingItem>> {
    Ok(get_kept("/me/teaching").await?.0)
}

/// Sends the file and answers its dry run.
pub async fn upload(query: &ImportQuery, file: web_sys::File) -> Result<Import> {
    let query = Query::new()
        .with("school_id", Some(query.school_id))
        .with("school_year_id", query.school_year_id)
        .with("class_name", query.class_name.as_deref())
        .with("grade", query.grade)
        .with("file_name", query.file_name.as_deref())
        .with("sheet", query.sheet.as_deref());
    post_file(&query.on("/imports"), file).await
}

pub async fn imports(school: UnitId) -> Result<Page<ImportItem>> {
    get(&Query::new().with("school_id", Some(school)).on("/imports")).await
}

pub async fn import(id: ImportId) -> Result<Import> {
    get(&format!("/imports/{id}")).await
}

pub async fn apply_import(id: ImportId, body: &ApplyImport) -> Result<Import> {
    post(&format!("/imports/{id}/apply"), body).await
}

pub async fn undo_import(id: ImportId) -> Result<Import> {
    post_empty(&format!("/imports/{id}/undo")).await
}
