<?php
/**
 * What the Lender API sends: invitations to apply, events of a customer system, subscriptions to rates,
 * and what opting out changes. Every mail is looked at in the demo's catcher.
 *
 * Reads LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY. The server must catch its mail, as a demo does.
 * Meant for a demo nobody has set a broker up in yet. Ends with "N passed, N failed"; exit status 1
 * when something failed.
 */

declare(strict_types=1);

require __DIR__ . '/lender_client.php';
require __DIR__ . '/checks.php';
require __DIR__ . '/people.php';
require __DIR__ . '/mailbox.php';
require __DIR__ . '/notification_samples.php';
require __DIR__ . '/events.php';
require __DIR__ . '/rate_watch.php';

$url = getenv('LINTEL_URL') ?: '';
$apiID = getenv('LINTEL_API_ID') ?: '';
$apiKey = getenv('LINTEL_API_KEY') ?: '';
if ($url === '' || $apiID === '' || $apiKey === '') {
    fwrite(STDERR, "set LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY\n");
    exit(2);
}

$checks = new Checks();
$mailbox = new Mailbox($url);
foreach ([['json', 'multipart'], ['xml', 'urlencoded']] as $place => [$format, $style]) {
    $checks->section("$format, $style");
    $client = new LenderClient($url, $apiID, $apiKey, $format, $style);
    $client->token();
    checkInvitation($checks, $client, $mailbox, $invitationSample, $place);
    checkInvitationErrors($checks, $client, $mailbox, $invitationSample);
    checkEvents($checks, $client, $mailbox, $eventsSample, $place);
    checkRateWatch($checks, $client, $mailbox, $regularSample, $targetSample);
    checkOptOut($checks, $client, $mailbox, $invitationSample);
}
exit($checks->finish());

/** An address of this run's own, so that its mails are told from others'. */
function runAddress(string $name): string
{
    return runID($name . bin2hex(random_bytes(2))) . '@example.com';
}

/** The text's sample as it stands, then without its lead and with addresses of one's own. */
function checkInvitation(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample, int $before): void
{
    $answer = $client->call('email-application', ['data' => $sample]);
    $checks->isTrue('email-application: the sample answers nothing', $answer->status === 200 && $answer->isVoid(), $answer->body);
    // The second time round it is the same call within ten minutes.
    $letters = [];
    foreach (['charlescooper@mail.com', 'marycooper@mail.com'] as $address) {
        $found = $mailbox->wait($address, 1);
        $checks->same("email-application: one mail to $address", 1, count($found));
        $letters[] = $mailbox->text($found[0] ?? '');
    }
    foreach ($letters as $place => $letter) {
        $name = ['Charles', 'Mary'][$place];
        $checks->isTrue("email-application: $name is greeted", str_contains($letter, $name));
        $checks->isTrue("email-application: by the officer", str_contains($letter, 'Adam Smith'));
        $checks->isTrue('email-application: the terms are in it', str_contains($letter, '4.5'));
        $checks->isTrue('email-application: the score is not', !str_contains($letter, '951.62'));
        checkOfferPage($checks, $mailbox, $letter, $name);
    }

    $data = json_decode($sample, true);
    unset($data['publicID'], $data['loan']);
    $addresses = [runAddress('charles'), runAddress('mary')];
    foreach ($addresses as $place => $address) {
        $data['borrowers'][$place]['email'] = $address;
    }
    $answer = $client->call('email-application', ['data' => $data]);
    $checks->isTrue('email-application: without a loan', $answer->status === 200 && $answer->isVoid(), $answer->body);
    foreach ($addresses as $address) {
        $found = $mailbox->wait($address, 1);
        $letter = $mailbox->text($found[0] ?? '');
        $checks->matches('email-application: the general link', '#/app/signup/partner/[A-Z0-9]{8}\?leadReferralSource=[A-Z0-9]{8}#', $letter);
        preg_match('#https?://\S+/app/signup/partner/\S+#', $letter, $link);
        $page = $mailbox->get($link[0] ?? '/', $status);
        $checks->same('email-application: its page', 200, $status);
        $checks->isTrue('email-application: the officer on it', str_contains($page, 'Adam Smith'));
    }
    $again = $client->call('email-application', ['data' => $data]);
    $checks->isTrue('email-application: the same again', $again->status === 200 && $again->isVoid());
    usleep(1_500_000);
    $checks->same('email-application: sends nothing', 1, count($mailbox->to($addresses[0])));
}

