<?php
/**
 * Payloads of the public documentation, spaces and all: an invitation to apply, events of a customer
 * system, and subscriptions to rates.
 */

declare(strict_types=1);

$invitationSample = '{ "company": { "lenderID": "6SGKSI3X" }, "user": { "userUID": "Da4W7mNZ" }, "publicID": "ABC1223", '
    . '"borrowers" : [ { "borrowerUID" : "12001", "firstName" : "Charles", "lastName" : "Cooper", "dob" : '
    . '"10/22/1968", "phonePrimary" : "7142458223", "phoneSecondary" : "7142357114", "status" : "Married", '
    . '"marriedToBorrowerUID" : "12002", "primaryAddressStreet1" : "16892 Bolsa Chica St", '
    . '"primaryAddressStreet2" : "#201", "primaryAddressCity" : "Huntington Beach", "primaryAddressState" : '
    . '"CA", "primaryAddressZipcode" : "92649", "email" : "charlescooper@mail.com", "isPrimary": 1 }, { '
    . '"borrowerUID" : "12002", "firstName" : "Mary", "lastName" : "Cooper", "dob" : "10/22/1974", '
    . '"phonePrimary" : "7146067748", "phoneSecondary" : "7149902021", "status" : "Married", '
    . '"marriedToBorrowerUID" : "12001", "primaryAddressStreet1" : "16892 Bolsa Chica St", '
    . '"primaryAddressStreet2" : "#201", "primaryAddressCity" : "Huntington Beach", "primaryAddressState" : '
    . '"CA", "primaryAddressZipcode" : "92649", "email" : "marycooper@mail.com", "isPrimary": 0 } ], "loan": { '
    . '"loanID": "LQCT0AK8", "subjectPropertyAddressStreet1" : "5361 Bonanza Dr", '
    . '"subjectPropertyAddressStreet2" : "", "subjectPropertyAddressCity" : "Huntington Beach", '
    . '"subjectPropertyAddressState" : "CA", "subjectPropertyAddressZipcode" : "92649", "loanPurpose": '
    . '"RefinanceCashOut", "lockPeriod": "30", "homePrice": "500000", "downPayment": "250000", "cashOut": '
    . '"10000", "fico": "750", "grossMonthlyIncome": "5000.00", "monthlyDebts": "951.62", "propertyType": '
    . '"SingleFamily", "occupancyType": "PrimaryResidence", "bankruptcy": "0", "foreclosure": "0", '
    . '"noImpounds": "0", "firstTimeBuyer": "1", "employmentStatus": "FullTime", "documentationType": "Full", '
    . '"numberHomesOwned": "0", "financeUFMIP": "0", "flip": "0", "streamline": "0", "productProgram": '
    . '"Conventional", "loanAmortizationType": "AdjustableRate", "loanAmortization": "30", "armType": "7/1", '
    . '"armIndexMargin": "2.25", "armCapRates": "5/2/5", "lpmi": "0", "rate": "4.500", "apr": "4.552", '
    . '"monthlyPayment": "1315.84", "discountPointPercent": "-1.00", "discountPoint": "-2600.00", '
    . '"businessChannel": "Wholesale" } }';
$eventsSample = '[ { "crmEventID": "2000084422", "actionList": [ { "actionType": "createTask", "crmID": "22112183", '
    . '"actionData": { "taskCRMID": "6df8be86-21c5-4e00-ba76-404625c80bd5", "taskCode": "RequestAction", '
    . '"taskTargetType": "LenderUser", "taskAssigneeCRMID": "U12345", "taskRequestedByUserCRMID": "U45678", '
    . '"taskDescription": "Discuss LPA options with the client" } }, { "actionType": "createAlert", "crmID": '
    . '"22112183", "actionData": { "alertCRMID": "a6e84b98-e295-4efd-868b-f644a1a2a6ce", "alertCode": '
    . '"RequestAction", "alertTargetType": "Loan", "alertTargetRoles": [ "LoanOfficer", "LoanOfficerAssistant" '
    . '], "alertMessage": "Discuss LPA options with the client", "alertSeverity": "Low" } }, { "actionType": '
    . '"archiveEmail", "crmID": "22102183", "actionData": { "emailCRMID": '
    . '"6df8be86-21c5-4e00-ba76-404625c80bd5", "emailCode": "completionNotificationToLO", "emailTargetType": '
    . '"LenderUser", "emailSenderAddress": "smartmortgage@test.com", "emailSenderName": "Smart Mortgage", '
    . '"emailTimestamp": 1566262068, "emailRecipients": { "toEmailAddresses": [ "lo@test.com" ], '
    . '"ccEmailAddresses": [], "bccEmailAddresses": [], "replytoAddress": [ "smartmortgage@test.com" ] }, '
    . '"emailSubject": "New Loan Application from Alice Firstimer", "emailBody": "<p>Hi LoanOfficer<p><p>You '
    . 'have a new loan application.<p>" } }, { "actionType": "sendEmail", "crmID": "22102183", "actionData": { '
    . '"emailCRMID": "6df8be86-21c5-4e00-ba76-404625c80bd5", "emailCode": "completionNotificationToLO", '
    . '"emailTargetType": "LenderUser", "emailSenderAddress": "smartmortgage@test.com", "emailSenderName": '
    . '"Smart Mortgage", "emailRecipients": { "toEmailAddresses": [ "lo@test.com" ], "ccEmailAddresses": [], '
    . '"bccEmailAddresses": [], "replytoAddress": [ "smartmortgage@test.com" ] }, "emailSubject": "New Loan '
    . 'Application from Alice Firstimer", "emailBody": "<p>Hi LoanOfficer<p><p>You have a new loan '
    . 'application.<p>" } }, { "actionType": "sendSMS", "crmID": "22102183", "actionData": { "smsCRMID": '
    . '"a6e84b98-e295-4efd-868b-f644a1a2a6ce", "smsCode": "completionNotificationToLO", "smsTargetType": '
    . '"LenderUser", "smsTargetUserCRMID": "NV38953", "smsToNumber": "9998887777", "smsBody": "New Loan '
    . 'Application from Alice Firstimer" } } ] } ]';
$regularSample = '{ "action": "subscribe", "searchID": "PYQB8F", "firstName": "Charles", "lastName": "Cooper", "email": '
    . '"charlescooper@mail.com", "phone": "817-501-6587", "type": "REGULAR", "frequency": "DAILY", "duration": '
    . '"ONE_WEEK", "productNames": [ "Conventional 10 Year Fixed", "Conventional 15 Year Fixed" ] }';
$targetSample = '{ "action": "subscribe", "searchID": "PYQB8F", "firstName": "Charles", "lastName": "Cooper", "email": '
    . '"charlescooper@mail.com", "phone": "817-501-6587", "type": "RATE_TARGET", "rateTargets": [ { '
    . '"productName": "Conventional 10 Year Fixed", "desiredRate": "4%" }, { "productName": "Conventional 15 '
    . 'Year Fixed", "desiredRate": "3.50%" } ] }';
