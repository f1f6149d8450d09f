//! The shape of problems, in both languages.

use lintel_app::error::AppError;
use lintel_domain::finding::{Bound, CreditField, CreditRule, Finding};
use lintel_domain::id::RowId;
use lintel_domain::refusal::{Denial, Noun, Refusal};
use lintel_edge::BodyError;

use super::Problem;
use crate::language::Language;

fn body(problem: &Problem, language: Language) -> String {
    String::from_utf8(problem.value(language, "c-1").bytes()).expect("UTF-8")
}

#[test]
fn golden_problems() {
    let subject = RowId::new("0193f000-0000-7000-8000-000000000001".to_owned());
    let problem: Problem = AppError::from(Refusal::Findings(vec![
        Finding::new(CreditField::LoanAmount, CreditRule::Missing),
        Finding::at(CreditField::BorrowerNif, 1, CreditRule::CheckDigit),
        Finding::new(
            CreditField::DocumentType,
            CreditRule::PaperMissing { document_type: 0 },
        )
        .about(subject),
    ]))
    .into();
    assert_eq!(
        body(&problem, Language::Portuguese),
        concat!(
            r#"{"type":"about:blank","title":"Pedido inválido","status":400,"#,
            r#""detail":"O pedido não pode ser aceite; os erros dizem porquê.","#,
            r#""correlationId":"c-1","errors":["#,
            r#"{"code":"030501","field":"loanAmount","#,
            r#""message":"Montante do crédito: é obrigatório."},"#,
            r#"{"code":"050505","field":"borrowers[1].nif","#,
            r#""message":"NIF do proponente: tem um dígito de controlo errado."},"#,
            r#"{"code":"090217","field":"documentTypeID","#,
            r#""message":"Tipo de documento: falta um documento deste tipo.","#,
            r#""uniqueID":"0193f000-0000-7000-8000-000000000001","documentTypeID":0}]}"#
        )
    );
    assert_eq!(
        body(&Problem::no_session(), Language::English),
        concat!(
            r#"{"type":"about:blank","title":"Unauthorized","status":401,"#,
            r#""detail":"There is no living session.","correlationId":"c-1","#,
            r#""errors":[{"code":"020519","field":"sessionToken","message":"Session: is over."}]}"#
        )
    );
    let bad = Problem::from(BodyError::BadJson { line: 2, column: 7 });
    assert_eq!(
        body(&bad, Language::English),
        concat!(
            r#"{"type":"about:blank","title":"Bad Request","status":400,"#,
            r#""detail":"The body of the request is not a valid JSON document. (line 2, column 7)","#,
            r#""correlationId":"c-1","#,
            r#""errors":[{"code":"010102","field":"body","message":"Request body: cannot be read (line 2, column 7)."}]}"#
        )
    );
}

#[test]
fn refusals_have_their_status() {
    let status = |refusal: Refusal| Problem::from(refusal).status.as_u16();
    let what = Noun::Process;
    assert_eq!(status(Refusal::NotFound { what }), 404);
    assert_eq!(
        status(Refusal::WrongState {
            what,
            is: "approved"
        }),
        409
    );
    assert_eq!(status(Refusal::Stale { what }), 412);
    for (denial, expected) in [
        (Denial::PartnerUnknown, 401),
        (Denial::PartnerSessionOver, 401),
        (Denial::NotPermitted, 403),
        (Denial::SecondPersonNeeded, 403),
        (Denial::PartnerThrottled { wait_seconds: 9 }, 429),
    ] {
        assert_eq!(status(Refusal::Denied(denial)), expected);
    }
    let finding = Finding::new(CreditField::Limit, CreditRule::TooLarge(Bound::Count(9)));
    assert_eq!(status(Refusal::Findings(vec![finding])), 400);
}

#[test]
fn what_is_not_there_looks_alike_whatever_it_is() {
    let of = |what| {
        body(
            &Problem::from(Refusal::NotFound { what }),
            Language::Portuguese,
        )
    };
    assert_eq!(of(Noun::Process), of(Noun::Simulation));
    assert_eq!(of(Noun::Process), of(Noun::CallbackDelivery));
}
