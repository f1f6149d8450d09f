<?php
/**
 * A small Lender API client, and what a customer would expect of the answers.
 *
 * Reads LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY, and the demo's vendor from the file LINTEL_DEMO
 * names. Makes every call in both body styles of PHP's curl (an array is multipart, http_build_query is
 * urlencoded) and in both answer formats.
 * Ends with "N passed, N failed"; exit status 1 when something failed.
 */

declare(strict_types=1);

require __DIR__ . '/lender_client.php';
require __DIR__ . '/checks.php';
require __DIR__ . '/pricing.php';
require __DIR__ . '/ppe.php';
require __DIR__ . '/people.php';
require __DIR__ . '/loans.php';

const DAYS_25 = 25 * 24 * 3600;

$url = getenv('LINTEL_URL') ?: '';
$apiID = getenv('LINTEL_API_ID') ?: '';
$apiKey = getenv('LINTEL_API_KEY') ?: '';
if ($url === '' || $apiID === '' || $apiKey === '') {
    fwrite(STDERR, "set LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY\n");
    exit(2);
}

$checks = new Checks();
$loanFile = file_get_contents(__DIR__ . '/loan.xml');
// A new id for each run, so that the client can be run again on the same data.
$losLoanID = 'PHP-' . bin2hex(random_bytes(5));
$publicID = null;

foreach (['json', 'xml'] as $format) {
    foreach (['multipart', 'urlencoded'] as $style) {
        $checks->section("$format, $style");
        $client = new LenderClient($url, $apiID, $apiKey, $format, $style);
        checkToken($checks, $client);
        $publicID = checkCreateLoan($checks, $client, $losLoanID, $loanFile, $publicID);
        checkLoanList($checks, $client, (string) $publicID);
        checkAprAndCosts($checks, $client);
        checkPpe($checks, $client);
        checkPeople($checks, $client);
        checkLoans($checks, $client);
        checkErrors($checks, $client, $loanFile);
        checkDestroyed($checks, $client);
    }
}
checkTransport($checks, $url);
exit($checks->finish());

function checkToken(Checks $checks, LenderClient $client): void
{
    // An earlier run may have left a token whose life was extended; begin with a new one.
    $old = $client->token();
    $checks->same('destroying answers 200', 200, $client->call('access-token/destroy')->status);
    $checks->isTrue('destroying answers nothing', $client->last->isVoid());

    $first = $client->call('access-token', [], false);
    $checks->same('token: status', 200, $first->status);
    $checks->matches('token: content type', "#^(application|text)/{$client->format}\\b#", $first->contentType);
    $checks->matches('token: 40 letters and digits', '/^[0-9A-Za-z]{40}$/', $first->text('accessToken'));
    $checks->isTrue('token: new after the destroy', $first->text('accessToken') !== $old);
    $life = (int) $first->text('expiration') - (int) $first->text('date');
    $checks->same('token: lives 25 days', DAYS_25, $life);
    $checks->isTrue('token: date is now', abs(time() - (int) $first->text('date')) <= 60);
    $checks->matches('token: ip is ours', '/^(127\.0\.0\.1|::1)$/', $first->text('ip'));
    $checks->matches('token: deviceID', '/^bsm-[0-9a-f]{64}$/', $first->text('deviceID'));
    if ($client->format === 'json') {
        $checks->isTrue('token: times are numbers', is_int($first->data['date']) && is_int($first->data['expiration']));
    }

    $second = $client->call('access-token', [], false);
    $checks->same('token: the second call gives the same', $first->text('accessToken'), $second->text('accessToken'));
    $checks->same('token: the device stays', $first->text('deviceID'), $second->text('deviceID'));
    $checks->isTrue('token: never shortened', (int) $second->text('expiration') >= (int) $first->text('expiration'));
    $client->accessToken = $first->text('accessToken');
}

function checkCreateLoan(Checks $checks, LenderClient $client, string $losLoanID, string $loanFile, ?string $known): string
{
    $data = [
        'losLoanID' => $losLoanID,
        'mismo34' => $loanFile,
        'inviteBorrowers' => 0,
        'losMiscLoanData' => ['loanStatusMain' => 'Start Application', 'loanStatusSub' => 'Signed Up'],
    ];
    $first = $client->call('create-loan', ['data' => $data]);
    $checks->same('create-loan: status', 200, $first->status);
    $publicID = $first->text('publicID');
    $checks->matches('create-loan: publicID', '/^[A-Z0-9]{8}$/', $publicID);
    $again = $client->call('create-loan', ['data' => $data]);
    $checks->same('create-loan: repeated, the same loan', $publicID, $again->text('publicID'));
    if ($known !== null) {
        $checks->same('create-loan: the same loan in every format and style', $known, $publicID);
    }
    $other = $client->call('create-loan', ['data' => ['losLoanID' => "$losLoanID-" . bin2hex(random_bytes(2))] + $data]);
    $checks->matches('create-loan: another id is another loan', '/^[A-Z0-9]{8}$/', $other->text('publicID'));
    $checks->isTrue('create-loan: with a publicID of its own', $other->text('publicID') !== $publicID);
    return $publicID;
}

