<?php
/**
 * The calls of the public documentation, in its own style: one procedural curl block per endpoint,
 * options in the documented order, CURLOPT_POST with a count, certificates unchecked, the fields as an
 * array and as http_build_query. A customer's existing script changes only address and credentials.
 *
 * Reads LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY. Ends with "N passed, N failed".
 */

$base = getenv('LINTEL_URL');
$loan = file_get_contents(__DIR__ . '/loan.xml');
$passed = 0;
$failed = 0;

function post_parameters($url, $parameters, $asQuery)
{
    $curl = curl_init();
    curl_setopt($curl, CURLOPT_URL, $url);
    curl_setopt($curl, CURLOPT_POST, count($parameters));
    curl_setopt($curl, CURLOPT_POSTFIELDS, $asQuery ? http_build_query($parameters) : $parameters);
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, false);
    $response = curl_exec($curl);
    curl_close($curl);
    return $response;
}

/** The value of a key of the answer, in either format; null when it is not there. */
function answer_value($response, $format, $key)
{
    if ($format == 'json') {
        $all = json_decode($response, true);
        return isset($all[$key]) ? $all[$key] : null;
    }
    $all = simplexml_load_string($response);
    return isset($all->$key) ? (string) $all->$key : null;
}

/** Whether the answer says nothing, which is success. */
function is_nothing($response, $format)
{
    return $format == 'json' ? $response === 'null' : strpos((string) $response, '<response/>') !== false;
}

function check($name, $ok, $response)
{
    global $passed, $failed;
    if ($ok) {
        $passed++;
    } else {
        $failed++;
        print "FAILED $name: " . substr((string) $response, 0, 500) . "\n";
    }
}

$pricing = '{ "options" : { "isReturnSchedule" : false }, "search" : { "loanPurpose" : "RefinanceCashOut",'
    . ' "zipcode" : "95616", "homePrice" : "480000", "cashOut" : "30000", "loanAmount" : "240000",'
    . ' "propertyType" : "SingleFamily", "numUnits" : "1", "buildingStatus" : "Existing",'
    . ' "occupancyType" : "PrimaryResidence", "noImpounds" : "1", "streamline" : "0", "financeUFMIP" : "0",'
    . ' "financeVAFF" : "0", "financeUSDAGuaranteeFee" : "0" }, "products" : [ { "productProgram" : "Conventional",'
    . ' "loanTerm" : "15", "loanAmortizationType" : "Fixed", "loanAmortization" : "15", "interestOnly" : "0",'
    . ' "lpmi" : "0", "rates" : [ { "rate" : "5.875", "points" : "0.250", "isHPML" : "0" } ] } ] }';

// A search as the documentation has it, spaces and all; then the same as permutations, and a sign-up.
$search = '{ "channel": "Retail", "subChannel": "Employee", "loanPurpose": [ "RefinanceCashOut" ], "lockPeriod": "30",'
    . ' "zipcode": [ "92649" ], "homePrice": "500000", "downPayment": "250000", "loanAmount": "250000",'
    . ' "cashOut": "10000", "fico": "750", "grossMonthlyIncome": "5000.00", "monthlyDebts": "951.62",'
    . ' "propertyType": "SingleFamily", "numUnits": "1", "buildingStatus": "Existing",'
    . ' "occupancyType": "PrimaryResidence", "bankruptcy": "0", "foreclosure": "0", "noImpounds": "0",'
    . ' "firstTimeBuyer": "1", "employmentStatus": "FullTime", "documentationType": "Full",'
    . ' "numberHomesOwned": "0", "financeUFMIP": "0", "flip": "0", "streamline": "0", "filterARMs": "1",'
    . ' "filterConventional": "1", "filterFHA": "1", "filterVA": "0", "filterHomeReady": "0", "filterUSDA": "0",'
    . ' "filter40Year": "0", "filter30Year": "1", "filter25Year": "0", "filter20Year": "1", "filter15Year": "1",'
    . ' "filter10Year": "1", "filter10YearARM": "1", "filter7YearARM": "1", "filter5YearARM": "1",'
    . ' "filter3YearARM": "0", "filter2YearARM": "0", "filter1YearARM": "0", "filterLess1YearARM": "0",'
    . ' "filterPoints" : { "low" : "-1", "high" : "1" }, "isSecondFinancing": "0", "isStudentLoanCashout": "0",'
    . ' "isTexas50a": "0", "priorLoanIsTexas50a": "0", "ppeID": "173" }';
