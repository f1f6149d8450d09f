<?php
/**
 * The calls and checks of the pricing engine: searches, permutations, new prices, sign-up links, the
 * catalogue. Every figure of every answer is worked out again by recompute.php.
 */

declare(strict_types=1);

require_once __DIR__ . '/recompute.php';

/** The sample payload of the text. */
function searchPayload(array $changes = []): array
{
    return $changes + [
        'channel' => 'Retail', 'subChannel' => 'Employee', 'loanPurpose' => ['RefinanceCashOut'], 'lockPeriod' => '30',
        'zipcode' => ['92649'], 'homePrice' => '500000', 'downPayment' => '250000', 'loanAmount' => '250000',
        'cashOut' => '10000', 'fico' => '750', 'grossMonthlyIncome' => '5000.00', 'monthlyDebts' => '951.62',
        'propertyType' => 'SingleFamily', 'numUnits' => '1', 'buildingStatus' => 'Existing',
        'occupancyType' => 'PrimaryResidence', 'bankruptcy' => '0', 'foreclosure' => '0', 'noImpounds' => '0',
        'firstTimeBuyer' => '1', 'employmentStatus' => 'FullTime', 'documentationType' => 'Full',
        'numberHomesOwned' => '0', 'financeUFMIP' => '0', 'flip' => '0', 'streamline' => '0', 'filterARMs' => '1',
        'filterConventional' => '1', 'filterFHA' => '1', 'filterVA' => '0', 'filterHomeReady' => '0',
        'filterUSDA' => '0', 'filter40Year' => '0', 'filter30Year' => '1', 'filter25Year' => '0', 'filter20Year' => '1',
        'filter15Year' => '1', 'filter10Year' => '1', 'filter10YearARM' => '1', 'filter7YearARM' => '1',
        'filter5YearARM' => '1', 'filter3YearARM' => '0', 'filter2YearARM' => '0', 'filter1YearARM' => '0',
        'filterLess1YearARM' => '0', 'filterPoints' => ['low' => '-1', 'high' => '1'], 'isSecondFinancing' => '0',
        'isStudentLoanCashout' => '0', 'isTexas50a' => '0', 'priorLoanIsTexas50a' => '0', 'ppeID' => '173',
    ];
}

/** A purchase with little down, all programmes, their up-front charges financed, every row. */
function dearPurchase(array $changes = []): array
{
    $data = searchPayload($changes + [
        'loanPurpose' => 'Purchase', 'zipcode' => '95814', 'homePrice' => '400000', 'downPayment' => '20000.50',
        'filterVA' => '1', 'filterUSDA' => '1', 'filterHomeReady' => '1', 'financeUFMIP' => '1',
        'grossMonthlyIncome' => '15000',
    ]);
    return array_diff_key($data, ['loanAmount' => 1, 'cashOut' => 1, 'filterPoints' => 1]);
}

function checkPpe(Checks $checks, LenderClient $client): void
{
    checkSearch($checks, $client, 'sample', searchPayload());
    checkSearch($checks, $client, 'purchase', dearPurchase());
    $balance = ['loanPurpose' => 'Refinance', 'downPayment' => '260123.45'];
    checkSearch($checks, $client, 'refinance', array_diff_key(searchPayload($balance), ['loanAmount' => 1]));
    $jumbo = ['loanPurpose' => 'Purchase', 'homePrice' => '2000000', 'loanAmount' => '1200000', 'grossMonthlyIncome' => '60000'];
    checkSearch($checks, $client, 'jumbo, interest only among them', array_diff_key(searchPayload($jumbo), ['filterPoints' => 1]));
    checkPermutations($checks, $client);
    checkChoice($checks, $client);
    checkNewPrices($checks, $client);
    checkSignup($checks, $client);
    checkPpeErrors($checks, $client);
}

