<?php
/**
 * Documents as a customer's script sends and fetches them: twenty files in one call, in each body style
 * and answer format; every byte compared; zips opened by a real unzip.
 *
 * Reads LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY. With LINTEL_LARGE_DOCUMENTS set, the files have
 * 20 MiB each; else 200 KiB. Ends with "N passed, N failed"; exit status 1 when something failed.
 */

declare(strict_types=1);

require __DIR__ . '/lender_client.php';
require __DIR__ . '/checks.php';

const FILES = 20;

// The request alone is more than half a gigabyte when the files are large.
ini_set('memory_limit', '-1');
$bytes = getenv('LINTEL_LARGE_DOCUMENTS') ? 20 * 1024 * 1024 : 200 * 1024;
$url = getenv('LINTEL_URL') ?: '';
$apiID = getenv('LINTEL_API_ID') ?: '';
$apiKey = getenv('LINTEL_API_KEY') ?: '';
if ($url === '' || $apiID === '' || $apiKey === '') {
    fwrite(STDERR, "set LINTEL_URL, LINTEL_API_ID and LINTEL_API_KEY\n");
    exit(2);
}

$checks = new Checks();
$loanFile = file_get_contents(__DIR__ . '/loan.xml');
$run = bin2hex(random_bytes(5));
$first = null;
foreach (['json', 'xml'] as $format) {
    foreach (['array', 'query', 'nested query', 'json body', 'json body, data as text'] as $style) {
        $checks->section("$format, $style");
        $client = new LenderClient($url, $apiID, $apiKey, $format, 'urlencoded');
        $client->token();
        $made = $client->call('create-loan', ['data' => [
            'losLoanID' => "DOC-$run-$format-$style", 'mismo34' => $loanFile, 'inviteBorrowers' => 0,
        ]]);
        $loan = $made->text('publicID');
        $checks->matches('a loan for the documents', '/^[A-Z0-9]{8}$/', $loan);
        // Large files once in each style are enough.
        $size = $format === 'json' ? $bytes : 50 * 1024;
        checkTwenty($checks, $client, $style, $loan, $size);
        checkCondition($checks, $client, $style, $loan);
        checkRefused($checks, $client, $style, $loan);
        if ($first !== null) {
            $other = post($client, 'query', 'download-documents', ['docID' => $first, 'loanPublicID' => $loan]);
            $checks->error('a document of another loan', 501, null, $other, 'loanPublicID');
        }
        $first ??= $GLOBALS['firstDocument'];
    }
}
exit($checks->finish());

/** Bytes that look like a PDF and like no other file. */
function pdfBytes(string $mark, int $size): string
{
    $head = "%PDF-1.4\n% $mark\n1 0 obj\n<< >>\nendobj\n";
    $tail = "\n%%EOF\n";
    return $head . random_bytes(max(0, $size - strlen($head) - strlen($tail))) . $tail;
}

/** One POST in one of the styles; answers as they came, with their head. */
function post(LenderClient $client, string $style, string $endpoint, array $data, array $fields = []): LenderAnswer
{
    global $lastHead;
    $lastHead = [];
    $fields += ['format' => $client->format, 'apiID' => $client->apiID, 'apiKey' => $client->apiKey,
        'accessToken' => $client->accessToken];
    $isText = !in_array($style, ['nested query', 'json body'], true);
    $fields['data'] = $isText ? json_encode($data, JSON_THROW_ON_ERROR) : $data;
    $headers = str_starts_with($style, 'json body') ? ['Content-Type: application/json'] : [];
    $body = match ($style) {
        'array' => $fields,
        'query', 'nested query' => http_build_query($fields),
        'json body', 'json body, data as text' => json_encode($fields, JSON_THROW_ON_ERROR),
    };
    unset($fields);
    $curl = curl_init("{$client->url}{$client->prefix}/$endpoint");
    curl_setopt_array($curl, [
        CURLOPT_POST => true,
        CURLOPT_POSTFIELDS => $body,
        CURLOPT_HTTPHEADER => $headers,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 600,
        CURLOPT_HEADERFUNCTION => function ($curl, string $line): int {
            global $lastHead;
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $lastHead[strtolower(trim($name))] = trim($value);
            return strlen($line);
        },
    ]);
    $answer = curl_exec($curl);
    if ($answer === false) {
        throw new RuntimeException("$endpoint: " . curl_error($curl));
    }
    $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
    $type = (string) curl_getinfo($curl, CURLINFO_CONTENT_TYPE);
    $isFile = str_starts_with($type, 'application/pdf') || str_starts_with($type, 'application/zip');
    return new LenderAnswer($status, $type, $answer, $isFile ? 'json' : $client->format);
}

