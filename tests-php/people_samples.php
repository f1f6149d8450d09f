<?php
/**
 * The samples of the public documentation about companies and people, as they stand there but for the
 * pictures, whose base64 the documentation cuts short: small ones are put in their place.
 *
 * Included by samples.php once per format and body style, after its own calls: uses its variables and
 * functions. The demo knows the ids the samples name.
 */

require_once __DIR__ . '/pictures.php';

$setupSample = '{ "loggedInUserUID": "Da4W7mNZ", "company": { "brokerUID": "aYF1VBsd46alkI3KD", "name": "ABC Mortgage '
    . 'Company", "nameLegal": "ABC Mortgage Company, Inc. dba ABC Loans", "addressStreet": "16892 Bolsa Chica '
    . 'Street", "addressStreet2": "#201", "addressCity": "Huntington Beach", "addressState": "CA", '
    . '"addressZipcode": "92649", "addressCounty": "Orange", "addressCountry": "USA", "website": '
    . '"https://www.abcloans.com", "phone": "8888888888", "phoneExtension": "12345", "email": "info@abcloans.com", '
    . '"nmls": "012345", "originatorType": "Broker", "organizationType": "Corporation", "about": "ABC Mortgage is '
    . 'a mortgage firm in California.", "aboutShort": "ABC Mortgage is a great local lender.", "tin": "111223333", '
    . '"loCompensation": "1.00", "pricingTier": "Tier AAA", "productTypesOffer": { "conventional": "1", "fha": '
    . '"1", "va": "0" }, "logo": { "imageFormat": "jpg", "base64": "{jpg}" }, "favicon": { "imageFormat": "png", '
    . '"base64": "{png}" }, "licensing": [{ "state": "CA", "licenseNum": "09876" }, { "state": "NV", "licenseNum": '
    . '"76543" }, { "state": "TX", "licenseNum": "n/a" }] }, "users": [{ "userUID": "Da4W7mNZ", "timezone": '
    . '"America/Los_Angeles", "headshot": { "imageFormat": "jpg", "base64": "{jpg}" }, "firstName": "Adam", '
    . '"lastName": "Smith", "phonePrimary": "714-235-7114", "phoneExtension": "12345", "email": '
    . '"adam.smith@abcloans.com", "role": "Admin", "loanOfficer_nmls": "012345", "licensing": [{ "state": "CA", '
    . '"licenseNum": "334455" }, { "state": "NV", "licenseNum": "776655" }, { "state": "TX", "licenseNum": "n/a" '
    . '}] }, { "userUID": "G2bdThp9", "timezone": "America/Los_Angeles", "firstName": "Samantha", '
    . '"firstNamePreferred": "Sam", "lastName": "Jones", "phonePrimary": "818-859-8285", "phoneExtension": '
    . '"12345", "email": "samantha.jones@abcloans.com", "role": "Admin/Loan Officer", "loanOfficer_nmls": '
    . '"010101", "licensing": [{ "state": "CA", "licenseNum": "224466" }, { "state": "NV", "licenseNum": "997755" '
    . '}, { "state": "TX", "licenseNum": "n/a" }] }] }';
$vendorSample = '{ "vendor": "ABCD1234", "allowLoanLevelAccess": true, "allowBrokerAccess": true }';
$headshotsSample = '{ "company": { "lenderID": "6SGKSI3X" }, "users": [{ "userUID": "Da4W7mNZ", "headshot": { "imageFormat": '
    . '"jpg", "base64": "{jpg}" } }, { "userUID": "G2bdThp9", "headshot": { "imageFormat": "jpg", "base64": '
    . '"{jpg}" } }] }';
$statusesSample = '{ "companies": [ { "lenderID": "6SGKSI3X", "status": "Deactivate" }, { "lenderID": "IHX4SFKS", "status": '
    . '"Deactivate" } ], "users": [ { "userUID": "H92dE5b9", "status": "Deactivate" }, { "userUID": "7t9D2MeE", '
    . '"status": "Deactivate" }, { "userUID": "5tXx2rEG2", "status": "Activate" } ] }';
