//! The fields of the Portuguese market, group by group.

use crate::words::words;

words! {
    /// What a field is a part of.
    FieldGroup {
        /// The request itself: body, headers, paging.
        Request = "request",
        /// Who calls.
        Identification = "identification",
        /// Terms of the loan.
        Loan = "loan",
        /// The property.
        Property = "property",
        /// A borrower.
        Borrower = "borrower",
        /// Insurances.
        Insurance = "insurance",
        /// What the rules and the bank allow.
        Limit = "limit",
        /// A process.
        Process = "process",
        /// A paper.
        Document = "document",
        /// A message.
        Message = "message",
        /// The information sheet.
        Esis = "esis",
        /// A proposal.
        Proposal = "proposal",
        /// A callback.
        Callback = "callback",
        /// The bank's own records.
        Bank = "bank",
    }
}

words! {
    /// A field of the Portuguese market, in our words.
    CreditField {
        /// The body.
        Body = "body",
        /// A header.
        Header = "header",
        /// The idempotency key.
        IdempotencyKey = "idempotency_key",
        /// An id in the address.
        Path = "path",
        /// How many rows.
        LineCount = "line_count",
        /// The row to go on after.
        NextRecord = "next_record",
        /// The row to go back before.
        PreviousRecord = "previous_record",
        /// The page's number.
        PageNumber = "page_number",
        /// Rows of a page.
        PageSize = "page_size",
        /// Rows to skip.
        Offset = "offset",
        /// Rows to give.
        Limit = "limit",
        /// The text to look for.
        FilterText = "filter_text",
        /// First day of the filter.
        FilterFrom = "filter_from",
        /// Last day of the filter.
        FilterTo = "filter_to",
        /// Status of the filter.
        FilterStatus = "filter_status",
        /// The language.
        Language = "language",
        /// Another parameter of the address.
        Query = "query",
        /// The client id.
        ClientId = "client_id",
        /// The client secret.
        ClientSecret = "client_secret",
        /// The intermediary.
        BrokerId = "broker_id",
        /// The user.
        Username = "username",
        /// The session token.
        SessionToken = "session_token",
        /// Purpose of the product.
        ProductPurpose = "product_purpose",
        /// Purpose of the loan.
        LoanPurpose = "loan_purpose",
        /// Product scheme.
        ProductScheme = "product_scheme",
        /// Branch.
        BankBranch = "bank_branch",
        /// Amount of credit.
        LoanAmount = "loan_amount",
        /// Months to maturity.
        LoanDuration = "loan_duration",
        /// Months of the utilisation period.
        UtilizationPeriod = "utilization_period",
        /// Kind of rate.
        IndexTypeSubCategory = "index_type_sub_category",
        /// Index tenor or fixed period.
        IndexType = "index_type",
        /// With cross-selling.
        CrossSelling = "cross_selling",
        /// The property.
        Property = "property",
        /// Typology.
        PropertyTypology = "property_typology",
        /// Estimated value.
        EstimatedValue = "estimated_value",
        /// Price.
        AcquisitionAmount = "acquisition_amount",
        /// Day of the purchase.
        AcquisitionDate = "acquisition_date",
        /// District.
        PropertyDistrict = "property_district",
        /// Municipality.
        PropertyCounty = "property_county",
        /// Parish.
        PropertyParish = "property_parish",
        /// Street.
        PropertyAddress = "property_address",
        /// Door number.
        PropertyDoorNumber = "property_door_number",
        /// Floor.
        PropertyFloor = "property_floor",
        /// First four digits of the postal code.
        PropertyZipCode = "property_zip_code",
        /// Last three digits of the postal code.
        PropertyZipCodeLocal = "property_zip_code_local",
        /// Gross built area.
        GrossBuiltArea = "gross_built_area",
        /// Year of building.
        YearBuilt = "year_built",
        /// The list of borrowers.
        Borrowers = "borrowers",
        /// Type of borrower.
        BorrowerType = "borrower_type",
        /// Relation to the key borrower.
        KeyBorrowerRelation = "key_borrower_relation",
        /// Name.
        BorrowerName = "borrower_name",
        /// NIF.
        BorrowerNif = "borrower_nif",
        /// Birth date.
        BirthDate = "birth_date",
        /// Mail address.
        BorrowerEmail = "borrower_email",
        /// Phone number.
        BorrowerPhone = "borrower_phone",
        /// Net income a month.
        MonthlyNetIncome = "monthly_net_income",
        /// Instalments of other credit.
        OtherInstalments = "other_instalments",
        /// Dependants.
        Dependents = "dependents",
        /// Kind of person.
        EntityType = "entity_type",
        /// Gender.
        Gender = "gender",
        /// Nationality.
        Nationality = "nationality",
        /// Kind of identification document.
        IdentificationDocument = "identification_document",
        /// Its number.
        IdentificationNumber = "identification_number",
        /// Its validity.
        IdentificationValidity = "identification_validity",
        /// Marital status.
        MaritalStatus = "marital_status",
        /// Matrimonial regime.
        MatrimonialRegime = "matrimonial_regime",
        /// Kind of residence.
        ResidenceType = "residence_type",
        /// Resident since.
        ResidenceSince = "residence_since",
        /// Country of residence.
        ResidenceCountry = "residence_country",
        /// District of residence.
        ResidenceDistrict = "residence_district",
        /// Municipality of residence.
        ResidenceCounty = "residence_county",
        /// Parish of residence.
        ResidenceParish = "residence_parish",
        /// Street of residence.
        ResidenceAddress = "residence_address",
        /// First digits of the postal code of residence.
        ResidenceZipCode = "residence_zip_code",
        /// Last digits of the postal code of residence.
        ResidenceZipCodeLocal = "residence_zip_code_local",
        /// Profession.
        Profession = "profession",
        /// Kind of employment contract.
        EmploymentContractType = "employment_contract_type",
        /// Employment situation.
        EmploymentSituation = "employment_situation",
        /// Position.
        EmploymentPosition = "employment_position",
        /// Employer.
        Employer = "employer",
        /// Employed since.
        EmployedSince = "employed_since",
        /// Other income a month.
        OtherIncome = "other_income",
        /// Resident for tax.
        TaxResident = "tax_resident",
        /// Owns housing already.
        OwnsHousing = "owns_housing",
        /// First own permanent home.
        FirstOwnHome = "first_own_home",
        /// Taxable income a year.
        YearlyTaxableIncome = "yearly_taxable_income",
        /// Consent to the use of data.
        DataConsent = "data_consent",
        /// Consent to ask the central credit register.
        CreditBureauConsent = "credit_bureau_consent",
        /// Consent to marketing.
        MarketingConsent = "marketing_consent",
        /// Life insurance.
        LifeInsurance = "life_insurance",
        /// Premium of the life insurance.
        LifeInsuranceAmount = "life_insurance_amount",
        /// Life insurance of another insurer.
        LifeInsuranceExternal = "life_insurance_external",
        /// Multi-risk insurance.
        MultiRiskInsurance = "multi_risk_insurance",
        /// Premium of the multi-risk insurance.
        MultiRiskInsuranceAmount = "multi_risk_insurance_amount",
        /// Multi-risk insurance of another insurer.
        MultiRiskInsuranceExternal = "multi_risk_insurance_external",
        /// Loan to value.
        LoanToValue = "loan_to_value",
        /// Debt service to income.
        DebtService = "debt_service",
        /// Maturity by age.
        Maturity = "maturity",
        /// Age of a borrower.
        BorrowerAge = "borrower_age",
        /// The bank's offer.
        Offer = "offer",
        /// Value of the index.
        IndexValue = "index_value",
        /// The simulation.
        SimulationId = "simulation_id",
        /// Status of the process.
        ProcessStatus = "process_status",
        /// Reason of the cancellation.
        CancelReason = "cancel_reason",
        /// Information sheet handed over.
        EsisHandedOver = "esis_handed_over",
        /// Validity.
        ProcessValidity = "process_validity",
        /// The decision.
        Decision = "decision",
        /// Terms of the decision.
        DecisionTerms = "decision_terms",
        /// What is asked for.
        InformationAsked = "information_asked",
        /// Title.
        DocumentTitle = "document_title",
        /// Kind of paper.
        DocumentType = "document_type",
        /// File name.
        DocumentFileName = "document_file_name",
        /// Observations.
        DocumentObservations = "document_observations",
        /// Content.
        DocumentContent = "document_content",
        /// Borrower it is about.
        DocumentBorrower = "document_borrower",
        /// Subject.
        MessageSubject = "message_subject",
        /// Text.
        MessageText = "message_text",
        /// Address to send it to.
        SendAddress = "send_address",
        /// Whether rules are ignored.
        IgnoreRules = "ignore_rules",
        /// The sheet itself.
        EsisDocument = "esis_document",
        /// Status of the proposal.
        ProposalStatus = "proposal_status",
        /// Validity of the proposal.
        ProposalValidity = "proposal_validity",
        /// Type of notification.
        NotificationType = "notification_type",
        /// Address that is called.
        CallbackUrl = "callback_url",
        /// Secret callbacks are signed with.
        CallbackSecret = "callback_secret",
        /// Whether it is on.
        CallbackActive = "callback_active",
        /// What the echo is about.
        EchoSubject = "echo_subject",
        /// Body of the echo.
        EchoBody = "echo_body",
        /// The partner.
        PartnerId = "partner_id",
        /// Name of a network.
        NetworkName = "network_name",
        /// Name of an intermediary.
        IntermediaryName = "intermediary_name",
        /// NIF of an intermediary.
        IntermediaryNif = "intermediary_nif",
        /// Number of an intermediary.
        IntermediaryNumber = "intermediary_number",
        /// Name of a user.
        UserName = "user_name",
        /// Mail address of a user.
        UserEmail = "user_email",
        /// The offer's text.
        OfferText = "offer_text",
        /// The index's values.
        IndexText = "index_text",
        /// Registration, address or telephone of an intermediary.
        IntermediaryParticulars = "intermediary_particulars",
    }
}