/** One search: documented members, and every figure worked out again. */
function checkSearch(Checks $checks, LenderClient $client, string $name, array $data): ?LenderAnswer
{
    $answer = $client->call('get-ppe-anonymous', ['data' => $data]);
    $checks->same("$name: status", 200, $answer->status);
    $checks->same("$name: success", 'success', $answer->text('status'));
    $checks->matches("$name: searchID", '/^[A-Z0-9]{6}$/', $answer->text('searchID'));
    $products = $answer->items('products');
    if (!$checks->isTrue("$name: there are products", count($products) > 0)) {
        return null;
    }
    foreach ($products as $product) {
        $checks->matches("$name: ppeID", '/^[A-Z0-9]{8}$/', (string) $product['ppeID']);
        $checks->isTrue("$name: kind", in_array($product['loanAmortizationType'], ['Fixed', 'AdjustableRate'], true));
    }
    if ($client->format === 'json') {
        $rate = $products[0]['rates'][0];
        foreach (['rate', 'points', 'apr', 'monthlyPayment'] as $member) {
            $checks->isTrue("$name: $member is a number", is_int($rate[$member]) || is_float($rate[$member]));
        }
        $checks->isTrue("$name: loanTerm is a whole number", is_int($products[0]['loanTerm']));
        $checks->isTrue("$name: percent is null", $rate['fees'][0]['percent'] === null);
    }
    checkFigures($checks, $name, $data, $answer);
    return $answer;
}

/** The figures agree with the independent ones, and the comparison notices a cent or a thousandth. */
function checkFigures(Checks $checks, string $name, array $data, LenderAnswer $answer): void
{
    $complaints = Recompute::complaints($data, (array) $answer->data);
    $checks->same("$name: every figure agrees", [], array_slice($complaints, 0, 5));
    if (isset($answer->data['permutations'])) {
        return;
    }
    $cent = fn (mixed $amount): string => number_format((float) $amount + 0.01, 2, '.', '');
    $falsehoods = [
        'payment' => function (array &$row) use ($cent): void { $row['monthlyPayment'] = $cent($row['monthlyPayment']); },
        'PITI' => function (array &$row) use ($cent): void { $row['piti']['principalAndInterest'] = $cent($row['piti']['principalAndInterest']); },
        'APR' => function (array &$row): void { $row['apr'] = number_format((float) $row['apr'] + 0.002, 3, '.', ''); },
        'points' => function (array &$row): void { $row['points'] = number_format((float) $row['points'] + 2, 3, '.', ''); },
        'fee' => function (array &$row): void {
            $fees = LenderAnswer::listOf($row['fees']);
            $row['fees'] = [...$fees, ['name' => 'x', 'fee' => '900', 'mismoType' => 'UnderwritingFee']];
        },
    ];
    foreach ($falsehoods as $what => $falsify) {
        $false = (array) $answer->data;
        $false['products'] = LenderAnswer::listOf($false['products']);
        $false['products'][0]['rates'] = LenderAnswer::listOf($false['products'][0]['rates']);
        $falsify($false['products'][0]['rates'][0]);
        $checks->isTrue("$name: a false $what is noticed", Recompute::complaints($data, $false) !== []);
    }
}

function checkPermutations(Checks $checks, LenderClient $client): void
{
    $data = searchPayload(['loanPurpose' => ['Purchase', 'Refinance', 'RefinanceCashOut'], 'zipcode' => ['92649', '33154', '10014', '00000']]);
    $answer = $client->call('get-ppe-anonymous', ['data' => $data]);
    $found = $answer->items('permutations');
    if (!$checks->same('permutations: three purposes at four places', 12, count($found))) {
        return;
    }
    $checks->same('permutations: each has its own id', 12, count(array_unique(array_column($found, 'searchID'))));
    $heads = array_map(fn (array $one): string => "{$one['loanPurpose']} {$one['zipcode']}", $found);
    $checks->same('permutations: purposes outside', 'Purchase 33154', $heads[1]);
    $checks->same('permutations: ZIP codes inside', 'RefinanceCashOut 00000', $heads[11]);
    $checks->isTrue('permutations: an unknown ZIP code has none', LenderAnswer::listOf($found[3]['products'] ?? null) === []);
    $checks->isTrue('permutations: and says so', ($found[3]['notice'] ?? '') !== '');
    checkFigures($checks, 'permutations', $data, $answer);
}

