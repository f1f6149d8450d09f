//! What is asked about borrowers.

use crate::table::entries;

entries! {
    ENTITY_TYPES {
        1 "individual" "Particular" "Individual";
        2 "sole_trader" "Empresário em nome individual" "Sole trader";
        3 "company" "Pessoa coletiva" "Company";
    }
}

entries! {
    IDENTIFICATION {
        1 "citizen_card" "Cartão de cidadão" "Citizen card";
        2 "identity_card" "Bilhete de identidade" "Identity card (former)" - retired;
        3 "passport" "Passaporte" "Passport";
        4 "residence_permit" "Título de residência" "Residence permit";
        5 "eu_registration" "Certificado de registo de cidadão da União Europeia" "Registration certificate of an EU citizen";
        6 "foreign_identity_card" "Documento de identificação estrangeiro" "Foreign identity card";
    }
}

entries! {
    MARITAL {
        1 "single" "Solteiro(a)" "Single";
        2 "married" "Casado(a)" "Married";
        3 "partnership" "União de facto" "Civil union";
        4 "divorced" "Divorciado(a)" "Divorced";
        5 "widowed" "Viúvo(a)" "Widowed";
        6 "separated" "Separado(a) judicialmente de pessoas e bens" "Judicially separated";
    }
}

entries! {
    REGIMES {
        1 "acquired_property" "Comunhão de adquiridos" "Community of acquired property";
        2 "general_community" "Comunhão geral de bens" "General community of property";
        3 "separation" "Separação de bens" "Separation of property";
        4 "foreign_or_other" "Outro regime convencionado ou estrangeiro" "Other agreed or foreign regime";
    }
}

entries! {
    RESIDENCE {
        1 "owned" "Casa própria sem encargos" "Owned without a loan";
        2 "owned_with_loan" "Casa própria com crédito à habitação" "Owned with a home loan";
        3 "rented" "Casa arrendada" "Rented";
        4 "family" "Casa de familiares" "Relatives' home";
        5 "employer" "Casa cedida pela entidade patronal" "Provided by the employer";
        9 "other" "Outra situação" "Other";
    }
}

entries! {
    GENDERS {
        1 "female" "Feminino" "Female";
        2 "male" "Masculino" "Male";
        3 "not_stated" "Não indicado" "Not stated";
    }
}

entries! {
    CONTRACTS {
        1 "permanent" "Contrato sem termo" "Permanent contract";
        2 "fixed_term" "Contrato a termo certo" "Fixed-term contract";
        3 "uncertain_term" "Contrato a termo incerto" "Contract of uncertain term";
        4 "public_service" "Vínculo de emprego público" "Public employment";
        5 "temporary_agency" "Trabalho temporário" "Temporary agency work";
        6 "services" "Prestação de serviços" "Contract for services";
        7 "traineeship" "Estágio profissional" "Traineeship";
        9 "none" "Sem contrato" "No contract";
    }
}

entries! {
    SITUATIONS {
        1 "employee" "Trabalhador por conta de outrem" "Employee";
        2 "self_employed" "Trabalhador independente" "Self-employed";
        3 "business_owner" "Empresário ou sócio-gerente" "Business owner or managing partner";
        4 "retired" "Reformado ou pensionista" "Retired or pensioner";
        5 "unemployed" "Desempregado" "Unemployed";
        6 "student" "Estudante" "Student";
        7 "household" "Doméstico" "Homemaker";
        8 "own_income" "Vive de rendimentos próprios" "Lives from own income";
    }
}

entries! {
    POSITIONS {
        1 "board" "Administração ou gerência" "Board or management";
        2 "director" "Direção" "Director";
        3 "head_of_unit" "Chefia ou coordenação" "Head of a unit or team";
        4 "specialist" "Quadro técnico superior" "Specialist";
        5 "technician" "Técnico" "Technician";
        6 "administrative" "Administrativo" "Administrative staff";
        7 "sales" "Comercial" "Sales";
        8 "operational" "Operacional" "Operational staff";
        99 "other" "Outra função" "Other position";
    }
}

entries! {
    RELATIONS {
        1 "spouse" "Cônjuge" "Spouse";
        2 "partner" "Unido(a) de facto" "Partner in a civil union";
        3 "parent" "Pai ou mãe" "Parent";
        4 "child" "Filho(a)" "Child";
        5 "sibling" "Irmão ou irmã" "Sibling";
        6 "other_relative" "Outro familiar" "Other relative";
        9 "none" "Sem relação familiar" "No family relation";
    }
}

entries! {
    BORROWERS {
        1 "key_borrower" "Primeiro titular" "Key borrower";
        2 "borrower" "Outro titular" "Borrower";
    }
}