impl CreditField {
    /// What it is a part of: fields are listed group by group, and this is the last of each.
    #[must_use]
    pub const fn group(self) -> FieldGroup {
        let place = self as usize;
        if place <= Self::Query as usize {
            return FieldGroup::Request;
        }
        if place <= Self::SessionToken as usize {
            return FieldGroup::Identification;
        }
        if place <= Self::CrossSelling as usize {
            return FieldGroup::Loan;
        }
        if place <= Self::YearBuilt as usize {
            return FieldGroup::Property;
        }
        if place <= Self::MarketingConsent as usize {
            return FieldGroup::Borrower;
        }
        if place <= Self::MultiRiskInsuranceExternal as usize {
            return FieldGroup::Insurance;
        }
        if place <= Self::IndexValue as usize {
            return FieldGroup::Limit;
        }
        if place <= Self::InformationAsked as usize {
            return FieldGroup::Process;
        }
        if place <= Self::DocumentBorrower as usize {
            return FieldGroup::Document;
        }
        if place <= Self::MessageText as usize {
            return FieldGroup::Message;
        }
        if place <= Self::EsisDocument as usize {
            return FieldGroup::Esis;
        }
        if place <= Self::ProposalValidity as usize {
            return FieldGroup::Proposal;
        }
        if place <= Self::PartnerId as usize {
            return FieldGroup::Callback;
        }
        FieldGroup::Bank
    }
}