/** The page behind a link with an offer shows exactly the loan passed. */
function checkOfferPage(Checks $checks, Mailbox $mailbox, string $letter, string $name): void
{
    preg_match('#https?://\S+/app/signup/p/\S+#', $letter, $link);
    $checks->matches('email-application: the link', '#/app/signup/p/[a-z0-9-]+/r/[0-9A-Za-z]{12}\?leadReferralSource=[A-Z0-9]{8}$#', $link[0] ?? '');
    $page = html_entity_decode($mailbox->get($link[0] ?? '/', $status), ENT_QUOTES | ENT_HTML5);
    $checks->same('email-application: its page', 200, $status);
    foreach (['4.500%', '4.552%', '$1,315.84', '$2,600.00', '$500,000', '$250,000', '$10,000', '5361 Bonanza Dr', 'LQCT0AK8', 'adjustable 7/1', '30 days', 'Adam Smith', $name] as $text) {
        $checks->isTrue("email-application: the page shows $text", str_contains($page, $text));
    }
    $checks->isTrue('email-application: the page keeps the score to itself', !str_contains($page, '951.62'));
}

function checkInvitationErrors(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample): void
{
    $good = json_decode($sample, true);
    $good['publicID'] = '';
    $nobody = 'Parameter lenderID and/or userUID invalid.';
    foreach ([['company', 'lenderID'], ['user', 'userUID']] as [$group, $name]) {
        foreach (['NOBODY00', ''] as $id) {
            $data = $good;
            $data[$group][$name] = $id;
            $checks->error("email-application: $group '$id'", 401, $nobody, $client->call('email-application', ['data' => $data]));
        }
    }
    $data = $good;
    $data['publicID'] = 'NOBODY00';
    $checks->error('email-application: a lead nobody has', 501, 'Parameter publicID invalid format.', $client->call('email-application', ['data' => $data]));
    $spared = runAddress('spared');
    foreach (["mary@example.com\r\nBcc: $spared", 'nobody', "a@b, $spared", ''] as $address) {
        $data = $good;
        $data['borrowers'][0]['email'] = $spared;
        $data['borrowers'][1]['email'] = $address;
        $answer = $client->call('email-application', ['data' => $data]);
        $checks->error('email-application: an address', 501, 'Parameter borrowers[1].email missing or invalid format.', $answer);
    }
    $broker = $client->call('broker-setup-url', ['data' => phpBroker(['brokerUID' => runID('begun' . bin2hex(random_bytes(2)))], [
        'loggedInUserUID' => runID('begun-' . $client->format), 'users' => [phpUser('begun-' . $client->format, 'Admin')],
    ])]);
    $data = $good;
    $data['company']['lenderID'] = $broker->text('lenderID');
    $data['user']['userUID'] = runID('begun-' . $client->format);
    $checks->error('email-application: a set-up that is not done', 501, 'Broker has not been set up.', $client->call('email-application', ['data' => $data]));
    usleep(800_000);
    $checks->same('email-application: nobody was written to', [], $mailbox->to($spared));
}

/** Opting out ends marketing, and nothing else. */
function checkOptOut(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample): void
{
    $address = runAddress('opted-out');
    $loan = file_get_contents(__DIR__ . '/loan.xml');
    $loan = str_replace('wilma.testcase@example.com', $address, $loan);
    $data = ['losLoanID' => runID('opt-' . $client->format), 'mismo34' => $loan, 'inviteBorrowers' => 1];
    $checks->same('update/user: a borrower', 200, $client->call('create-loan', ['data' => $data])->status);
    $checks->same('update/user: who was invited', 1, count($mailbox->wait($address, 1)));
    $answer = $client->call('update/user', ['data' => ['email' => $address, 'user' => ['prefEmailNotifications' => 0]]]);
    $checks->isTrue('update/user: answers nothing', $answer->status === 200 && $answer->isVoid(), $answer->body);
    $data = json_decode($sample, true);
    unset($data['publicID'], $data['borrowers'][1], $data['loan']);
    $data['borrowers'][0]['email'] = $address;
    $answer = $client->call('email-application', ['data' => $data]);
    $checks->isTrue('update/user: mail about a request of their own', $answer->status === 200 && $answer->isVoid(), $answer->body);
    $checks->same('update/user: still goes', 2, count($mailbox->wait($address, 2)));
    $unknown = $client->call('update/user', ['data' => ['email' => runAddress('nobody'), 'user' => ['prefEmailNotifications' => 0]]]);
    $checks->error('update/user: nobody', 501, 'Parameter userID invalid.', $unknown);
}
