//! What preschool children reach.

use super::query::segment;
use super::{Result, get, put_unversioned};
use dto::calendar::Grade;
use dto::preschool::*;
use dto::{ClassId, LearnerId, Page, UnitId};

pub async fn items(school: UnitId, list: PreschoolList, grade: Grade) -> Result<PreschoolItems> {
    get(&format!("/units/{school}/preschool/{list}/{grade}")).await
}

pub async fn put_items(school: UnitId, list: PreschoolList, grade: Grade, body: &PutPreschoolItems) -> Result<PreschoolItems> {
    put_unversioned(&format!("/units/{school}/preschool/{list}/{grade}"), body).await
}

pub async fn stages(class: ClassId, list: PreschoolList) -> Result<PreschoolStages> {
    get(&format!("/classes/{class}/preschool/{list}")).await
}

pub async fn put_stage(class: ClassId, number: u8, body: &PutPreschoolStage) -> Result<PreschoolStage> {
    put_unversioned(&format!("/classes/{class}/preschool-stages/{number}"), body).await
}

pub async fn sheet(class: ClassId, list: PreschoolList, stage: u8) -> Result<PreschoolSheet> {
    get(&format!("/classes/{class}/preschool/{list}/{stage}")).await
}

pub async fn put_sheet(class: ClassId, list: PreschoolList, stage: u8, body: &PutPreschool) -> Result<PreschoolSaved> {
    put_unversioned(&format!("/classes/{class}/preschool/{list}/{stage}"), body).await
}

pub async fn cell_history(
    class: ClassId,
    list: PreschoolList,
    stage: u8,
    learner: LearnerId,
    code: &str,
) -> Result<Page<PreschoolChange>> {
    get(&format!("/classes/{class}/preschool/{list}/{stage}/{learner}/{}/history", segment(code))).await
}

pub async fn of_child(learner: LearnerId) -> Result<ChildPreschool> {
    get(&format!("/me/children/{learner}/preschool")).await
}
