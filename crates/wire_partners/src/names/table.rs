//! The table of names: one line for each field, with its path, its name in Portuguese and in English.

use lintel_domain::finding::CreditField;

use super::Name;

macro_rules! names {
    ($($field:ident: $path:literal, $pt:literal, $en:literal;)+) => {
        /// The name of a field.
        pub(crate) const fn of(field: CreditField) -> Name {
            match field {
                $(CreditField::$field => Name {
                    path: $path,
                    pt: $pt,
                    en: $en,
                },)+
            }
        }
    };
}

names! {
    Body: "body", "Corpo do pedido", "Request body";
    Header: "header", "Cabeçalho", "Header";
    IdempotencyKey: "Idempotency-Key", "Chave de idempotência", "Idempotency key";
    Path: "path", "Recurso", "Resource";
    LineCount: "lineCount", "Número de linhas", "Number of rows";
    NextRecord: "nextRecord", "Registo seguinte", "Next record";
    PreviousRecord: "previousRecord", "Registo anterior", "Previous record";
    PageNumber: "pageNumber", "Número da página", "Page number";
    PageSize: "pageSize", "Dimensão da página", "Page size";
    Offset: "offset", "Deslocamento", "Offset";
    Limit: "limit", "Limite de linhas", "Limit of rows";
    FilterText: "filterByText", "Texto a procurar", "Text to look for";
    FilterFrom: "filterStatusLastDateFrom", "Data inicial do filtro", "First day of the filter";
    FilterTo: "filterStatusLastDateTo", "Data final do filtro", "Last day of the filter";
    FilterStatus: "filterSimulationStatus", "Estado a filtrar", "Status of the filter";
    Language: "Accept-Language", "Idioma", "Language";
    Query: "query", "Parâmetros do endereço", "Parameters of the address";
    ClientId: "xClientID", "Identificação do cliente", "Client id";
    ClientSecret: "xClientSecret", "Segredo do cliente", "Client secret";
    BrokerId: "xBrokerUID", "Intermediário de crédito", "Credit intermediary";
    Username: "xUsername", "Utilizador", "User";
    SessionToken: "sessionToken", "Sessão", "Session";
    ProductPurpose: "productPurposeId", "Finalidade do produto", "Purpose of the product";
    LoanPurpose: "loanPurposeId", "Finalidade do crédito", "Purpose of the loan";
    ProductScheme: "productSchemeId", "Regime do produto", "Product scheme";
    BankBranch: "branchId", "Balcão", "Branch";
    LoanAmount: "loanAmount", "Montante do crédito", "Amount of credit";
    LoanDuration: "loanDurationMonths", "Prazo do crédito", "Duration of the loan";
    UtilizationPeriod: "utilizationPeriodMonths", "Período de utilização", "Utilisation period";
    IndexTypeSubCategory: "indexTypeSubCategoryId", "Tipo de taxa", "Kind of rate";
    IndexType: "indexTypeId", "Indexante ou período de taxa fixa", "Index or fixed period";
    CrossSelling: "hasCrossSelling", "Vendas associadas facultativas", "Cross-selling";
    Property: "property", "Imóvel", "Property";
    PropertyTypology: "property.propertyTypologyId", "Tipologia do imóvel", "Typology of the property";
    EstimatedValue: "property.estimatedValue", "Valor estimado do imóvel", "Estimated value of the property";
    AcquisitionAmount: "property.acquisitionAmount", "Valor de aquisição", "Purchase price";
    AcquisitionDate: "property.acquisitionDate", "Data de aquisição", "Day of the purchase";
    PropertyDistrict: "property.districtId", "Distrito do imóvel", "District of the property";
    PropertyCounty: "property.countyId", "Concelho do imóvel", "Municipality of the property";
    PropertyParish: "property.parishId", "Freguesia do imóvel", "Parish of the property";
    PropertyAddress: "property.address", "Morada do imóvel", "Address of the property";
    PropertyDoorNumber: "property.doorNumber", "Número de porta", "Door number";
    PropertyFloor: "property.floor", "Andar", "Floor";
    PropertyZipCode: "property.zipCode", "Código postal do imóvel", "Postal code of the property";
    PropertyZipCodeLocal: "property.zipCodeLocal", "Extensão do código postal do imóvel", "Postal code extension of the property";
    GrossBuiltArea: "property.grossBuiltArea", "Área bruta de construção", "Gross built area";
    YearBuilt: "property.yearBuilt", "Ano de construção", "Year of building";
    Borrowers: "borrowers", "Proponentes", "Borrowers";
    BorrowerType: "borrowers[].borrowerTypeId", "Tipo de proponente", "Type of borrower";
    KeyBorrowerRelation: "borrowers[].keyBorrowerRelationId", "Relação com o primeiro proponente", "Relation to the key borrower";
    BorrowerName: "borrowers[].name", "Nome do proponente", "Name of the borrower";
    BorrowerNif: "borrowers[].nif", "NIF do proponente", "NIF of the borrower";
    BirthDate: "borrowers[].birthDate", "Data de nascimento", "Birth date";
    BorrowerEmail: "borrowers[].email", "Correio eletrónico do proponente", "Mail address of the borrower";
    BorrowerPhone: "borrowers[].phone", "Telefone do proponente", "Phone number of the borrower";
    MonthlyNetIncome: "borrowers[].monthlyNetIncome", "Rendimento líquido mensal", "Net income a month";
    OtherInstalments: "borrowers[].otherMonthlyInstalments", "Prestações mensais de outros créditos", "Monthly instalments of other credit";
    Dependents: "borrowers[].dependents", "Dependentes", "Dependants";
    EntityType: "borrowers[].entityTypeId", "Tipo de entidade", "Kind of person";
    Gender: "borrowers[].genderId", "Género", "Gender";
    Nationality: "borrowers[].nationalityId", "Nacionalidade", "Nationality";
    IdentificationDocument: "borrowers[].identificationDocumentId", "Tipo de documento de identificação", "Kind of identification document";
    IdentificationNumber: "borrowers[].identificationNumber", "Número do documento de identificação", "Number of the identification document";
    IdentificationValidity: "borrowers[].identificationValidity", "Validade do documento de identificação", "Validity of the identification document";
    MaritalStatus: "borrowers[].maritalStatusId", "Estado civil", "Marital status";
    MatrimonialRegime: "borrowers[].matrimonialRegimeId", "Regime de bens", "Matrimonial regime";
    ResidenceType: "borrowers[].residenceTypeId", "Tipo de residência", "Kind of residence";
    ResidenceSince: "borrowers[].residenceSince", "Data de início da residência", "Resident since";
    ResidenceCountry: "borrowers[].residenceCountryId", "País de residência", "Country of residence";
    ResidenceDistrict: "borrowers[].residenceDistrictId", "Distrito de residência", "District of residence";
    ResidenceCounty: "borrowers[].residenceCountyId", "Concelho de residência", "Municipality of residence";
    ResidenceParish: "borrowers[].residenceParishId", "Freguesia de residência", "Parish of residence";
    ResidenceAddress: "borrowers[].residenceAddress", "Morada de residência", "Address of residence";
    ResidenceZipCode: "borrowers[].residenceZipCode", "Código postal de residência", "Postal code of residence";
    ResidenceZipCodeLocal: "borrowers[].residenceZipCodeLocal", "Extensão do código postal de residência", "Postal code extension of residence";
    Profession: "borrowers[].professionId", "Profissão", "Profession";
    EmploymentContractType: "borrowers[].employmentContractTypeId", "Tipo de contrato de trabalho", "Kind of employment contract";
    EmploymentSituation: "borrowers[].employmentSituationId", "Situação profissional", "Employment situation";
    EmploymentPosition: "borrowers[].employmentDepartmentPositionId", "Função", "Position";
    Employer: "borrowers[].employer", "Entidade patronal", "Employer";
    EmployedSince: "borrowers[].employedSince", "Data de início do emprego", "Employed since";
    OtherIncome: "borrowers[].otherMonthlyIncome", "Outros rendimentos mensais", "Other income a month";
    TaxResident: "borrowers[].taxResident", "Residência fiscal", "Resident for tax";
    OwnsHousing: "borrowers[].ownsHousing", "Proprietário de habitação", "Owns housing already";
    FirstOwnHome: "borrowers[].firstOwnHome", "Primeira habitação própria permanente", "First own permanent home";
    YearlyTaxableIncome: "borrowers[].yearlyTaxableIncome", "Rendimento coletável anual", "Taxable income a year";
    DataConsent: "borrowers[].dataConsent", "Consentimento para o tratamento de dados", "Consent to the use of data";
    CreditBureauConsent: "borrowers[].creditBureauConsent", "Consentimento para consulta da Central de Responsabilidades de Crédito", "Consent to ask the central credit register";
    MarketingConsent: "borrowers[].marketingConsent", "Consentimento para comunicações comerciais", "Consent to marketing";
    LifeInsurance: "insurances.life", "Seguro de vida", "Life insurance";
    LifeInsuranceAmount: "insurances.life.monthlyPremium", "Prémio do seguro de vida", "Premium of the life insurance";
    LifeInsuranceExternal: "insurances.life.external", "Seguro de vida noutra seguradora", "Life insurance of another insurer";
    MultiRiskInsurance: "insurances.multiRisk", "Seguro multirriscos", "Multi-risk insurance";
    MultiRiskInsuranceAmount: "insurances.multiRisk.monthlyPremium", "Prémio do seguro multirriscos", "Premium of the multi-risk insurance";
    MultiRiskInsuranceExternal: "insurances.multiRisk.external", "Seguro multirriscos noutra seguradora", "Multi-risk insurance of another insurer";
    LoanToValue: "limits.loanToValue", "Rácio entre o crédito e o valor do imóvel (LTV)", "Loan to value";
    DebtService: "limits.debtServiceToIncome", "Taxa de esforço (DSTI)", "Debt service to income";
    Maturity: "limits.maturity", "Maturidade máxima", "Maximum maturity";
    BorrowerAge: "borrowers[].birthDate", "Idade do proponente", "Age of the borrower";
    Offer: "offer", "Oferta do banco", "The bank's offer";
    IndexValue: "indexValue", "Valor do indexante", "Value of the index";
    SimulationId: "simulationUniqueId", "Simulação", "Simulation";
    ProcessStatus: "processStatusID", "Estado do processo", "Status of the process";
    CancelReason: "cancelReasonId", "Motivo do cancelamento", "Reason of the cancellation";
    EsisHandedOver: "esis", "Entrega da FINE", "Hand-over of the information sheet";
    ProcessValidity: "expirationDate", "Validade", "Validity";
    Decision: "decision", "Decisão", "Decision";
    DecisionTerms: "decisionTerms", "Condições da decisão", "Terms of the decision";
    InformationAsked: "information", "Informação pedida", "Information asked for";
    DocumentTitle: "documentTitle", "Título do documento", "Title of the document";
    DocumentType: "documentTypeID", "Tipo de documento", "Kind of document";
    DocumentFileName: "fileName", "Nome do ficheiro", "File name";
    DocumentObservations: "documentObservations", "Observações do documento", "Observations on the document";
    DocumentContent: "documentContent", "Conteúdo do documento", "Content of the document";
    DocumentBorrower: "borrowerUniqueId", "Proponente do documento", "Borrower of the document";
    MessageSubject: "subject", "Assunto", "Subject";
    MessageText: "text", "Texto da mensagem", "Text of the message";
    SendAddress: "sendAddress", "Endereço de envio", "Address to send to";
    IgnoreRules: "ignoreRules", "Ignorar regras", "Ignore rules";
    EsisDocument: "esis", "FINE", "Information sheet";
    ProposalStatus: "proposalStatusID", "Estado da proposta", "Status of the proposal";
    ProposalValidity: "validUntil", "Validade da proposta", "Validity of the proposal";
    NotificationType: "notificationType", "Tipo de notificação", "Type of notification";
    CallbackUrl: "callbackUrl", "Endereço de notificação", "Callback address";
    CallbackSecret: "secret", "Segredo das notificações", "Secret of the callbacks";
    CallbackActive: "isActive", "Notificação ativa", "Callback switched on";
    EchoSubject: "simulationUniqueId", "Processo ou simulação do eco", "Process or simulation of the echo";
    EchoBody: "rawBody", "Corpo do eco", "Body of the echo";
    PartnerId: "partnerUniqueID", "Parceiro", "Partner";
    NetworkName: "networkName", "Nome da rede", "Name of the network";
    IntermediaryName: "intermediaryName", "Nome do intermediário", "Name of the intermediary";
    IntermediaryNif: "intermediaryNif", "NIF do intermediário", "NIF of the intermediary";
    IntermediaryNumber: "intermediaryNumber", "Número do intermediário", "Number of the intermediary";
    UserName: "userName", "Nome do utilizador", "Name of the user";
    UserEmail: "userEmail", "Correio eletrónico do utilizador", "Mail address of the user";
    OfferText: "offerText", "Texto da oferta", "Text of the offer";
    IndexText: "indexText", "Valores do indexante", "Values of the index";
    IntermediaryParticulars: "intermediaryParticulars", "Registo, morada ou telefone do intermediário", "Registration, address or telephone of the intermediary";
}