$usersSample = '{ "company": { "lenderID": "6SGKSI3X" }, "users": [{ "userUID": "Da4W7mNZ", "timezone": '
    . '"America/Los_Angeles", "headshot": { "imageFormat": "jpg", "base64": "{jpg}" }, "firstName": "Adam", '
    . '"lastName": "Smith", "phonePrimary": "714-235-7114", "phoneExtension": "12345", "email": '
    . '"adam.smith@abcloans.com", "role": "Admin", "loanOfficer_nmls": "012345", "primaryBranchID": "TIDHLHOP", '
    . '"secondaryBranchIDs": ["TYHAOPOK", "PQAMLALD"], "licensing": [{ "state": "CA", "licenseNum": "334455" }, { '
    . '"state": "NV", "licenseNum": "776655" }, { "state": "TX", "licenseNum": "n/a" }] }, { "userUID": '
    . '"G2bdThp9", "timezone": "America/Los_Angeles", "firstName": "Samantha", "lastName": "Jones", '
    . '"phonePrimary": "818-859-8285", "phoneExtension": "12345", "email": "samantha.jones@abcloans.com", "role": '
    . '"Admin/Loan Officer", "loanOfficer_nmls": "010101", "primaryBranchID": "PQAMLALD", "secondaryBranchIDs": '
    . '["TYHAOPOK"], "licensing": [{ "state": "CA", "licenseNum": "224466" }, { "state": "NV", "licenseNum": '
    . '"997755" }, { "state": "TX", "licenseNum": "n/a" }] }] }';
$borrowerSample = '{ "userID": "[User ID]", "email": "alice.firstimer@besmartee.com", "user": { "prefEmailNotifications": 0 } '
    . '}';
$signOnSample = '{ "company": { "lenderID": "4G7230D6" }, "user": { "userID": "QZCJNMI2" } }';
$officersSample = '{ "subRole" : "Loan Officer", "branchID" : "4IITBI1P", "licensed" : ["CA", "TX"], "assignable": 1 }';

$pictures = array('{png}' => small_png(), '{jpg}' => small_jpg());

// A broker and its people. Called again, it is the same broker; the link is new each time until the
// set-up is done.
$parameters['data'] = strtr($setupSample, $pictures);
$response = post_parameters("$base/api/lender/broker-setup-url", $parameters, $asQuery);
check("broker-setup-url ($how)", answer_value($response, $format, 'lenderID') == '6SGKSI3X', $response);
$isOpen = answer_value($response, $format, 'isSetUpCompleted') == 0;
$redirect = (string) answer_value($response, $format, 'redirectURL');
check("broker-setup-url, link ($how)", $isOpen == (strpos($redirect, '/lender/sign-up/start-basic?lenderID=6SGKSI3X&token=') !== false), $response);
check("broker-setup-url, users ($how)", strpos($response, 'Da4W7mNZ') < strpos($response, 'G2bdThp9'), $response);

// A vendor. The second call with the same flags is the documented refusal.
$parameters['data'] = $vendorSample;
$response = post_parameters("$base/api/lender/connect-vendor", $parameters, $asQuery);
$isNew = in_array(answer_value($response, $format, 'success'), array(true, 'true'), true);
$isThere = strpos($response, 'The vendor and lender relationship already exists.') !== false;
check("connect-vendor ($how)", $isNew || $isThere, $response);
$response = post_parameters("$base/api/lender/connect-vendor", $parameters, $asQuery);
check("connect-vendor, again ($how)", strpos($response, 'The vendor and lender relationship already exists.') !== false, $response);

// People of that broker, and their pictures.
$parameters['data'] = strtr($usersSample, $pictures);
$response = post_parameters("$base/api/lender/add-users", $parameters, $asQuery);
check("add-users ($how)", answer_value($response, $format, 'brokerUID') == 'aYF1VBsd46alkI3KD', $response);
$parameters['data'] = strtr($headshotsSample, $pictures);
$response = post_parameters("$base/api/lender/update-headshot", $parameters, $asQuery);
check("update-headshot ($how)", is_nothing($response, $format), $response);

// Who can be asked: officers of the lender's branch.
$parameters['data'] = $officersSample;
$response = post_parameters("$base/api/lender/get-internal-users", $parameters, $asQuery);
check("get-internal-users ($how)", strpos($response, '6ETBTZ4N') !== false && strpos($response, '360-555-0111') !== false, $response);

// Off and on again. While it is off there is no link.
$parameters['data'] = $statusesSample;
$response = post_parameters("$base/api/lender/set-account-status", $parameters, $asQuery);
check("set-account-status ($how)", is_nothing($response, $format), $response);
$parameters['data'] = str_replace('"Deactivate"', '"Activate"', $statusesSample);
$response = post_parameters("$base/api/lender/set-account-status", $parameters, $asQuery);
check("set-account-status, activate ($how)", is_nothing($response, $format), $response);

// A link that signs somebody in.
$parameters['data'] = $signOnSample;
$response = post_parameters("$base/api/lender/get-single-sign-on-url", $parameters, $asQuery);
$link = (string) answer_value($response, $format, 'signOnURL');
check("get-single-sign-on-url ($how)", preg_match('#/lender/single-sign-on/[0-9A-Za-z]{50}$#', $link) == 1, $response);

// A borrower nobody knows: the sample has words where an id belongs.
$parameters['data'] = $borrowerSample;
$response = post_parameters("$base/api/lender/update/user", $parameters, $asQuery);
check("update/user ($how)", strpos($response, 'Parameter userID invalid.') !== false, $response);