/** Filters, best match, groups, explanations. */
function checkChoice(Checks $checks, LenderClient $client): void
{
    $rates = fn (LenderAnswer $answer): array => array_map(
        fn (array $product): array => LenderAnswer::listOf($product['rates'] ?? null), $answer->items('products'));
    $best = checkSearch($checks, $client, 'best match', dearPurchase(['bestMatch' => 1]));
    if ($best !== null) {
        $checks->same('best match: one row each', [1], array_values(array_unique(array_map(count(...), $rates($best)))));
    }
    $fixed = $client->call('get-ppe-anonymous', ['data' => dearPurchase(['filterARMs' => 0])]);
    $checks->same('no ARMs', ['Fixed'], array_values(array_unique(array_column($fixed->items('products'), 'loanAmortizationType'))));
    $grouped = $client->call('get-ppe-anonymous', ['data' => dearPurchase(['customGrouping' => '1'])]);
    $ids = array_merge(...array_map(fn (array $group): array => (array) $group['ppeID'], $grouped->items('groups')));
    $checks->same('groups hold every product', array_column($grouped->items('products'), 'ppeID'), $ids);
    $explained = $client->call('get-ppe-anonymous', ['data' => dearPurchase(['options' => ['explain' => true], 'fico' => '600'])]);
    $checks->isTrue('refused products have reasons', LenderAnswer::listOf($explained->items('ineligible')[0]['reasons'] ?? null) !== []
        || ($explained->items('ineligible')[0]['reasons'] ?? '') !== '');
    foreach ($explained->items('products') as $product) {
        $explanation = $product['explanation'];
        $sum = array_sum(array_map(fn (array $step): float => (float) $step['change'], LenderAnswer::listOf($explanation['adjustments'] ?? null)));
        $off = abs((float) $explanation['basePrice'] + $sum - (float) $explanation['finalPrice']);
        $checks->isTrue("{$product['productName']}: the steps lead to the price", $off < 0.0005);
        $points = (float) LenderAnswer::listOf($product['rates'])[0]['points'];
        $checks->isTrue("{$product['productName']}: and the price to the points", abs(100 - (float) $explanation['finalPrice'] - $points) < 1e-6);
    }
}

/** A quarter of a point dearer for the next search, and back again. */
function checkNewPrices(Checks $checks, LenderClient $client): void
{
    $catalogue = $client->call('custom-ppe/get-catalogue', ['data' => ['parts' => ['sheets']]]);
    $checks->same('catalogue: status', 200, $catalogue->status);
    $rows = array_map(fn (string $line): array => explode(',', $line), array_filter(explode("\n", trim($catalogue->text('sheets')))));
    $rows = array_values(array_filter($rows, fn (array $row): bool => $row[0] === 'CONV30'));
    $sheet = fn (int $thousandths): array => array_map(fn (array $row): array => [
        'rate' => $row[2], 'lockPeriod' => $row[1],
        'point' => number_format((float) $row[3] - $thousandths / 1000, 3, '.', ''),
    ], $rows);
    $first = function () use ($client): float {
        $answer = $client->call('get-ppe-anonymous', ['data' => dearPurchase(['filterARMs' => '0', 'filter15Year' => '0'])]);
        return (float) LenderAnswer::listOf($answer->items('products')[0]['rates'])[0]['points'];
    };
    $before = $first();
    foreach ([[250, 0.25], [0, 0.0]] as [$dearer, $difference]) {
        $product = ['productCode' => 'CONV30', 'armIndex' => '', 'armIndexMargin' => '', 'ratesAndPoints' => $sheet($dearer)];
        $answer = $client->call('custom-ppe/update-rates-points', ['data' => ['products' => [$product]]]);
        $checks->same('update: status', 200, $answer->status);
        $echo = $answer->items('products')[0] ?? [];
        $checks->same('update: the product is echoed', $product['ratesAndPoints'], LenderAnswer::listOf($echo['ratesAndPoints'] ?? null));
        $checks->matches('update: with both names', '/^[A-Z0-9]{8}$/', (string) ($echo['publicID'] ?? ''));
        $checks->isTrue("update: the next search is $difference dearer", abs($first() - $before - $difference) < 1e-6);
    }
}

