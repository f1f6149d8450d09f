<?php
/**
 * The calls and checks about one loan: opened, moved, given conditions, given out as a document and
 * taken in again, and a document looked at beforehand.
 */

declare(strict_types=1);

function checkLoans(Checks $checks, LenderClient $client): void
{
    $document = file_get_contents(__DIR__ . '/loan.xml');
    $loan = phpLoan($client, 'loan', $document);
    $checks->matches('loan: publicID', '/^[A-Z0-9]{8}$/', $loan);
    checkLoanInFull($checks, $client, $loan);
    checkConditions($checks, $client, $loan);
    checkStatuses($checks, $client, $loan);
    checkExport($checks, $client, $loan);
    checkValidation($checks, $client, $document);
}

/** A loan of this run's own. */
function phpLoan(LenderClient $client, string $name, string $document): string
{
    $data = ['losLoanID' => runID("$name-" . bin2hex(random_bytes(3))), 'mismo34' => $document, 'inviteBorrowers' => 0];
    return $client->call('create-loan', ['data' => $data])->text('publicID');
}

function checkLoanInFull(Checks $checks, LenderClient $client, string $loan): void
{
    $answer = $client->call('get-loan', ['data' => ['loanPublicID' => $loan]]);
    $checks->same('get-loan: status', 200, $answer->status);
    $checks->same('get-loan: the id', $loan, $answer->text('ID'));
    $checks->same('get-loan: a fresh loan', 'Signed Up', $answer->text('systemSubStatus'));
    $borrowers = LenderAnswer::listOf($answer->data['application']['borrowers'] ?? null);
    $checks->isTrue('get-loan: borrowers', count($borrowers) >= 1);
    $checks->matches('get-loan: a masked tax id', '/^\*{5}\d{4}$/', (string) ($borrowers[0]['taxId']['value'] ?? ''));
    $unknown = $client->call('get-loan', ['data' => ['loanPublicID' => 'ZZZZ0000']]);
    $checks->error('get-loan: unknown', 501, 'Parameter loanPublicID missing or invalid format.', $unknown);
}

function checkConditions(Checks $checks, LenderClient $client, string $loan): void
{
    $data = ['loanPublicID' => $loan, 'title' => 'Pay slip of <October> & "November"', 'type' => 'prior to docs', 'conditionUID' => 'php-1'];
    $id = $client->call('create-condition', ['data' => $data])->text('conditionID');
    $checks->matches('create-condition: an id', '/^[A-Z0-9]{8}$/', $id);
    $again = $client->call('create-condition', ['data' => $data])->text('conditionID');
    $checks->same('create-condition: the same again', $id, $again);
    $clear = ['loanPublicID' => $loan, 'loanStatusMain' => 'Underwriting', 'loanStatusSub' => 'Clear to Close'];
    $held = $client->call('update-loan-status', ['data' => $clear]);
    $checks->error('update-loan-status: held back', 501, 'Parameter loanStatusSub invalid format.', $held);
    $waived = $client->call('update-condition', ['data' => ['conditionID' => $id, 'status' => 'waived']]);
    $checks->same('update-condition: waived', 'waived', $waived->text('status'));
    $checks->same('update-condition: the title', $data['title'], $waived->text('title'));
}

function checkStatuses(Checks $checks, LenderClient $client, string $loan): void
{
    $steps = [['Underwriting', 'Clear to Close'], ['Closing', 'Signed Closing Documents'], ['Funded', 'Funded']];
    foreach ($steps as [$main, $sub]) {
        $data = ['loanPublicID' => $loan, 'loanStatusMain' => $main, 'loanStatusSub' => $sub];
        $moved = $client->call('update-loan-status', ['data' => $data]);
        $checks->same("update-loan-status: $main", [$main, $sub], [$moved->text('systemMainStatus'), $moved->text('systemSubStatus')]);
    }
    $checks->isTrue('update-loan-status: it ended', !LenderAnswer::isYes($moved->data['isActive'] ?? null));
    $back = ['loanPublicID' => $loan, 'loanStatusMain' => 'Closing'];
    $back = $client->call('update-loan-status', ['data' => $back]);
    $checks->error('update-loan-status: no way back', 501, 'Parameter loanStatusMain invalid format.', $back);
}

function checkExport(Checks $checks, LenderClient $client, string $loan): void
{
    $document = $client->call('export-loan', ['data' => ['loanPublicID' => $loan]])->text('mismo34');
    $checks->isTrue('export-loan: a document', str_starts_with($document, '<?xml version="1.0" encoding="UTF-8"?>'));
    $checks->isTrue('export-loan: well-formed', simplexml_load_string($document) !== false);
    $copy = phpLoan($client, 'copy', $document);
    $shown = [];
    foreach ([$loan, $copy] as $id) {
        $answer = $client->call('get-loan', ['data' => ['loanPublicID' => $id]]);
        $application = $answer->data['application'] ?? [];
        unset($application['loan']['originationSystems']);
        $shown[] = $application;
    }
    $checks->same('export-loan: the same loan again', $shown[0], $shown[1]);
}

function checkValidation(Checks $checks, LenderClient $client, string $document): void
{
    $good = $client->call('validate-mismo', ['data' => ['mismo34' => $document]]);
    $checks->isTrue('validate-mismo: a good one', LenderAnswer::isYes($good->data['isValid'] ?? null));
    $bad = $client->call('validate-mismo', ['data' => ['mismo34' => '<!DOCTYPE x><x/>']]);
    $checks->same('validate-mismo: a bad one answers', 200, $bad->status);
    $findings = $bad->items('findings');
    $checks->same('validate-mismo: says what', 'doctype_forbidden', (string) ($findings[0]['code'] ?? ''));
}
