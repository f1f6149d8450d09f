//! Papers of a process: their kinds, and which of them are needed when.

use crate::table::entries;
use crate::{List, entry, has_code};

entries! {
    CATEGORIES {
        1 "identification" "Identificação" "Identification";
        2 "income" "Rendimentos" "Income";
        3 "banking" "Situação bancária e responsabilidades" "Accounts and debts";
        4 "property" "Imóvel" "Property";
        5 "credit" "Crédito" "Credit";
        6 "insurance" "Seguros" "Insurance";
        9 "other" "Outros" "Other";
    }
}

entries! {
    TYPES {
        1 "identification_document" "Documento de identificação" "Identification document" in 1;
        2 "proof_of_address" "Comprovativo de morada" "Proof of address" in 1;
        3 "marriage_record" "Assento de casamento ou convenção antenupcial" "Marriage record or prenuptial agreement" in 1;
        4 "residence_permit" "Título de residência em Portugal" "Residence permit for Portugal" in 1;
        10 "irs_return" "Declaração de IRS (modelo 3)" "Income tax return" in 2;
        11 "irs_assessment" "Nota de liquidação de IRS" "Income tax assessment" in 2;
        12 "payslips" "Recibos de vencimento dos últimos 3 meses" "Payslips of the last 3 months" in 2;
        13 "employer_statement" "Declaração da entidade patronal" "Employer's statement" in 2;
        14 "employment_contract" "Contrato de trabalho" "Employment contract" in 2;
        15 "activity_statement" "Declaração de início ou alterações de atividade" "Statement of start of self-employment" in 2;
        16 "green_receipts" "Recibos verdes dos últimos 6 meses" "Self-employed receipts of the last 6 months" in 2;
        17 "company_accounts" "Contas da empresa (IES)" "Company accounts" in 2;
        18 "pension_statement" "Comprovativo de pensão" "Pension statement" in 2;
        19 "rental_income" "Comprovativo de rendas recebidas" "Proof of rental income" in 2;
        20 "bank_statements" "Extratos bancários dos últimos 3 meses" "Bank statements of the last 3 months" in 3;
        21 "credit_register" "Mapa de responsabilidades de crédito" "Report of the central credit register" in 3;
        22 "loan_statements" "Extratos de outros créditos" "Statements of other loans" in 3;
        23 "outstanding_balance" "Declaração do capital em dívida na outra instituição" "Other lender's statement of the outstanding balance" in 3;
        30 "land_registry" "Certidão permanente do registo predial" "Land registry certificate" in 4;
        31 "tax_record" "Caderneta predial" "Property tax record" in 4;
        32 "use_licence" "Licença de utilização" "Use licence" in 4;
        33 "energy_certificate" "Certificado energético" "Energy certificate" in 4;
        34 "promissory_contract" "Contrato-promessa de compra e venda" "Promissory contract of purchase" in 4;
        35 "floor_plans" "Plantas do imóvel" "Floor plans" in 4;
        36 "works_budget" "Orçamento das obras" "Budget of the works" in 4;
        37 "building_permit" "Licença ou comunicação prévia de construção" "Building permit or prior notice" in 4;
        38 "condominium_statement" "Declaração de encargos do condomínio" "Statement of condominium charges" in 4;
        40 "signed_esis" "FINE assinada" "Signed ESIS" in 5;
        41 "consent" "Autorização de consulta e tratamento de dados" "Consent to data processing and enquiries" in 5;
        50 "life_insurance" "Proposta ou apólice de seguro de vida" "Life insurance proposal or policy" in 6;
        51 "home_insurance" "Proposta ou apólice de seguro multirriscos" "Home insurance proposal or policy" in 6;
        99 "other" "Outro documento" "Other document" in 9;
    }
}

/// Whose paper it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One for the whole process.
    Process,
    /// One for each borrower.
    Borrower,
}

