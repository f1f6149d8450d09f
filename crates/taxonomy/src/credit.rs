//! What is lent for, against what, and what it costs.

use crate::table::entries;

entries! {
    /// What the home is used for: taxes and limits go by it. Ids 2 to 4 are those seen at a bank of
    /// the market; it refuses 1 and 5, so nothing has them here.
    PRODUCT_PURPOSES {
        2 "own_permanent_home" "Habitação própria permanente" "Own permanent home";
        3 "secondary_home" "Habitação própria secundária" "Secondary home";
        4 "rental" "Habitação para arrendamento" "Home to let";
    }
}

entries! {
    LOAN_PURPOSES {
        1 "purchase" "Aquisição" "Purchase";
        2 "construction" "Construção" "Construction";
        3 "works" "Obras" "Works";
        4 "purchase_and_works" "Aquisição e obras" "Purchase and works";
        5 "transfer" "Transferência de crédito de outra instituição" "Transfer of a loan from another lender";
        6 "transfer_with_reinforcement" "Transferência de crédito com reforço" "Transfer of a loan with a further amount";
        7 "land" "Aquisição de terreno para construção" "Purchase of land to build on";
    }
}

entries! {
    /// The codes are those of the rule book's table of costs, and the duties on a credit.
    CHARGES {
        1 "file_fee" "Comissão de estudo ou abertura" "File or arrangement fee";
        2 "valuation" "Avaliação do imóvel" "Valuation of the property";
        3 "formalisation_fee" "Comissão de formalização" "Formalisation fee";
        4 "monthly_processing_fee" "Comissão de processamento de prestação" "Instalment processing fee";
        5 "mortgage_registration" "Registo da hipoteca" "Registration of the mortgage";
        6 "broker_fee" "Comissão de intermediário de crédito" "Credit intermediary's fee";
        7 "other_credit_fee" "Outras comissões do crédito" "Other fees of the credit";
        8 "life_insurance" "Seguro de vida" "Life insurance";
        9 "home_insurance" "Seguro multirriscos" "Home insurance";
        10 "payment_protection" "Seguro de proteção do crédito" "Payment protection insurance";
        11 "account_fee" "Comissão de manutenção de conta" "Account maintenance fee";
        12 "card_fee" "Anuidade de cartão" "Card fee";
        13 "package_fee" "Comissão de conta pacote" "Package account fee";
        14 "imt" "Imposto municipal sobre as transmissões onerosas de imóveis (IMT)" "Municipal property transfer tax (IMT)";
        15 "purchase_stamp_duty" "Imposto do selo sobre a aquisição" "Stamp duty on the purchase";
        16 "notary" "Escritura ou documento particular autenticado" "Deed or authenticated private document";
        17 "transfer_registration" "Registo da aquisição" "Registration of the purchase";
        18 "default_charge" "Comissão de recuperação de valores em dívida" "Charge on arrears";
        19 "early_repayment_fee" "Comissão de reembolso antecipado" "Early repayment fee";
        20 "credit_stamp_duty" "Imposto do selo sobre a utilização do crédito" "Stamp duty on the use of credit";
        21 "fee_stamp_duty" "Imposto do selo sobre comissões" "Stamp duty on fees";
        22 "interest_stamp_duty" "Imposto do selo sobre juros" "Stamp duty on interest";
    }
}

entries! {
    /// T for flats and V for houses, followed by the number of bedrooms.
    TYPOLOGIES {
        1 "T0" "Apartamento T0" "Studio flat (T0)";
        2 "T1" "Apartamento T1" "Flat with 1 bedroom (T1)";
        3 "T2" "Apartamento T2" "Flat with 2 bedrooms (T2)";
        4 "T3" "Apartamento T3" "Flat with 3 bedrooms (T3)";
        5 "T4" "Apartamento T4" "Flat with 4 bedrooms (T4)";
        6 "T5" "Apartamento T5" "Flat with 5 bedrooms (T5)";
        7 "T6" "Apartamento T6 ou superior" "Flat with 6 or more bedrooms (T6+)";
        11 "V1" "Moradia V1" "House with 1 bedroom (V1)";
        12 "V2" "Moradia V2" "House with 2 bedrooms (V2)";
        13 "V3" "Moradia V3" "House with 3 bedrooms (V3)";
        14 "V4" "Moradia V4" "House with 4 bedrooms (V4)";
        15 "V5" "Moradia V5" "House with 5 bedrooms (V5)";
        16 "V6" "Moradia V6 ou superior" "House with 6 or more bedrooms (V6+)";
        20 "land" "Terreno para construção" "Building land";
        21 "building" "Prédio em propriedade total" "Whole building";
    }
}

entries! {
    CANCEL_REASONS {
        1 "withdrawn" "Desistência do cliente" "Withdrawn by the customer";
        2 "other_lender" "Cliente optou por outra instituição" "Customer chose another lender";
        3 "purchase_failed" "Negócio de compra não concretizado" "The purchase fell through";
        4 "terms_not_accepted" "Condições não aceites" "Terms not accepted";
        5 "papers_missing" "Documentação não obtida" "Papers could not be obtained";
        6 "circumstances_changed" "Alteração da situação do cliente" "The customer's circumstances changed";
        7 "new_simulation" "Substituído por nova simulação" "Replaced by a new simulation";
        8 "duplicate" "Pedido duplicado" "Duplicate application";
        9 "entered_by_mistake" "Erro de registo" "Entered by mistake";
        99 "other" "Outro motivo" "Other reason";
    }
}
