//! Titles and sentences of the statuses, Portuguese and English.

use axum::http::StatusCode;

pub(super) static NOBODY: (&str, &str) = (
    "As credenciais não são aceites.",
    "The credentials are not accepted.",
);
pub(super) static UNDER_WAY: (&str, &str) = (
    "O pedido com esta chave de idempotência ainda está a ser respondido.",
    "The request with this idempotency key is still being answered.",
);
pub(super) static TIMED_OUT: (&str, &str) = (
    "O pedido demorou demasiado. Tente novamente dentro de momentos.",
    "The request took too long. Try again in a moment.",
);
pub(super) static SLOW_BODY: (&str, &str) = (
    "O corpo do pedido não chegou a tempo.",
    "The body of the request did not arrive in time.",
);
pub(super) static NOT_JSON: (&str, &str) = (
    "O corpo do pedido não é um documento JSON válido.",
    "The body of the request is not a valid JSON document.",
);
pub(super) static TWICE: (&str, &str) = (
    "O corpo do pedido tem um membro repetido.",
    "The body of the request has a member twice.",
);
pub(super) static TOO_DEEP: (&str, &str) = (
    "O corpo do pedido tem demasiados níveis.",
    "The body of the request is nested too deeply.",
);
pub(super) static BROKEN: (&str, &str) = (
    "O corpo do pedido chegou incompleto.",
    "The body of the request broke off.",
);
pub(super) static SECOND_PERSON: (&str, &str) = (
    "A decisão cabe a outra pessoa.",
    "Somebody else has to decide.",
);

/// What a status is called.
pub(super) fn title(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("Pedido inválido", "Bad Request"),
        401 => ("Não autenticado", "Unauthorized"),
        403 => ("Não permitido", "Forbidden"),
        404 => ("Não encontrado", "Not Found"),
        405 => ("Método não permitido", "Method Not Allowed"),
        408 => ("Pedido demasiado lento", "Request Timeout"),
        409 => ("Conflito", "Conflict"),
        412 => ("Pré-condição falhada", "Precondition Failed"),
        413 => ("Pedido demasiado grande", "Content Too Large"),
        415 => ("Tipo de conteúdo não suportado", "Unsupported Media Type"),
        422 => ("Pedido não processável", "Unprocessable Content"),
        429 => ("Demasiados pedidos", "Too Many Requests"),
        503 => ("Serviço indisponível", "Service Unavailable"),
        _ => ("Erro interno", "Internal Server Error"),
    }
}

/// What a status means here.
pub(super) fn detail(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => (
            "O pedido não pode ser aceite; os erros dizem porquê.",
            "The request cannot be accepted; the errors say why.",
        ),
        401 => ("Não há uma sessão válida.", "There is no living session."),
        403 => (
            "A operação não é permitida a este utilizador.",
            "The operation is not permitted to this user.",
        ),
        404 => ("O recurso não existe.", "The resource does not exist."),
        405 => (
            "O recurso não tem este método.",
            "The resource does not have this method.",
        ),
        409 => (
            "O estado atual não permite a operação.",
            "The present state does not allow the operation.",
        ),
        412 => (
            "O recurso foi alterado entretanto.",
            "The resource changed meanwhile.",
        ),
        413 => (
            "O corpo do pedido é demasiado grande.",
            "The body of the request is too large.",
        ),
        415 => (
            "O corpo tem de ser JSON em UTF-8, sem compressão.",
            "The body has to be JSON in UTF-8, uncompressed.",
        ),
        422 => (
            "A chave de idempotência já foi usada para outro pedido.",
            "The idempotency key was used for another request.",
        ),
        429 => (
            "Demasiadas tentativas. Tente novamente mais tarde.",
            "Too many attempts. Try again later.",
        ),
        503 => (
            "O servidor está ocupado. Tente novamente dentro de momentos.",
            "The server is busy. Try again in a moment.",
        ),
        _ => ("Ocorreu um erro interno.", "Something failed on our side."),
    }
}