function checkTwenty(Checks $checks, LenderClient $client, string $style, string $loan, int $size): void
{
    global $lastHead, $firstDocument;
    $files = [];
    $documents = [];
    for ($n = 0; $n < FILES; $n++) {
        $name = $n % 2 === 0 ? "Pay stub $n" : "Gehalt ä $n.pdf";
        $files[$name] = pdfBytes("$loan $n", $size + $n);
        $documents[] = ['fileName' => $name, 'fileFormat' => 'pdf', 'fileContent' => base64_encode($files[$name]),
            'documentType' => 'LoanDoc', 'loanDocType' => $n < 15 ? 'misc' : 'credit'];
    }
    $key = $style === 'array' ? 'uploads' : 'documents';
    $answer = post($client, $style, 'upload-documents', ['loanPublicID' => $loan, $key => $documents]);
    unset($documents);
    $checks->same('upload: status', 200, $answer->status);
    $filed = $answer->items('documents');
    if (!$checks->same('upload: as many as were sent', FILES, count($filed))) {
        return;
    }
    $checks->same('upload: in their order', array_keys($files), array_column($filed, 'fileName'));
    $firstDocument = $filed[0]['docID'];
    foreach ([0, 1, FILES - 1] as $n) {
        $got = post($client, $style, 'download-documents', ['docID' => $filed[$n]['docID']]);
        $checks->same("download $n: a PDF", 'application/pdf', $got->contentType);
        $checks->isTrue("download $n: the same bytes", $got->body === $files[$filed[$n]['fileName']]);
        $checks->same("download $n: its length", (string) strlen($got->body), $lastHead['content-length'] ?? '');
        $checks->matches("download $n: a name", '/^attachment; filename="[ -~]+\.pdf"; filename\*=UTF-8\'\'\S+\.pdf$/', $lastHead['content-disposition'] ?? '');
    }
    $zip = post($client, $style, 'download-documents', ['loanPublicID' => $loan, 'docTypes' => ['misc', 'Credit']]);
    $checks->same('zip: content type', 'application/zip', $zip->contentType);
    $found = unzipped($zip->body);
    $checks->same('zip: as many files', FILES, count($found));
    foreach ($files as $name => $content) {
        $inside = str_ends_with($name, '.pdf') ? $name : "$name.pdf";
        $checks->isTrue("zip: $name is in it", ($found[$inside] ?? null) === $content);
    }
    $some = post($client, $style, 'download-documents', ['loanPublicID' => $loan, 'docTypes' => 'credit']);
    $checks->same('zip: only one kind', 5, count(unzipped($some->body)));
}

