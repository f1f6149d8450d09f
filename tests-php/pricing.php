<?php
/**
 * The calls and checks of get-apr-closing-costs: bounds a customer can reason about, not our results.
 */

declare(strict_types=1);

function pricedSearch(): array
{
    return [
        'loanPurpose' => 'Purchase', 'zipcode' => '95814', 'city' => 'Sacramento', 'county' => 'Sacramento',
        'countyFips' => '06067', 'state' => 'CA', 'homePrice' => '300000', 'downPayment' => '75000',
        'loanAmount' => '225000', 'propertyType' => 'SingleFamily', 'numUnits' => '1', 'buildingStatus' => 'Existing',
        'occupancyType' => 'PrimaryResidence', 'noImpounds' => '1', 'streamline' => '0', 'financeUFMIP' => '0',
        'financeVAFF' => '0', 'financeUSDAGuaranteeFee' => '0',
    ];
}

/** A fixed loan at two prices, and an adjustable one. */
function pricedProducts(): array
{
    return [
        [
            'productProgram' => 'Conventional', 'loanTerm' => '30', 'loanAmortizationType' => 'Fixed',
            'loanAmortization' => '30', 'interestOnly' => '0', 'lpmi' => '0',
            'rates' => [
                ['rate' => '6.375', 'points' => '0.00', 'isHPML' => '0'],
                ['rate' => '6.375', 'points' => '2.000', 'isHPML' => '0'],
                ['rate' => '6.750', 'points' => '-0.500', 'isHPML' => '0'],
            ],
        ],
        [
            'productProgram' => 'Conventional', 'loanTerm' => '30', 'loanAmortizationType' => 'AdjustableRate',
            'loanAmortization' => '30', 'interestOnly' => '0', 'lpmi' => '0', 'armIndex' => 'OneYearTreasury',
            'armIndexMargin' => '2.250', 'armFirstAdj' => '60', 'armFirstAdjCap' => '5', 'armPerAdj' => '12',
            'armPerAdjCap' => '2', 'armLifeCap' => '5',
            'rates' => [['rate' => '5.875', 'points' => '1.000', 'isHPML' => '0']],
        ],
    ];
}

function checkAprAndCosts(Checks $checks, LenderClient $client): void
{
    $sent = pricedProducts();
    $answer = $client->call('get-apr-closing-costs', ['data' => ['search' => pricedSearch(), 'products' => $sent]]);
    $checks->same('apr: status', 200, $answer->status);
    $checks->same('apr: success', 'success', $answer->text('status'));
    $products = $answer->items('products');
    if (!$checks->same('apr: every product is answered', count($sent), count($products))) {
        return;
    }
    $aprs = [];
    foreach ($sent as $p => $product) {
        foreach (array_diff_key($product, ['rates' => 1]) as $name => $value) {
            $checks->same("apr: product $p echoes $name", $value, $products[$p][$name] ?? null);
        }
        $rates = LenderAnswer::listOf($products[$p]['rates'] ?? null);
        $checks->same("apr: product $p, every rate is answered", count($product['rates']), count($rates));
        foreach ($product['rates'] as $r => $rate) {
            checkRate($checks, "apr: product $p rate $r", $rate, $rates[$r] ?? []);
            $aprs[$p][$r] = (float) ($rates[$r]['apr'] ?? 0);
        }
    }
    $checks->isTrue('apr: points make a loan dearer', $aprs[0][1] > $aprs[0][0] + 0.1);
    $checks->isTrue('apr: two points cost about 0.2 %', $aprs[0][1] - $aprs[0][0] < 0.3);
    $repeated = $client->call('get-apr-closing-costs', ['data' => ['search' => pricedSearch(), 'products' => $sent]]);
    $checks->same('apr: the same question, the same answer', $answer->data, $repeated->data);
    checkSchedule($checks, $client);
}

function checkRate(Checks $checks, string $name, array $sent, array $got): void
{
    foreach ($sent as $key => $value) {
        $checks->same("$name echoes $key", $value, $got[$key] ?? null);
    }
    $checks->matches("$name has three decimals", '/^\d+\.\d{3}$/', (string) ($got['apr'] ?? ''));
    $apr = (float) ($got['apr'] ?? 0);
    $checks->isTrue("$name is sane ($apr)", $apr > (float) $sent['rate'] - 1.0 && $apr < (float) $sent['rate'] + 2.0);
    $fees = LenderAnswer::listOf($got['fees'] ?? null);
    $checks->isTrue("$name has fees", count($fees) > 0);
    foreach ($fees as $fee) {
        $label = "$name fee " . ($fee['name'] ?? '?');
        $checks->matches("$label: amount", '/^\d+\.\d{2}$/', (string) ($fee['fee'] ?? ''));
        $checks->matches("$label: section", '/^[A-J]$/', (string) ($fee['leSection'] ?? ''));
        $checks->matches("$label: kind", '/^[A-Z][A-Za-z0-9]+$/', (string) ($fee['mismoType'] ?? ''));
        $checks->isTrue("$label: empty strings", LenderAnswer::isEmpty($fee['percent'] ?? 0) && LenderAnswer::isEmpty($fee['mismoTypeOther'] ?? 0));
    }
}

function checkSchedule(Checks $checks, LenderClient $client): void
{
    $product = pricedProducts()[0];
    $product['rates'] = [$product['rates'][0]];
    $answer = $client->call('get-apr-closing-costs', ['data' => [
        'options' => ['isReturnSchedule' => true], 'search' => pricedSearch(), 'products' => [$product],
    ]]);
    $rate = LenderAnswer::listOf($answer->items('products')[0]['rates'] ?? null)[0] ?? [];
    $rows = LenderAnswer::listOf($rate['schedule'] ?? null);
    if (!$checks->same('schedule: 360 payments', 360, count($rows))) {
        return;
    }
    $cents = fn (mixed $amount): int => (int) round((float) $amount * 100);
    $principal = array_sum(array_map(fn (array $row): int => $cents($row['principal']), $rows));
    $checks->same('schedule: principal adds up to the cent', 22500000, $principal);
    $checks->same('schedule: nothing is left', 0, $cents($rows[359]['balance']));
    $checks->same('schedule: numbered from 1', 1, (int) $rows[0]['paymentNumber']);
    // 225,000 at 6.375 % over 360 months is 1,403.71 a month by the annuity formula.
    $checks->same('schedule: payment', 140371, $cents($rows[0]['payment']));
}
