//! Which lead a form is about.

use lintel_domain::lead::LeadBorrower;
use lintel_domain::person::fold_email;
use lintel_store::db::Tx;
use lintel_store::fault::Fault;
use lintel_store::lead::{self, StoredLead};

use super::Taking;
use crate::lead::{borrower_of, loan_of};
use crate::signup::is_used;

impl Taking<'_> {
    /// The lead the form is for, as long as nobody signed up as it; or else the one it only says it
    /// is for.
    pub(super) async fn open_lead_in(
        &self,
        tx: &mut Tx,
    ) -> Result<(Option<StoredLead>, Option<StoredLead>), Fault> {
        let link = self.opened.link.as_ref();
        if link.is_some_and(is_used) {
            return Ok((None, None));
        }
        let Some(uid) = link.map(|link| &link.lead).or(self.source.as_ref()) else {
            return Ok((None, None));
        };
        let org = &self.org().id;
        let lead = lead::lock_in(tx, [org, org], uid).await?;
        let Some(lead) = lead.filter(|lead| lead.signup.is_none()) else {
            return Ok((None, None));
        };
        let is_theirs = link.is_some() || self.is_named_rightly(&lead)?;
        Ok(if is_theirs {
            (Some(lead), None)
        } else {
            (None, Some(lead))
        })
    }

    /// Whether a lead may be taken over by naming it. Its id is no secret as a link's code is: what
    /// somebody else said or was offered is shown and lost to the one with the same address only.
    fn is_named_rightly(&self, lead: &StoredLead) -> Result<bool, Fault> {
        let known = borrower_of(self.app, lead)?;
        if let Some(email) = &known.email {
            return Ok(fold_email(email) == fold_email(&self.email));
        }
        // What says nothing of anybody may be anybody's.
        let about_nobody = LeadBorrower {
            accepts_terms: known.accepts_terms,
            shows_in_pipeline: known.shows_in_pipeline,
            goes_to_crm: known.goes_to_crm,
            crm_lead_id: known.crm_lead_id.clone(),
            ..LeadBorrower::default()
        };
        Ok(known == about_nobody && loan_of(self.app, lead)?.is_none())
    }
}