/** Name and bytes of every file in a zip. */
function unzipped(string $zip): array
{
    $folder = sys_get_temp_dir() . '/lintel-zip-' . bin2hex(random_bytes(6));
    mkdir($folder, 0700);
    file_put_contents("$folder/all.zip", $zip);
    $files = [];
    if (class_exists('ZipArchive')) {
        $archive = new ZipArchive();
        if ($archive->open("$folder/all.zip", ZipArchive::CHECKCONS) === true) {
            for ($n = 0; $n < $archive->numFiles; $n++) {
                $files[$archive->getNameIndex($n)] = $archive->getFromIndex($n);
            }
        }
    } else {
        exec('LC_ALL=C.UTF-8 unzip -q ' . escapeshellarg("$folder/all.zip") . ' -d ' . escapeshellarg("$folder/out"), $lines, $status);
        foreach ($status === 0 ? glob("$folder/out/*") : [] as $path) {
            $files[basename($path)] = file_get_contents($path);
        }
    }
    exec('rm -rf ' . escapeshellarg($folder));
    return $files;
}

function checkCondition(Checks $checks, LenderClient $client, string $style, string $loan): void
{
    $made = $client->call('create-condition', ['data' => ['loanPublicID' => $loan, 'title' => 'Latest pay slip', 'type' => 'prior to docs']]);
    $condition = $made->text('conditionID');
    $slips = ['one' => pdfBytes("one $loan", 3000), 'two' => pdfBytes("two $loan", 4000)];
    $documents = [];
    foreach ($slips as $name => $content) {
        $documents[] = ['fileName' => $name, 'fileFormat' => 'pdf', 'fileContent' => chunk_split(base64_encode($content)),
            'documentType' => 'LoanConditionDocument', 'conditionID' => $condition, 'autoSatisfyCondition' => 'true'];
    }
    $answer = post($client, $style, 'upload-documents', ['loanPublicID' => $loan, 'documents' => $documents]);
    $filed = $answer->items('documents');
    $checks->same('condition: both filed', [$condition, $condition], array_column($filed, 'conditionID'));
    $zip = post($client, $style, 'download-condition-documents', ['loanConditionPublicID' => $condition]);
    $found = unzipped($zip->body);
    ksort($found);
    $checks->isTrue('condition: the same bytes', $found === ['one.pdf' => $slips['one'], 'two.pdf' => $slips['two']]);
}

function checkRefused(Checks $checks, LenderClient $client, string $style, string $loan): void
{
    $good = ['fileName' => 'W2', 'fileFormat' => 'pdf', 'fileContent' => base64_encode(pdfBytes('x', 1000)),
        'documentType' => 'LoanDoc', 'loanDocType' => 'misc'];
    $upload = fn (array $change, array $fields = []): LenderAnswer => post($client, $style, 'upload-documents',
        ['loanPublicID' => $loan, 'documents' => [$good, $change + $good]], $fields);
    $missing = fn (string $name): string => "Parameter $name missing or invalid format.";
    $checks->error('not a PDF', 501, $missing('documents[1].fileContent'), $upload(['fileContent' => base64_encode('GIF89a')]));
    $checks->error('not base64', 501, $missing('documents[1].fileContent'), $upload(['fileContent' => '%%%']));
    $checks->error('no such kind', 501, $missing('documents[1].loanDocType'), $upload(['loanDocType' => 'holiday']));
    $checks->error('no such format', 501, $missing('documents[1].fileFormat'), $upload(['fileFormat' => 'docx']));
    $checks->error('unknown key', 401, 'Parameter apiID and/or apiKey invalid.', $upload([], ['apiKey' => strrev($client->apiKey)]));
    $checks->error('unknown loan', 501, $missing('loanPublicID'),
        post($client, $style, 'upload-documents', ['loanPublicID' => 'NOBODY00', 'documents' => [$good]]));
    $checks->error('unknown document', 501, $missing('docID'), post($client, $style, 'download-documents', ['docID' => 'NOBODY00']));
    $checks->error('a loan without such papers', 501, $missing('docTypes'),
        post($client, $style, 'download-documents', ['loanPublicID' => $loan, 'docTypes' => ['aus']]));
    $checks->error('an unknown condition', 501, $missing('loanConditionPublicID'),
        post($client, $style, 'download-condition-documents', ['loanConditionPublicID' => 'NOBODY00']));
}