$bulk = str_replace(
    array('[ "RefinanceCashOut" ]', '[ "92649" ]'),
    array('[ "Purchase", "Refinance", "RefinanceCashOut" ]', '[ "92649", "33154", "10014" ]'),
    $search
);
$signup = '{ "borrower" : { "firstName" : "Charles", "lastName" : "Cooper", "dob" : "10/22/1968",'
    . ' "phonePrimary" : "7142458223", "phoneSecondary" : "7142357114", "status" : "Married",'
    . ' "primaryAddressStreet" : "16892 Bolsa Chica St", "primaryAddressCity" : "Huntington Beach",'
    . ' "primaryAddressState" : "CA", "primaryAddressZipcode" : "92649", "email" : "charlescooper@mail.com",'
    . ' "autoCheckTOUPP": 1, "isCreateLeadInPipeline": 1 }, "loan": { "subjectPropertyAddressStreet" : "5361 Bonanza Dr",'
    . ' "subjectPropertyAddressCity" : "Huntington Beach", "subjectPropertyAddressState" : "CA",'
    . ' "subjectPropertyAddressZipcode" : "92649", "loanPurpose": "RefinanceCashOut", "lockPeriod": "30",'
    . ' "homePrice": "500000", "downPayment": "250000", "cashOut": "10000", "fico": "750",'
    . ' "grossMonthlyIncome": "5000.00", "monthlyDebts": "951.62", "propertyType": "SingleFamily",'
    . ' "occupancyType": "PrimaryResidence", "bankruptcy": "0", "foreclosure": "0", "noImpounds": "0",'
    . ' "firstTimeBuyer": "1", "employmentStatus": "FullTime", "documentationType": "Full", "numberHomesOwned": "0",'
    . ' "financeUFMIP": "0", "flip": "0", "streamline": "0", "productProgram": "Conventional",'
    . ' "loanAmortizationType": "AdjustableRate", "loanAmortization": "30", "armType": "7/1", "armIndexMargin": "2.25",'
    . ' "armCapRates": "5/2/5", "lpmi": "0", "hpml": "0", "rate": "4.500", "apr": "4.552", "monthlyPayment": "1315.84",'
    . ' "discountPointPercent": "-1.00", "discountPoint": "-2600.00", "advertisingCampaignProviderID": "53781",'
    . ' "advertiserID": "4edzbe0c-aa81-4181-a5cf-cef9062a4cea", "campaignID" : "N4X7UY4N" } }';

foreach (array('json', 'xml') as $format) {
    foreach (array(false, true) as $asQuery) {
        $how = $format . ($asQuery ? ', http_build_query' : ', array');

        // Token.
        $parameters = array(
            'format' => $format,
            'apiID' => getenv('LINTEL_API_ID'),
            'apiKey' => getenv('LINTEL_API_KEY'),
        );
        $response = post_parameters("$base/api/lender/access-token", $parameters, $asQuery);
        $token = answer_value($response, $format, 'accessToken');
        check("access-token ($how)", is_string($token) && strlen($token) == 40, $response);

        // The following calls send the token, and most of them a JSON payload.
        $parameters['accessToken'] = $token;

        // A loan. The payload is a JSON text, as in the documentation.
        $parameters['data'] = json_encode(array(
            'losLoanID' => 'SAMPLE-' . uniqid(),
            'mismo34' => $loan,
            'inviteBorrowers' => 0,
            'losMiscLoanData' => array('loanStatusMain' => 'Start Application', 'loanStatusSub' => 'Signed Up'),
        ));
        $response = post_parameters("$base/api/lender/create-loan", $parameters, $asQuery);
        $publicID = answer_value($response, $format, 'publicID');
        check("create-loan ($how)", preg_match('/^[A-Z0-9]{8}$/', (string) $publicID) == 1, $response);

        // The list. Escaped slashes in the dates, as PHP's json_encode writes them.
        $parameters['data'] = json_encode(array(
            'isActive' => 'true',
            'action' => 'DateRange',
            'dateFrom' => date('m/d/Y', strtotime('-1 day')),
            'dateTo' => date('m/d/Y', strtotime('+1 day')),
            'sortBy' => 'desc',
            'limit' => 1000,
            'offset' => 0,
        ));
        $response = post_parameters("$base/api/lender/get-list-loans", $parameters, $asQuery);
        $listed = strpos((string) $response, (string) $publicID) !== false;
        check("get-list-loans ($how)", answer_value($response, $format, 'totalCount') >= 1 && $listed, $response);

        // Rates and fees. The payload is typed by hand, spaces and all.
        $parameters['data'] = $pricing;
        $response = post_parameters("$base/api/lender/get-apr-closing-costs", $parameters, $asQuery);
        $success = answer_value($response, $format, 'status') == 'success';
        check("get-apr-closing-costs ($how)", $success && strpos($response, 'leSection') !== false, $response);

        // A search, and nine at once.
        $parameters['data'] = $search;
        $response = post_parameters("$base/api/lender/get-ppe-anonymous", $parameters, $asQuery);
        $found = answer_value($response, $format, 'searchID');
        check("get-ppe-anonymous ($how)", strlen((string) $found) == 6 && strpos($response, 'paymentStream') !== false, $response);
        $parameters['data'] = $bulk;
        $response = post_parameters("$base/api/lender/get-ppe-anonymous", $parameters, $asQuery);
        check("get-ppe-anonymous, permutations ($how)", substr_count((string) $response, $format == 'json' ? '"searchID"' : '<searchID>') == 9, $response);

        // A sign-up link for one of the offers.
        $parameters['data'] = $signup;
        $response = post_parameters("$base/api/lender/set-signup-product-pricing", $parameters, $asQuery);
        $link = answer_value($response, $format, 'signUpURL');
        check("set-signup-product-pricing ($how)", strpos((string) $link, '/app/signup/p/') !== false, $response);

        // Companies and people.
        require __DIR__ . '/people_samples.php';

        // The end of the token. Success is an empty answer.
        unset($parameters['data']);
        $response = post_parameters("$base/api/lender/access-token/destroy", $parameters, $asQuery);
        check("access-token/destroy ($how)", is_nothing($response, $format), $response);
    }
}

print "$passed passed, $failed failed\n";
exit($failed == 0 ? 0 : 1);