/** The search every list check starts from: everything active, from yesterday to tomorrow. */
function listSearch(array $more = []): array
{
    return $more + [
        'isActive' => 'true',
        'action' => 'DateRange',
        'dateFrom' => date('m/d/Y', time() - 86400),
        'dateTo' => date('m/d/Y', time() + 86400),
        'sortBy' => 'desc',
        'limit' => 1000,
        'offset' => 0,
        'withBorrower' => ['email', 'ssoID', 'firstName', 'middleName', 'lastName', 'isPrimary'],
    ];
}

function checkLoanList(Checks $checks, LenderClient $client, string $publicID): void
{
    $list = $client->call('get-list-loans', ['data' => listSearch()]);
    $checks->same('list: status', 200, $list->status);
    $loans = $list->items('loans');
    $total = (int) $list->text('totalCount');
    $checks->isTrue('list: totalCount counts what is shown', $total >= 2 && count($loans) === min($total, 1000));
    $found = array_values(array_filter($loans, fn (array $loan): bool => $loan['ID'] === $publicID));
    if (!$checks->same('list: has our loan once', 1, count($found))) {
        return;
    }
    $loan = $found[0];
    $amounts = [
        'homePrice' => 412500.0, 'loanAmount' => 330000.0,
        'totalBorrowersMonthlyIncome' => 11430.5, 'totalBorrowersLiabilities' => 9725.75,
    ];
    foreach ($amounts as $name => $wanted) {
        $checks->isTrue("list: $name is a numeric string", is_string($loan[$name]) && is_numeric($loan[$name]));
        $checks->same("list: $name", $wanted, (float) $loan[$name]);
    }
    $words = [
        'loanPurpose' => 'Purchase', 'productProgram' => 'Conventional', 'occupancyType' => 'PrimaryResidence',
        'propertyType' => 'SingleFamily', 'subjectPropertyStreet' => '27 Test Orchard Lane',
        'subjectPropertyCity' => 'Sacramento', 'subjectPropertyState' => 'CA', 'subjectPropertyZipcode' => '95814',
        'loanOfficerFirstName' => 'Lena', 'loanOfficerLastName' => 'Originator',
        'loanOfficerEmail' => 'lena.originator@example.com',
    ];
    foreach ($words as $name => $wanted) {
        $checks->same("list: $name", $wanted, $loan[$name]);
    }
    $checks->isTrue('list: closingDate is null', LenderAnswer::isNull($loan['closingDate']));
    $checks->isTrue('list: date is today', abs(time() - (int) $loan['date']) < 86400);
    $borrowers = LenderAnswer::listOf($loan['borrowers'] ?? null);
    if ($checks->same('list: both borrowers', 2, count($borrowers))) {
        $checks->same('list: first borrower', 'Wilma Quince Testcase', implode(' ', [$borrowers[0]['firstName'], $borrowers[0]['middleName'], $borrowers[0]['lastName']]));
        $checks->same('list: first e-mail', 'wilma.testcase@example.com', $borrowers[0]['email']);
        $checks->same('list: special characters survive', 'Testcase & Söhne', $borrowers[1]['lastName']);
        $checks->isTrue('list: the first is primary', LenderAnswer::isYes($borrowers[0]['isPrimary']));
        $checks->isTrue('list: the second is not', !LenderAnswer::isYes($borrowers[1]['isPrimary']));
    }
    checkListFilters($checks, $client, $publicID, $total);
}

