<?php
/**
 * Events of a customer system: the text's two samples, a list with one that cannot be carried out, the
 * same list again, and what a loan shows of them.
 */

declare(strict_types=1);

function checkEvents(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample, int $place): void
{
    checkEventSample($checks, $client, $mailbox, $sample, $place);
    checkEventErrors($checks, $client, $mailbox, $sample);
    checkEventsOfLoan($checks, $client);
    checkHostileEvents($checks, $client, $mailbox, $sample);
}

/** @return list<array> the answers, in order */
function eventAnswers(LenderAnswer $answer): array
{
    return LenderAnswer::listOf($answer->data['item'] ?? $answer->data);
}

/** The sample as it stands; whoever sends it again is answered the same, and nothing is done. */
function checkEventSample(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample, int $place): void
{
    $wanted = [['status' => 'success', 'crmEventID' => '2000084422']];
    foreach (['first', 'again'] as $time) {
        $answer = $client->call('create-notifications', ['data' => $sample]);
        $checks->same("create-notifications: status, $time", 200, $answer->status);
        $checks->same("create-notifications: the sample, $time", $wanted, eventAnswers($answer));
    }
    $found = $mailbox->wait('lo@test.com', 1);
    usleep(800_000);
    $checks->same('create-notifications: one mail, however often', 1, count($mailbox->to('lo@test.com')));
    $letter = $mailbox->get("/mailbox/{$found[0]}");
    $checks->isTrue('create-notifications: its subject', str_contains($letter, 'New Loan Application from Alice Firstimer'));
    $checks->isTrue('create-notifications: its text', str_contains($mailbox->text($found[0]), 'You have a new loan application.'));
    // Nobody may send in the name of any address there is: answers still go to the sender.
    $source = $mailbox->source($found[0]);
    $checks->matches('create-notifications: its sender is named', '/^From: "?Smart Mortgage"? </mi', $source);
    $checks->matches('create-notifications: where answers go', '/^Reply-To: .*smartmortgage@test\.com/mi', $source);
    $checks->matches('create-notifications: a stable name', '/^Message-ID: <[^<>@\s]+@[^<>@\s]+>\s*$/mi', $source);
    $checks->same('create-notifications: one text message', 1, count($mailbox->wait('(999) 888-7777', 1)));
}

/** The text's other sample, and a list whose third event is bad. */
function checkEventErrors(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample): void
{
    $address = runAddress('events');
    $event = function (string $id, bool $isGood) use ($sample, $address): array {
        $event = json_decode($sample, true)[0];
        $event['crmEventID'] = $id;
        foreach ($event['actionList'] as &$action) {
            if (isset($action['actionData']['emailRecipients'])) {
                $action['actionData']['emailRecipients']['toEmailAddresses'] = [$address];
            }
            if (isset($action['actionData']['smsToNumber'])) {
                $action['actionData']['smsToNumber'] = '360-555-0147';
            }
            if (!$isGood) {
                unset($action['actionData']['emailTimestamp']);
            }
        }
        return $event;
    };
    $id = fn (int $n): string => runID("event-{$client->format}-$n");
    $missing = 'Parameter emailTimestamp missing.';
    $bad = eventAnswers($client->call('create-notifications', ['data' => [$event($id(0), false)]]));
    $checks->same('create-notifications: the error sample', ['error', $id(0), $missing], [$bad[0]['status'] ?? '', $bad[0]['crmEventID'] ?? '', $bad[0]['errorMessage'] ?? '']);
    $list = [$event($id(1), true), $event($id(2), true), $event($id(3), false), $event($id(4), true), $event($id(1), true)];
    foreach ([3, 3] as $round => $mails) {
        $answers = eventAnswers($client->call('create-notifications', ['data' => $list]));
        $checks->same("create-notifications: in order, $round", [$id(1), $id(2), $id(3), $id(4), $id(1)], array_column($answers, 'crmEventID'));
        $checks->same("create-notifications: the third is bad, $round", ['success', 'success', 'error', 'success', 'success'], array_column($answers, 'status'));
        $checks->same("create-notifications: and says so, $round", $missing, $answers[2]['errorMessage'] ?? '');
        $mailbox->wait($address, $mails);
        usleep(800_000);
        $checks->same("create-notifications: three mails, $round", $mails, count($mailbox->to($address)));
    }
    $list[2] = $event($id(3), true);
    $answers = eventAnswers($client->call('create-notifications', ['data' => $list]));
    $checks->same('create-notifications: put right', ['success'], array_values(array_unique(array_column($answers, 'status'))));
    $checks->same('create-notifications: only that one was left', 4, count($mailbox->wait($address, 4)));

    $checks->error('create-notifications: no list', 401, 'Parameter data missing or invalid format.', $client->call('create-notifications', ['data' => '{}']));
    $checks->error('create-notifications: nothing in it', 501, 'Parameter data missing or invalid format.', $client->call('create-notifications', ['data' => '[]']));
    $unknown = $event($id(5), true);
    $unknown['actionList'][0]['crmID'] = 'nobody-has-this';
    $answers = eventAnswers($client->call('create-notifications', ['data' => [$unknown]]));
    $checks->same('create-notifications: about nobody', 'Parameter crmID invalid.', $answers[0]['errorMessage'] ?? '');
}

