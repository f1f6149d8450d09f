//! The information sheet (ESIS, FINE) of a process.

use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lintel_domain::finding::CreditField;
use lintel_edge::one::one;
use lintel_processes as processes;

use super::process_id;
use crate::answer::Answer;
use crate::call::Call;
use crate::problem::Problem;
use crate::read::Found;
use crate::routes::Routes;
use crate::write::Object;

/// Longest mail address (RFC 5321, section 4.5.3.1).
const ADDRESS_MAX: usize = 254;

pub(super) fn routes() -> Routes {
    Routes::new()
        .noted("/processes/{processUniqueId}/esis", get(one(esis)), "GET")
        .noted(
            "/processes/{processUniqueId}/esis/email",
            get(one(mail)).post(one(mail)),
            "GET,POST",
        )
}

async fn esis(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let (_, ignores_rules) = asked(&call)?;
    let pdf = processes::fine(&call.app, call.caller(), &id, ignores_rules).await?;
    Ok(Answer::ok(Object::new().with("esis", STANDARD.encode(pdf))))
}

/// A GET that sends is the public text's; the POST is ours. Both take everything from the query.
async fn mail(call: Call) -> Result<Answer, Problem> {
    let id = process_id(&call)?;
    let (address, ignores_rules) = asked(&call)?;
    let how = (address.as_deref(), ignores_rules);
    processes::mail_fine(&call.app, call.caller(), &id, how).await?;
    Ok(Answer::ok(Object::new().with("sendAddress", address)))
}

fn asked(call: &Call) -> Result<(Option<String>, bool), Problem> {
    let found = Found::new();
    let query = call.query().object(&found);
    let address = query.text_line("sendAddress", CreditField::SendAddress, ADDRESS_MAX);
    let ignores = query.flag("ignoreRules", CreditField::IgnoreRules);
    let read = (address.value(), ignores.value().unwrap_or(false));
    found.refuse()?;
    Ok(read)
}
