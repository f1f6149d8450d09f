<?php
/**
 * Subscriptions to rates: the text's samples over a search of one's own, again, ended, and the page of
 * the borrower's that ends them too.
 */

declare(strict_types=1);

function checkRateWatch(Checks $checks, LenderClient $client, Mailbox $mailbox, string $regular, string $target): void
{
    [$searchID, $products] = watchedSearch($client);
    $checks->matches('rate-watch: a search', '/^[0-9A-Z]{6}$/', $searchID);
    $checks->isTrue('rate-watch: two products', count($products) === 2);
    $address = runAddress('watcher');
    $data = json_decode($regular, true);
    $data = ['searchID' => $searchID, 'email' => $address, 'productNames' => $products] + $data;
    $answer = $client->call('rate-watch', ['data' => $data]);
    $checks->same('rate-watch: status', 200, $answer->status);
    $checks->same('rate-watch: success', 'success', $answer->text('status'));
    $watch = $answer->data['rateWatch'] ?? [];
    $members = ['firstName', 'lastName', 'email', 'phone', 'type', 'frequency', 'expiration', 'date', 'unsubscribeToken'];
    $checks->same('rate-watch: members', $members, array_keys($watch));
    $checks->same('rate-watch: as sent', ['Charles', 'Cooper', $address, '817-501-6587', 'REGULAR', 'DAILY'], array_slice(array_values($watch), 0, 6));
    $token = (string) ($watch['unsubscribeToken'] ?? '');
    $checks->matches('rate-watch: token', '/^[0-9A-Za-z]{60}$/', $token);
    $days = ((int) ($watch['expiration'] ?? 0) - (int) ($watch['date'] ?? 0)) / 86400;
    $checks->isTrue('rate-watch: for a week', $days > 6.9 && $days < 8.1, (string) $days);
    $again = $client->call('rate-watch', ['data' => ['action' => 'subcribe'] + $data]);
    $checks->same('rate-watch: the same again', $token, (string) ($again->data['rateWatch']['unsubscribeToken'] ?? ''));

    $data = json_decode($target, true);
    foreach ($data['rateTargets'] as $place => &$one) {
        $one['productName'] = $products[$place];
    }
    unset($one);
    $data = ['searchID' => $searchID, 'email' => $address] + $data;
    $answer = $client->call('rate-watch', ['data' => $data]);
    $checks->same('rate-watch: targets', ['RATE_TARGET', 'DAILY'], [(string) ($answer->data['rateWatch']['type'] ?? ''), (string) ($answer->data['rateWatch']['frequency'] ?? '')]);
    $other = (string) ($answer->data['rateWatch']['unsubscribeToken'] ?? '');
    $checks->isTrue('rate-watch: a token of its own', $other !== '' && $other !== $token);

    checkWatchEnds($checks, $client, $mailbox, $token, $other);
    checkWatchErrors($checks, $client, $data);
}

/** @return array{string, list<string>} a search and names of two products it found */
function watchedSearch(LenderClient $client): array
{
    $flags = ['ARMs', 'VA', 'FHA', 'HomeReady', 'USDA', '40Year', '25Year', '20Year', '10Year', '10YearARM', '7YearARM', '5YearARM', '3YearARM', '2YearARM', '1YearARM', 'Less1YearARM'];
    $search = [
        'channel' => 'Retail', 'subChannel' => 'Employee', 'loanPurpose' => ['Purchase'], 'lockPeriod' => '30', 'zipcode' => ['92649'],
        'homePrice' => '500000', 'downPayment' => '125000', 'loanAmount' => '375000', 'fico' => '760', 'propertyType' => 'SingleFamily',
        'occupancyType' => 'PrimaryResidence', 'filterConventional' => '1', 'filter30Year' => '1', 'filter15Year' => '1',
        'filterPoints' => ['low' => '-1', 'high' => '1'],
    ] + array_fill_keys(array_map(fn (string $flag): string => "filter$flag", $flags), '0');
    $answer = $client->call('get-ppe-anonymous', ['data' => $search]);
    $names = array_column($answer->items('products'), 'productName');
    return [$answer->text('searchID'), array_slice(array_values(array_unique($names)), 0, 2)];
}

function checkWatchEnds(Checks $checks, LenderClient $client, Mailbox $mailbox, string $token, string $other): void
{
    $page = $mailbox->get("/app/rates/$token", $status);
    $checks->same('rate-watch: the borrower\'s page', 200, $status);
    $checks->isTrue('rate-watch: which says whose', str_contains($page, 'demo'));
    foreach (['first', 'again'] as $time) {
        $ended = $client->call('rate-watch', ['data' => ['action' => 'unsubscribe', 'token' => $token]]);
        $checks->same("rate-watch: ended, $time", [200, 'success'], [$ended->status, $ended->text('status')]);
    }
    // As mail programs do it (RFC 8058): one POST, no cookie, no form of ours.
    $curl = curl_init($client->url . "/app/rates/$other/stop");
    curl_setopt_array($curl, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => 'List-Unsubscribe=One-Click', CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 30]);
    curl_exec($curl);
    $checks->same('rate-watch: one click', 200, (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE));
    $mailbox->get('/app/rates/' . str_repeat('z', 60), $status);
    $checks->same('rate-watch: a page nobody has', 404, $status);
}

function checkWatchErrors(Checks $checks, LenderClient $client, array $data): void
{
    $call = fn (array $changes): LenderAnswer => $client->call('rate-watch', ['data' => $changes + $data]);
    $checks->error('rate-watch: search', 501, 'Parameter searchID not found.', $call(['searchID' => 'ZZZZZZ']));
    $unknown = ['action' => 'unsubscribe', 'token' => str_repeat('z', 60)];
    $checks->error('rate-watch: token', 501, 'Parameter token not found (action = unsubscribe).', $call($unknown));
    foreach ([['action', 'watch'], ['email', 'nobody'], ['email', "a@example.com\r\nBcc: b@example.com"], ['type', 'OTHER'], ['firstName', "A\nB"], ['rateTargets', []]] as [$name, $value]) {
        $checks->error("rate-watch: $name", 501, null, $call([$name => $value]), $name);
    }
    $target = $data['rateTargets'][0];
    $checks->error('rate-watch: a product', 501, null, $call(['rateTargets' => [['productName' => 'Nothing of the kind'] + $target]]), 'rateTargets\[0\].productName');
    $checks->error('rate-watch: a rate', 501, null, $call(['rateTargets' => [['desiredRate' => '-1%'] + $target]]), 'rateTargets\[0\].desiredRate');
}