/** A loan by its crmID, and what it shows then. */
function checkEventsOfLoan(Checks $checks, LenderClient $client): void
{
    $crmID = runID('crm-loan-' . $client->format);
    $data = ['losLoanID' => runID("crm-{$client->format}"), 'mismo34' => file_get_contents(__DIR__ . '/loan.xml'), 'inviteBorrowers' => 0];
    $loan = $client->call('create-loan', ['data' => $data + ['losMiscLoanData' => ['crmID' => $crmID]]])->text('publicID');
    $seen = $client->call('get-loan', ['data' => ['loanPublicID' => $loan]]);
    $checks->same('crmID: shown', $crmID, $seen->text('crmID'));
    $task = ['actionType' => 'createTask', 'crmID' => $crmID, 'actionData' => [
        'taskTargetType' => 'LenderUser', 'taskAssigneeCRMID' => 'U12345', 'taskDescription' => 'Call <b>Wilma</b> & Otto', 'taskCRMID' => 'T-1',
    ]];
    $alert = ['actionType' => 'createAlert', 'crmID' => $crmID, 'actionData' => [
        'alertTargetType' => 'Loan', 'alertTargetRoles' => ['All'], 'alertMessage' => '<p>Hurry<script>alert(1)</script></p>', 'alertSeverity' => 'High',
    ]];
    $events = [['crmEventID' => runID("loan-{$client->format}"), 'actionList' => [$task, $alert]]];
    $answers = eventAnswers($client->call('create-notifications', ['data' => $events]));
    $checks->same('crmID: found by it', 'success', $answers[0]['status'] ?? '');
    $seen = $client->call('get-loan', ['data' => ['loanPublicID' => $loan]]);
    $tasks = LenderAnswer::listOf($seen->data['tasks'] ?? null);
    $checks->same('get-loan: its task', ['Call <b>Wilma</b> & Otto'], array_column($tasks, 'description'));
    $checks->same('get-loan: the system\'s id of it', ['T-1'], array_column($tasks, 'taskCRMID'));
    $alerts = LenderAnswer::listOf($seen->data['alerts'] ?? null);
    $checks->same('get-loan: its alert', 1, count($alerts));
    $message = (string) ($alerts[0]['message'] ?? '');
    $checks->isTrue('get-loan: cleaned', str_contains($message, 'Hurry') && !str_contains($message, 'script'), $message);
    $other = runID('crm-other-' . $client->format);
    $named = $client->call('update-loan-status', ['data' => ['loanPublicID' => $loan, 'crmID' => $other]]);
    $checks->same('crmID: changed alone', 200, $named->status);
    $checks->same('crmID: and shown', $other, $client->call('get-loan', ['data' => ['loanPublicID' => $loan]])->text('crmID'));
}

/** Mail that would do harm: a clear error, and nothing sent. */
function checkHostileEvents(Checks $checks, LenderClient $client, Mailbox $mailbox, string $sample): void
{
    $spared = runAddress('hostile');
    $mail = json_decode($sample, true)[0]['actionList'][3];
    $mail['actionData']['emailRecipients'] = ['toEmailAddresses' => [$spared]];
    $many = array_map(fn (int $n): string => "someone$n@example.com", range(1, 10_000));
    $cases = [
        ['emailBody', '<p>Hello</p><script>alert(1)</script>', 'emailBody'],
        ['emailBody', '<img src=x onerror=alert(1)>', 'emailBody'],
        ['emailSubject', "Hello\r\nBcc: $spared", 'emailSubject'],
        ['emailSenderName', "Smart\nBcc: $spared", 'emailSenderName'],
        ['emailSenderAddress', "a@b.example>, <$spared", 'emailSenderAddress'],
        ['emailRecipients', ['toEmailAddresses' => [$spared, 'nobody']], 'toEmailAddresses'],
        ['emailRecipients', ['toEmailAddresses' => [$spared], 'bccEmailAddresses' => $many], '[a-z]+EmailAddresses'],
        ['emailRecipients', ['toEmailAddresses' => $many], 'toEmailAddresses'],
    ];
    foreach ($cases as $n => [$name, $value, $blamed]) {
        $action = $mail;
        $action['actionData'][$name] = $value;
        $events = [['crmEventID' => runID("hostile-{$client->format}-$n"), 'actionList' => [$action]]];
        $answers = eventAnswers($client->call('create-notifications', ['data' => $events]));
        $checks->same("create-notifications: hostile $name $n", 'error', $answers[0]['status'] ?? '');
        $checks->matches("create-notifications: hostile $name $n is named", "/^Parameter $blamed (missing|invalid format)\\.$/", (string) ($answers[0]['errorMessage'] ?? ''));
    }
    usleep(800_000);
    $checks->same('create-notifications: nothing hostile was sent', [], $mailbox->to($spared));
    $checks->same('create-notifications: nor to ten thousand', [], $mailbox->to('someone1@example.com'));
}
