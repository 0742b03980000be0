//! Who asks, and may they.

use crate::middleware::RequestInfo;
use crate::problem::ApiError;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use dto::Code;
use dto::access::Permission;
use kernel::{Ctx, Error};
use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::ops::Deref;

/// A permission as a type.
pub trait Needs {
    const PERMISSION: Permission;
}

/// One type a permission: `Can<can::MarkWrite>`.
pub mod can {
    use super::Needs;
    use dto::access::Permission;

    macro_rules! markers {
        ($($name:ident),+ $(,)?) => {$(
            pub struct $name;
            impl Needs for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )+};
    }
    markers!(
        AccountSelf,
        AccountRead,
        AccountWrite,
        UnitRead,
        UnitWrite,
        UnitReorganise,
        CalendarRead,
        CalendarWrite,
        ClassRead,
        ClassWrite,
        LearnerRead,
        LearnerWrite,
        StaffRead,
        StaffWrite,
        StaffSelf,
        TrainingWrite,
        AssignmentWrite,
        ImportWrite,
        FileImport,
        QualityRead,
        QualityWrite,
        MarkRead,
        MarkWrite,
        ConductWrite,
        ResultRead,
        TermClose,
        TermCloseUnit,
        TermReopen,
        CouncilWrite,
        YearClose,
        YearRollover,
        FamilyRead,
        ContactFamily,
        ContactFeed,
        ContactThread,
        ContactReview,
        NoticeWrite,
        LeaveAnswer,
        DeliveryManage,
        FacilityRead,
        FacilityWrite,
        FacilitySign,
        FacilityManage,
        FinanceRead,
        FinanceWrite,
        FinanceSign,
        FinanceManage,
        GrowthRead,
        GrowthWrite,
        PreschoolWrite,
        DeadlineWrite,
        PhraseWrite,
        PlanWrite,
        PlanDecide,
        TranscriptRead,
        TranscriptPrepare,
        TranscriptSign,
        KeyOwn,
        TranscriptIssue,
        TranscriptRevoke,
        FileWrite,
        StorageRead,
        LearnerMerge,
        TransferRead,
        TransferWrite,
        TransferDecide,
        TransferFamily,
        HealthRead,
        HealthWrite,
        HealthOpen,
        HealthAlert,
        HealthCount,
        ConsentGive,
        ConsentRead,
        ConsentWrite,
        PurposeWrite,
        ErasureWrite,
        ErasureConfirm,
        PublicationWrite,
        ExitManage,
        ExchangeManage,
        TeachingPlanRead,
        TeachingPlanWrite,
        TeachingPlanReview,
        SubjectGroupWrite,
    );
}

/// The caller, signed in, with the permission `P`. Synchronous and first: no body is read for who may not send it.
pub struct Can<P>(Ctx, PhantomData<P>);

impl<P> Deref for Can<P> {
    type Target = Ctx;
    fn deref(&self) -> &Ctx {
        &self.0
    }
}

impl<P: Needs + 'static> FromRequest for Can<P> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(check::<P>(req).map(|ctx| Can(ctx, PhantomData)).map_err(ApiError))
    }
}

fn check<P: Needs>(req: &HttpRequest) -> Result<Ctx, Error> {
    let extensions = req.extensions();
    let info = extensions.get::<RequestInfo>().ok_or_else(|| Error::internal("no request info"))?;
    let ctx = match &info.token {
        None => return Err(Error::new(Code::Unauthenticated)),
        Some(Err(code)) => return Err(Error::new(*code)),
        Some(Ok(ctx)) => ctx,
    };
    if ctx.must_change_password && P::PERMISSION != Permission::AccountSelf {
        return Err(Error::new(Code::PasswordChangeRequired));
    }
    if !ctx.can(P::PERMISSION) {
        return Err(Error::new(Code::Forbidden).with("permission", P::PERMISSION.label(ctx.lang)));
    }
    Ok(ctx.clone())
}

/// A caller who need not have signed in.
pub struct Anyone {
    pub ctx: Ctx,
    /// Where the request comes from, for throttling.
    pub address: std::net::IpAddr,
}

impl FromRequest for Anyone {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let extensions = req.extensions();
        ready(match extensions.get::<RequestInfo>() {
            Some(info) => Ok(Anyone { ctx: info.anonymous(), address: info.address }),
            None => Err(ApiError(Error::internal("no request info"))),
        })
    }
}
