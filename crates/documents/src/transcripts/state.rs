//! The way of a transcript (TT 70/2026 Đ.9): drafted, reconciled, signed by the subject teachers, by the homeroom teacher, by the
//! principal, sealed, issued; issued it is never edited, only revoked.

use dto::transcripts::{SigningRole, TranscriptState};
use dto::{Code, Lang};
use kernel::{Error, Result};

/// What somebody wants to do to a transcript as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Make its content again.
    Draft,
    Reconcile,
    /// Back to a draft; signatures that are there are void.
    Reopen,
    Issue,
    Revoke,
}

/// Where an act leads; `transcript_state` where it may not be done.
pub(crate) fn after(state: TranscriptState, act: Act, lang: Lang) -> Result<TranscriptState> {
    use TranscriptState::*;
    match (state, act) {
        (Draft, Act::Draft) => Ok(Draft),
        (Draft, Act::Reconcile) => Ok(Reconciled),
        (Reconciled | SubjectsSigned | HomeroomSigned | PrincipalSigned | Sealed, Act::Reopen) => Ok(Draft),
        (Sealed, Act::Issue) => Ok(Issued),
        (Issued, Act::Revoke) => Ok(Revoked),
        _ => Err(refused(state, lang)),
    }
}

pub(crate) fn refused(state: TranscriptState, lang: Lang) -> Error {
    Error::new(Code::TranscriptState).with("state", state.label(lang))
}

/// The state that signatures make of a reconciled transcript: `unsigned` is whether some of a role are still to come.
pub(crate) fn signed(unsigned: impl Fn(SigningRole) -> bool) -> TranscriptState {
    let steps = [
        (SigningRole::Subject, TranscriptState::Reconciled),
        (SigningRole::Homeroom, TranscriptState::SubjectsSigned),
        (SigningRole::Principal, TranscriptState::HomeroomSigned),
        (SigningRole::Seal, TranscriptState::PrincipalSigned),
    ];
    steps.into_iter().find(|(role, _)| unsigned(*role)).map_or(TranscriptState::Sealed, |(_, state)| state)
}

/// Whose turn it is in a state.
pub(crate) fn turn(state: TranscriptState) -> Option<SigningRole> {
    match state {
        TranscriptState::Reconciled => Some(SigningRole::Subject),
        TranscriptState::SubjectsSigned => Some(SigningRole::Homeroom),
        TranscriptState::HomeroomSigned => Some(SigningRole::Principal),
        TranscriptState::PrincipalSigned => Some(SigningRole::Seal),
        TranscriptState::Draft | TranscriptState::Sealed | TranscriptState::Issued | TranscriptState::Revoked => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTS: [Act; 5] = [Act::Draft, Act::Reconcile, Act::Reopen, Act::Issue, Act::Revoke];

    #[test]
    fn what_is_issued_is_only_revoked_and_what_is_revoked_stays_so() {
        let may = |state| ACTS.into_iter().filter(|act| after(state, *act, Lang::Vi).is_ok()).collect::<Vec<_>>();
        assert_eq!(may(TranscriptState::Issued), [Act::Revoke]);
        assert_eq!(may(TranscriptState::Revoked), []);
        assert_eq!(may(TranscriptState::Draft), [Act::Draft, Act::Reconcile]);
        assert_eq!(may(TranscriptState::Sealed), [Act::Reopen, Act::Issue]);
    }

    #[test]
    fn signatures_come_in_the_order_of_the_circular() {
        let mut left = SigningRole::ALL.to_vec();
        let mut states = vec![signed(|role| left.contains(&role))];
        while let Some(turn) = turn(states[states.len() - 1]) {
            assert_eq!(turn, left.remove(0));
            states.push(signed(|role| left.contains(&role)));
        }
        use TranscriptState::*;
        assert_eq!(states, [Reconciled, SubjectsSigned, HomeroomSigned, PrincipalSigned, Sealed]);
    }
}