function checkListFilters(Checks $checks, LenderClient $client, string $publicID, int $total): void
{
    $has = function (array $more) use ($client, $publicID): ?bool {
        $answer = $client->call('get-list-loans', ['data' => listSearch($more)]);
        return $answer->status === 200 ? in_array($publicID, array_column($answer->items('loans'), 'ID'), true) : null;
    };
    $checks->same('filter: state CA has it', true, $has(['filter' => ['property' => ['state' => 'CA']]]));
    $checks->same('filter: state LA has not', false, $has(['filter' => ['property' => ['state' => 'LA']]]));
    $checks->same('filter: inactive has not', false, $has(['isActive' => 'false']));
    $checks->same('filter: changed since yesterday', true, $has(['filter' => ['timestampLastModified' => time() - 86400]]));
    $checks->same('filter: changed since tomorrow', false, $has(['filter' => ['timestampLastModified' => time() + 86400]]));
    $checks->same('filter: last year', false, $has(['dateFrom' => '01/01/2001', 'dateTo' => '01/31/2001']));

    $one = $client->call('get-list-loans', ['data' => listSearch(['limit' => 1])]);
    $two = $client->call('get-list-loans', ['data' => listSearch(['limit' => 1, 'offset' => 1])]);
    $checks->same('page: one loan', 1, count($one->items('loans')));
    $checks->same('page: totalCount is not the page', $total, (int) $one->text('totalCount'));
    $checks->isTrue('page: the next page is another loan', $one->items('loans')[0]['ID'] !== ($two->items('loans')[0]['ID'] ?? null));
    $plain = $client->call('get-list-loans', ['data' => array_diff_key(listSearch(['limit' => 1]), ['withBorrower' => 1])]);
    $checks->isTrue('page: borrowers only when asked for', !isset($plain->items('loans')[0]['borrowers']));
}

function checkErrors(Checks $checks, LenderClient $client, string $loanFile): void
{
    $key = 'Parameter apiID and/or apiKey missing or invalid format.';
    $search = ['data' => listSearch()];
    $checks->error('unknown key', 401, 'Parameter apiID and/or apiKey invalid.',
        $client->call('access-token', ['apiKey' => strrev($client->apiKey)], false));
    $checks->error('no key', 401, $key, $client->call('access-token', ['apiKey' => null], false));
    $checks->error('no id', 401, $key, $client->call('get-list-loans', $search + ['apiID' => null]));
    $checks->error('no token', 401, 'Parameter accessToken missing or invalid format.', $client->call('get-list-loans', $search, false));
    $checks->error('malformed token', 401, 'Parameter accessToken missing or invalid format.',
        $client->call('get-list-loans', $search + ['accessToken' => 'too short']));
    $checks->error('unknown token', 401, 'Parameter accessToken invalid.',
        $client->call('get-list-loans', $search + ['accessToken' => str_repeat('a', 40)]));
    $checks->error('data is not JSON', 401, 'Parameter data missing or invalid format.', $client->call('create-loan', ['data' => '{"losLoanID":']));
    $checks->error('data is missing', 401, 'Parameter data missing or invalid format.', $client->call('get-apr-closing-costs'));
    $checks->error('no isActive', 501, 'Parameter isActive missing or invalid format.',
        $client->call('get-list-loans', ['data' => array_diff_key(listSearch(), ['isActive' => 1])]));
    $checks->error('limit of 0', 501, null, $client->call('get-list-loans', ['data' => listSearch(['limit' => 0])]), 'limit');
    $checks->error('no search', 501, 'Parameter search cannot be empty.', $client->call('get-apr-closing-costs', ['data' => ['products' => pricedProducts()]]));
    $checks->error('no products', 501, 'Parameter products cannot be empty.', $client->call('get-apr-closing-costs', ['data' => ['search' => pricedSearch()]]));
    $checks->error('no losLoanID', 501, 'Parameter losLoanID missing or invalid format.', $client->call('create-loan', ['data' => ['mismo34' => $loanFile]]));
    $checks->error('no document', 501, null, $client->call('create-loan', ['data' => ['losLoanID' => 'X1']]), 'mismo34');
    $bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' . substr($loanFile, (int) strpos($loanFile, '<MESSAGE'));
    $checks->error('document with a DOCTYPE', 501, null, $client->call('create-loan', ['data' => ['losLoanID' => 'X1', 'mismo34' => $bomb]]), 'mismo34');
}

function checkDestroyed(Checks $checks, LenderClient $client): void
{
    $checks->same('destroy: status', 200, $client->call('access-token/destroy')->status);
    $checks->isTrue('destroy: answers nothing', $client->last->isVoid());
    $invalid = 'Parameter accessToken invalid.';
    $checks->error('destroyed token, list', 401, $invalid, $client->call('get-list-loans', ['data' => listSearch()]));
    $checks->error('destroyed token, again', 401, $invalid, $client->call('access-token/destroy'));
}

/** What happens before any parameter is read. */
function checkTransport(Checks $checks, string $url): void
{
    $checks->section('transport');
    foreach (['multipart', 'urlencoded'] as $style) {
        $client = new LenderClient($url, 'x', 'y', 'json', $style);
        $missing = 'Parameter format missing or invalid.';
        $checks->error("no format, $style", 400, $missing, $client->call('access-token', ['format' => null], false));
        $checks->error("bad format, $style", 400, $missing, $client->call('access-token', ['format' => 'yaml'], false));
        $checks->isTrue("unknown path, $style", isset($client->call('no-such-endpoint', [], false)->data['error']['code']));
        $checks->same("unknown path has its status, $style", 404, $client->last->status);
    }
}
