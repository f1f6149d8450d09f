//! Credit intermediaries: kinds of Decreto-Lei 81-C/2017, and what a bank keeps of them.

use crate::table::entries;

entries! {
    /// The three categories of articles 4 to 6 of the regime.
    TYPES {
        1 "tied" "Intermediário de crédito vinculado" "Tied credit intermediary";
        2 "ancillary" "Intermediário de crédito a título acessório" "Ancillary credit intermediary";
        3 "untied" "Intermediário de crédito não vinculado" "Untied credit intermediary";
    }
}

entries! {
    SUB_TYPES {
        11 "tied_one_lender" "Vinculado a um mutuante" "Tied to one lender" in 1;
        12 "tied_several_lenders" "Vinculado a vários mutuantes ou grupos" "Tied to several lenders or groups" in 1;
        13 "tied_with_advice" "Vinculado, com serviços de consultoria" "Tied, with advisory services" in 1;
        21 "ancillary_goods" "Fornecedor de bens" "Supplier of goods" in 2;
        22 "ancillary_services" "Prestador de serviços" "Supplier of services" in 2;
        31 "untied_mediation" "Não vinculado, sem serviços de consultoria" "Untied, without advisory services" in 3;
        32 "untied_with_advice" "Não vinculado, com serviços de consultoria" "Untied, with advisory services" in 3;
    }
}

entries! {
    CLASSIFICATIONS {
        1 "standard" "Base" "Standard";
        2 "preferred" "Preferencial" "Preferred";
        3 "strategic" "Estratégico" "Strategic";
    }
}

entries! {
    FEE_TYPES {
        1 "percent_of_amount" "Percentagem do montante contratado" "Percentage of the amount lent";
        2 "fixed_per_contract" "Valor fixo por contrato" "Fixed amount per contract";
        3 "volume_tiers" "Percentagem por escalões de produção" "Percentage by tiers of volume";
        4 "annual_bonus" "Prémio anual de produção" "Annual production bonus";
        5 "none" "Sem remuneração pelo banco" "Not paid by the bank";
    }
}

entries! {
    STATUSES {
        1 "pending" "Em adesão" "Joining";
        2 "active" "Ativo" "Active";
        3 "suspended" "Suspenso" "Suspended";
        4 "inactive" "Inativo" "Inactive";
    }
}

entries! {
    IVA_REGIMES {
        1 "exempt_activity" "Isenção: operações de intermediação de crédito" "Exempt: credit intermediation";
        2 "small_business" "Regime especial de isenção" "Exemption scheme for small businesses";
        3 "normal_quarterly" "Regime normal, periodicidade trimestral" "Normal scheme, quarterly";
        4 "normal_monthly" "Regime normal, periodicidade mensal" "Normal scheme, monthly";
    }
}

entries! {
    RETENTION_REGIMES {
        1 "withheld" "Sujeito a retenção na fonte" "Subject to withholding tax";
        2 "waived" "Dispensado de retenção na fonte" "Withholding tax waived";
        3 "not_subject" "Não sujeito a retenção na fonte" "Not subject to withholding tax";
        4 "non_resident" "Não residente" "Non-resident";
    }
}

entries! {
    EXTRACT_PERIODICITY {
        1 "monthly" "Mensal" "Monthly";
        2 "quarterly" "Trimestral" "Quarterly";
        3 "half_yearly" "Semestral" "Half-yearly";
        4 "yearly" "Anual" "Yearly";
    }
}