/// When a paper is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// In every case.
    Always,
    /// Of employees.
    Employed,
    /// Of the self-employed.
    SelfEmployed,
    /// Of people who own or run a firm.
    BusinessOwner,
    /// Of pensioners.
    Retired,
    /// Of people who are married: the regime decides who must sign.
    Married,
    /// Of people who pay instalments elsewhere.
    OtherDebts,
    /// When a home or land is bought.
    Purchase,
    /// When something is built.
    Construction,
    /// When works are done.
    Works,
    /// When a loan is taken over from another lender.
    Transfer,
    /// Only when the bank asks for it.
    WhenAsked,
}

/// That a paper is needed: a kind may have several reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// Id of [`List::DocumentTypes`].
    pub document_type: u32,
    /// Whose paper it is; the same for all reasons of a kind.
    pub scope: Scope,
    /// The reason.
    pub when: When,
}

const fn of(scope: Scope, document_type: u32, when: When) -> Need {
    Need {
        document_type,
        scope,
        when,
    }
}

use Scope::{Borrower, Process};

/// Every kind of paper with its reasons, in the order of the kinds. Sensible practice of the market, not a rule
/// of law; what a bank wants beyond it, it asks for.
pub const NEEDS: &[Need] = &[
    of(Borrower, 1, When::Always),
    of(Borrower, 2, When::Always),
    of(Borrower, 3, When::Married),
    of(Borrower, 4, When::WhenAsked),
    of(Borrower, 10, When::Always),
    of(Borrower, 11, When::Always),
    of(Borrower, 12, When::Employed),
    of(Borrower, 13, When::Employed),
    of(Borrower, 14, When::WhenAsked),
    of(Borrower, 15, When::SelfEmployed),
    of(Borrower, 16, When::SelfEmployed),
    of(Borrower, 17, When::BusinessOwner),
    of(Borrower, 18, When::Retired),
    of(Borrower, 19, When::WhenAsked),
    of(Borrower, 20, When::Always),
    of(Borrower, 21, When::Always),
    of(Borrower, 22, When::OtherDebts),
    of(Process, 23, When::Transfer),
    of(Process, 30, When::Always),
    of(Process, 31, When::Always),
    of(Process, 32, When::WhenAsked),
    of(Process, 33, When::WhenAsked),
    of(Process, 34, When::Purchase),
    of(Process, 35, When::WhenAsked),
    of(Process, 36, When::Works),
    of(Process, 36, When::Construction),
    of(Process, 37, When::Construction),
    of(Process, 38, When::WhenAsked),
    of(Process, 40, When::WhenAsked),
    of(Borrower, 41, When::WhenAsked),
    of(Borrower, 50, When::WhenAsked),
    of(Process, 51, When::WhenAsked),
    of(Process, 99, When::WhenAsked),
];

/// What decides which papers a borrower hands in. What is not known is taken not to apply: the gap is
/// told of by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BorrowerSituation {
    /// Id of [`List::EmploymentSituations`].
    pub employment: Option<u32>,
    /// Id of [`List::MaritalStatuses`].
    pub marital: Option<u32>,
    /// Whether instalments are paid elsewhere.
    pub has_other_debts: bool,
}

/// The papers a borrower has to hand in before a process is submitted, each kind once.
pub fn of_borrower(of: &BorrowerSituation) -> impl Iterator<Item = &'static Need> {
    let of = *of;
    let employed = move |code| has_code(List::EmploymentSituations, of.employment, code);
    needed(Borrower, move |when| match when {
        When::Always => true,
        When::Employed => employed("employee"),
        When::SelfEmployed => employed("self_employed"),
        When::BusinessOwner => employed("business_owner"),
        When::Retired => employed("retired"),
        When::Married => has_code(List::MaritalStatuses, of.marital, "married"),
        When::OtherDebts => of.has_other_debts,
        When::Purchase | When::Construction | When::Works | When::Transfer | When::WhenAsked => {
            false
        }
    })
}