function checkSignup(Checks $checks, LenderClient $client): void
{
    $loan = [
        'subjectPropertyAddressZipcode' => '92649', 'loanPurpose' => 'RefinanceCashOut', 'lockPeriod' => '30',
        'homePrice' => '500000', 'downPayment' => '250000', 'cashOut' => '10000', 'fico' => '750',
        'propertyType' => 'SingleFamily', 'occupancyType' => 'PrimaryResidence', 'productProgram' => 'Conventional',
        'loanAmortizationType' => 'AdjustableRate', 'loanAmortization' => '30', 'armType' => '7/1',
        'armIndexMargin' => '2.25', 'armCapRates' => '5/2/5', 'rate' => '4.500', 'apr' => '4.552',
        'monthlyPayment' => '1315.84', 'discountPointPercent' => '-1.00', 'discountPoint' => '-2600.00',
    ];
    $borrower = ['firstName' => 'Sparky', 'lastName' => 'Testcase', 'dob' => '10/22/1968', 'email' => 'sparky@example.com'];
    $answer = $client->call('set-signup-product-pricing', ['data' => ['borrower' => $borrower, 'loan' => $loan]]);
    $checks->same('signup: status', 200, $answer->status);
    $checks->same('signup: exactly two members', ['signUpURL', 'bsmLeadUID'], array_keys((array) $answer->data));
    $lead = $answer->text('bsmLeadUID');
    $checks->matches('signup: lead', '/^[A-Z0-9]{8}$/', $lead);
    $link = "#^https?://[^/]+/app/signup/p/[a-z0-9-]+/r/[A-Za-z0-9]{12}\\?leadReferralSource=$lead\$#";
    $checks->matches('signup: link', $link, $answer->text('signUpURL'));
    $again = $client->call('set-signup-product-pricing', ['data' => ['borrower' => ['bsmLeadUID' => $lead], 'loan' => $loan]]);
    $checks->same('signup: the same lead', $lead, $again->text('bsmLeadUID'));
    $checks->isTrue('signup: another link', $again->text('signUpURL') !== $answer->text('signUpURL'));
    $checks->error('signup: unknown lead', 501, 'Parameter borrower.bsmLeadUID invalid format.',
        $client->call('set-signup-product-pricing', ['data' => ['borrower' => ['bsmLeadUID' => 'NOBODY00'], 'loan' => $loan]]));
    $checks->error('signup: no loan', 501, 'Parameter loan missing or invalid format.',
        $client->call('set-signup-product-pricing', ['data' => ['borrower' => $borrower]]));
    foreach (['homePrice', 'rate', 'apr', 'discountPoint', 'armType', 'cashOut'] as $name) {
        $checks->error("signup: no $name", 501, "Parameter loan.$name missing or invalid format.",
            $client->call('set-signup-product-pricing', ['data' => ['loan' => array_diff_key($loan, [$name => 1])]]));
    }
}

function checkPpeErrors(Checks $checks, LenderClient $client): void
{
    $refused = function (string $name, array $changes, int $code, string $message) use ($checks, $client): void {
        $checks->error("search, $name", $code, $message, $client->call('get-ppe-anonymous', ['data' => searchPayload($changes)]));
    };
    $missing = fn (string $path): string => "Parameter $path missing or invalid format.";
    $invalid = fn (string $path): string => "Parameter $path invalid format.";
    $refused('price of nothing', ['homePrice' => '0'], 501, $missing('homePrice'));
    $refused('price NaN', ['homePrice' => 'NaN'], 501, $missing('homePrice'));
    $refused('price 1e308', ['homePrice' => 1e308], 501, $missing('homePrice'));
    $refused('LTV over 100', ['loanAmount' => '500000.01'], 501, $invalid('loanAmount'));
    $refused('no filter', ['filterARMs' => null], 501, $missing('filterARMs'));
    $refused('unknown word', ['propertyType' => 'Castle'], 501, $missing('propertyType'));
    $refused('bad ZIP code', ['zipcode' => ['92649', '9264']], 501, $missing('zipcode[1]'));
    $refused('a lender nobody knows', ['lenderID' => 'NOBODY00'], 401, 'Parameter lenderID and/or userUID invalid.');
    $rows = [['rate' => '6', 'point' => '99.5', 'lockPeriod' => '30'], ['rate' => '6.125', 'point' => '0', 'lockPeriod' => '30']];
    $update = fn (array $product): LenderAnswer => $client->call('custom-ppe/update-rates-points', ['data' => ['products' => [$product]]]);
    $checks->error('update, zero price', 501, $missing('products[0].ratesAndPoints[1].point'), $update(['productCode' => 'CONV30', 'ratesAndPoints' => $rows]));
    $checks->error('update, unknown product', 501, $invalid('products[0].productCode'), $update(['productCode' => 'NOBODY', 'ratesAndPoints' => [$rows[0]]]));
    $checks->error('catalogue, nothing to change', 501, 'Parameter parts cannot be empty.', $client->call('custom-ppe/update-catalogue', ['data' => (object) []]));
}