/// The papers a process needs before it is submitted, each kind once; by the id of
/// [`List::LoanPurposes`].
pub fn of_process(loan_purpose: Option<u32>) -> impl Iterator<Item = &'static Need> {
    let code = loan_purpose
        .and_then(|id| entry(List::LoanPurposes, id))
        .map_or("", |entry| entry.code);
    needed(Process, move |when| match when {
        When::Always => true,
        When::Purchase => matches!(code, "purchase" | "purchase_and_works" | "land"),
        When::Construction => code == "construction",
        When::Works => matches!(code, "works" | "purchase_and_works"),
        When::Transfer => matches!(code, "transfer" | "transfer_with_reinforcement"),
        When::Employed
        | When::SelfEmployed
        | When::BusinessOwner
        | When::Retired
        | When::Married
        | When::OtherDebts
        | When::WhenAsked => false,
    })
}

/// No kind has two reasons that can hold at once: a test sees to it.
fn needed(scope: Scope, holds: impl Fn(When) -> bool) -> impl Iterator<Item = &'static Need> {
    NEEDS
        .iter()
        .filter(move |need| need.scope == scope && holds(need.when))
}

/// Whose paper a kind is; none for a kind that is not known.
#[must_use]
pub fn scope(document_type: u32) -> Option<Scope> {
    NEEDS
        .iter()
        .find(|need| need.document_type == document_type)
        .map(|need| need.scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(needs: impl Iterator<Item = &'static Need>) -> Vec<u32> {
        needs.map(|need| need.document_type).collect()
    }

    #[test]
    fn every_kind_has_one_scope_and_needs_name_kinds() {
        for kind in TYPES {
            let scopes: Vec<Scope> = NEEDS
                .iter()
                .filter(|need| need.document_type == kind.id)
                .map(|need| need.scope)
                .collect();
            assert!(!scopes.is_empty(), "{}", kind.code);
            assert!(scopes.iter().all(|scope| *scope == scopes[0]));
            assert_eq!(scope(kind.id), Some(scopes[0]));
        }
        for need in NEEDS {
            assert!(entry(List::DocumentTypes, need.document_type).is_some());
        }
        assert_eq!(scope(98), None);
    }

    #[test]
    fn what_somebody_lives_from_decides() {
        let of = |code: &str| {
            let employment = crate::by_code(List::EmploymentSituations, code).map(|e| e.id);
            assert!(employment.is_some());
            ids(of_borrower(&BorrowerSituation {
                employment,
                ..BorrowerSituation::default()
            }))
        };
        assert_eq!(of("employee"), [1, 2, 10, 11, 12, 13, 20, 21]);
        assert_eq!(of("self_employed"), [1, 2, 10, 11, 15, 16, 20, 21]);
        assert_eq!(of("business_owner"), [1, 2, 10, 11, 17, 20, 21]);
        assert_eq!(of("retired"), [1, 2, 10, 11, 18, 20, 21]);
        assert_eq!(of("student"), [1, 2, 10, 11, 20, 21]);
        assert_eq!(
            ids(of_borrower(&BorrowerSituation::default())),
            [1, 2, 10, 11, 20, 21]
        );
        let married = BorrowerSituation {
            marital: Some(2),
            has_other_debts: true,
            ..BorrowerSituation::default()
        };
        assert_eq!(ids(of_borrower(&married)), [1, 2, 3, 10, 11, 20, 21, 22]);
    }

    #[test]
    fn the_purpose_decides() {
        assert_eq!(ids(of_process(Some(1))), [30, 31, 34]);
        assert_eq!(ids(of_process(Some(2))), [30, 31, 36, 37]);
        assert_eq!(ids(of_process(Some(3))), [30, 31, 36]);
        assert_eq!(ids(of_process(Some(4))), [30, 31, 34, 36]);
        assert_eq!(ids(of_process(Some(5))), [23, 30, 31]);
        assert_eq!(ids(of_process(Some(6))), [23, 30, 31]);
        assert_eq!(ids(of_process(Some(7))), [30, 31, 34]);
        assert_eq!(ids(of_process(None)), [30, 31]);
        assert_eq!(ids(of_process(Some(4_000))), [30, 31]);
    }

    #[test]
    fn no_kind_is_needed_twice() {
        for purpose in crate::list(List::LoanPurposes) {
            let mut kinds = ids(of_process(Some(purpose.id)));
            let all = kinds.len();
            kinds.dedup();
            assert_eq!(kinds.len(), all, "{}", purpose.code);
        }
    }
}
