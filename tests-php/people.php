<?php
/**
 * The calls and checks about companies and people: a broker set up, people added, pictured, listed,
 * signed on, switched off and on, and a vendor that is let in and asks for itself.
 */

declare(strict_types=1);

require_once __DIR__ . '/pictures.php';

/** Ids of this run's own, so that the client can be run again on the same data. */
function runID(string $name): string
{
    static $run = null;
    $run ??= bin2hex(random_bytes(4));
    return "php-$run-$name";
}

function phpUser(string $name, string $role, array $more = []): array
{
    return $more + [
        'userUID' => runID($name), 'timezone' => 'America/Denver', 'firstName' => ucfirst($name), 'lastName' => 'Example',
        'phonePrimary' => '303-555-0142', 'email' => runID($name) . '@example.com', 'role' => $role,
        'headshot' => ['imageFormat' => 'png', 'base64' => small_png()], 'loanOfficer_nmls' => '9900777',
        'licensing' => [['state' => 'CO', 'licenseNum' => 'CO-1'], ['state' => 'UT', 'licenseNum' => 'n/a']],
    ];
}

function phpBroker(array $company = [], array $more = []): array
{
    return $more + [
        'loggedInUserUID' => runID('paula'),
        'company' => $company + [
            'brokerUID' => runID('broker'), 'name' => 'PHP Brokers (example)', 'nameLegal' => 'PHP Brokers, Inc. (example)',
            'addressStreet' => '1 Example Way', 'addressCity' => 'Denver', 'addressState' => 'CO', 'addressZipcode' => '80202',
            'phone' => '3035550142', 'nmls' => '9900776', 'tin' => '12-3456789', 'loCompensation' => 1.25,
            'organizationType' => 'Partnership', 'productTypesOffer' => ['conventional' => 1, 'fha' => true, 'va' => '0'],
            'logo' => ['imageFormat' => 'jpg', 'base64' => small_jpg()], 'licensing' => [['state' => 'CO', 'licenseNum' => 'n/a']],
        ],
        'users' => [phpUser('paula', 'Admin'), phpUser('pedro', 'Loan Officer/Processor')],
    ];
}

function checkPeople(Checks $checks, LenderClient $client): void
{
    [$lenderID, $ids] = checkSetUp($checks, $client);
    checkAddUsers($checks, $client, $lenderID, $ids);
    checkSwitches($checks, $client, $lenderID, $ids);
    checkPeopleErrors($checks, $client, $lenderID);
    checkVendor($checks, $client);
}

/** @return array{string, list<string>} the broker's lenderID and its users' ids */
function checkSetUp(Checks $checks, LenderClient $client): array
{
    $answer = $client->call('broker-setup-url', ['data' => phpBroker()]);
    $checks->same('set-up: status', 200, $answer->status);
    $lenderID = $answer->text('lenderID');
    $checks->matches('set-up: lenderID', '/^[A-Z0-9]{8}$/', $lenderID);
    $link = "#/lender/sign-up/start-basic\\?lenderID=$lenderID&token=[0-9A-Za-z]{50}\$#";
    $checks->matches('set-up: a link for who began it', $link, $answer->text('redirectURL'));
    $checks->same('set-up: not completed', '0', $answer->text('isSetUpCompleted'));
    $users = $answer->items('users');
    $checks->same('set-up: users as sent', [runID('paula'), runID('pedro')], array_column($users, 'userUID'));
    $again = $client->call('broker-setup-url', ['data' => phpBroker([], ['loggedInUserUID' => runID('pedro')])]);
    $checks->same('set-up: the same broker', $lenderID, $again->text('lenderID'));
    $checks->same('set-up: the same people', $users, $again->items('users'));
    $checks->isTrue('set-up: no link for anybody else', LenderAnswer::isNull($again->data['redirectURL'] ?? null));
    return [$lenderID, array_column($users, 'userID')];
}

function checkAddUsers(Checks $checks, LenderClient $client, string $lenderID, array $ids): void
{
    $users = [phpUser('pedro', 'Loan Officer'), phpUser('petra', 'Sales Manager', ['licensing' => []])];
    $data = ['company' => ['lenderID' => $lenderID], 'users' => $users];
    $answer = $client->call('add-users', ['data' => $data]);
    $checks->same('add-users: brokerUID', runID('broker'), $answer->text('brokerUID'));
    $added = $answer->items('users');
    $checks->same('add-users: as sent', [runID('pedro'), runID('petra')], array_column($added, 'userUID'));
    $checks->same('add-users: updated, not added', $ids[1], $added[0]['userID'] ?? '');
    $checks->same('add-users: twice is once', $added, $client->call('add-users', ['data' => $data])->items('users'));

    $heads = ['company' => ['lenderID' => $lenderID], 'users' => [
        ['userUID' => runID('petra'), 'headshot' => ['imageFormat' => 'jpg', 'base64' => small_jpg()]],
    ]];
    $checks->isTrue('update-headshot: answers nothing', $client->call('update-headshot', ['data' => $heads])->isVoid());

    $asked = ['subRole' => 'Loan Officer', 'branchID' => '4IITBI1P', 'licensed' => ['CA', 'TX'], 'assignable' => 1];
    $officers = $client->call('get-internal-users', ['data' => $asked]);
    $checks->same('get-internal-users: status', 200, $officers->status);
    $list = $client->format === 'json' ? $officers->data : $officers->items('item');
    $checks->isTrue('get-internal-users: a list', is_array($list) && array_is_list($list) && $list !== []);
    $wanted = ['firstName', 'firstNamePreferred', 'middleName', 'lastName', 'phonePrimary', 'email', 'nmls', 'userID', 'headshotURL'];
    $checks->same('get-internal-users: members', $wanted, array_keys($list[0] ?? []));
}

function checkSwitches(Checks $checks, LenderClient $client, string $lenderID, array $ids): void
{
    $who = ['data' => ['company' => ['lenderID' => $lenderID], 'user' => ['userID' => $ids[0]]]];
    $link = $client->call('get-single-sign-on-url', $who);
    $checks->matches('sign-on: who began goes on with the set-up', '#/lender/sign-up/start-basic#', $link->text('signOnURL'));
    $other = ['data' => ['company' => ['lenderID' => $lenderID], 'user' => ['userID' => $ids[1]]]];
    $none = $client->call('get-single-sign-on-url', $other);
    $checks->isTrue('sign-on: the other waits', $none->status === 200 && LenderAnswer::isNull($none->data['signOnURL'] ?? null));
    $set = fn (array $lists) => $client->call('set-account-status', ['data' => $lists]);
    $company = fn (string $status) => ['companies' => [['lenderID' => $lenderID, 'status' => $status]]];
    $checks->isTrue('status: off answers nothing', $set($company('Deactivate'))->isVoid());
    $checks->error('status: no link while it is off', 501, null, $client->call('get-single-sign-on-url', $who), '(lenderID|user\.userID)');
    $checks->isTrue('status: on answers nothing', $set($company('Activate'))->isVoid());
    $off = ['users' => [['userUID' => runID('paula'), 'status' => 'Deactivate']]];
    $checks->isTrue('status: a person off', $set($off)->isVoid());
    $checks->error('status: no link for that person', 501, 'Parameter user.userID invalid.', $client->call('get-single-sign-on-url', $who));
    $off['users'][0]['status'] = 'Activate';
    $checks->isTrue('status: a person on', $set($off)->isVoid());
    $checks->same('status: the link is back', 200, $client->call('get-single-sign-on-url', $who)->status);
}

function checkPeopleErrors(Checks $checks, LenderClient $client, string $lenderID): void
{
    $setUp = fn (array $company, array $more = []) => $client->call('broker-setup-url', ['data' => phpBroker($company, $more)]);
    $checks->error('set-up: organizationType', 501, 'Invalid organization type company.organizationType.', $setUp(['organizationType' => 'Guild']));
    $checks->error('set-up: no licences', 501, 'Array company.licensing cannot be empty.', $setUp(['licensing' => []]));
    $checks->error('set-up: no users', 501, 'Array users cannot be empty.', $setUp([], ['users' => []]));
    $paula = phpUser('paula', 'Admin');
    $bad = fn (array $pedro) => ['users' => [$paula, $pedro + phpUser('pedro', 'Loan Officer')]];
    $checks->error('set-up: role', 501, 'Invalid user role users.role', $setUp([], $bad(['role' => 'Wizard'])));
    $checks->error('set-up: time zone', 501, 'Invalid time zone users.timezone', $setUp([], $bad(['timezone' => 'Mars'])));
    $checks->error('set-up: licences of an officer', 501, 'Array user.licensing cannot be empty for users.role', $setUp([], $bad(['licensing' => []])));
    $checks->error('set-up: address taken', 502, 'Duplicate user email users.email', $setUp([], $bad(['email' => $paula['email']])));
    $add = fn (array $pedro) => $client->call('add-users', ['data' => ['company' => ['lenderID' => $lenderID]] + $bad($pedro)]);
    $checks->error('add-users: role', 501, 'Invalid user role users.role.', $add(['role' => 'Wizard']));
    $checks->error('add-users: time zone', 501, 'Invalid timezone users.timezone', $add(['timezone' => 'Mars']));
    $gif = ['headshot' => ['imageFormat' => 'gif', 'base64' => small_png()]];
    $checks->error('add-users: picture', 501, 'Invalid user headshot image format users.headshot.imageFormat.', $add($gif));
    $state = ['licensing' => [['state' => 'XX', 'licenseNum' => '1']]];
    $checks->error('add-users: state', 501, 'Invalid license state licensing.state.', $add($state));
    $checks->error('add-users: no name', 501, 'Parameter users[1].lastName missing or invalid format.', $add(['lastName' => null]));
    $nobody = ['company' => ['lenderID' => 'NOBODY00'], 'users' => [$paula]];
    $checks->error('add-users: lender', 501, 'Parameter lenderID invalid.', $client->call('add-users', ['data' => $nobody]));
    $checks->error('update/user: nobody', 501, 'Parameter userID invalid.', $client->call('update/user', ['data' => ['userID' => 'NOBODY00']]));
    $checks->error('connect-vendor: nobody', 501, 'The provided vendor ID is invalid.', $client->call('connect-vendor', ['data' => ['vendor' => 'NOBODY00']]));
    $checks->error('status: nothing', 501, 'Array companies and users cannot be empty.', $client->call('set-account-status', ['data' => new stdClass()]));
}

/** The demo's vendor, if its credentials are known: what it asks for is what it was granted. */
function checkVendor(Checks $checks, LenderClient $client): void
{
    $demo = json_decode((string) @file_get_contents(getenv('LINTEL_DEMO') ?: ''), true);
    if (!isset($demo['vendor']['apiKey'])) {
        return;
    }
    // Whatever an earlier run left, afterwards the vendor sees loans and no brokers.
    foreach ([false, true] as $loans) {
        $data = ['vendor' => $demo['vendor']['vendorID'], 'allowLoanLevelAccess' => $loans, 'allowBrokerAccess' => 0];
        $client->call('connect-vendor', ['data' => $data]);
    }
    $checks->error('connect-vendor: again', 501, 'The vendor and lender relationship already exists.', $client->call('connect-vendor', ['data' => $data]));
    $vendor = new LenderClient($client->url, $demo['vendor']['apiID'], $demo['vendor']['apiKey'], $client->format, $client->style, '/api');
    $lenders = $vendor->call('partner/lenders', [], false);
    $list = $client->format === 'json' ? $lenders->data : $lenders->items('item');
    $checks->isTrue('partner: the lender is listed', in_array($demo['lenderID'], array_column((array) $list, 'lenderID'), true));
    $checks->error('partner: somebody else', 501, 'Parameter lenderID invalid.', $vendor->call('partner/access-token', ['lenderID' => 'NOBODY00'], false));
    $vendor->accessToken = $vendor->call('partner/access-token', ['lenderID' => $demo['lenderID']], false)->text('accessToken');
    $checks->matches('partner: a token', '/^[0-9A-Za-z]{40}$/', $vendor->accessToken);
    $users = $vendor->call('partner/lender/users', ['lenderID' => $demo['lenderID'], 'filter' => 'loanofficer']);
    $checks->isTrue('partner: officers', $users->status === 200 && str_contains($users->body, '6ETBTZ4N'));
    $loans = $vendor->call('partner/loan/get-list-loans', ['data' => ['isActive' => 'true', 'limit' => 1]]);
    $checks->isTrue('partner: loans', $loans->status === 200 && (int) $loans->text('totalCount') > 0);
    $lead = $vendor->call('partner/create-lead', ['data' => ['borrower' => ['firstName' => 'Lea', 'email' => 'lea@example.com']]]);
    $checks->matches('partner: a lead', '/^[A-Z0-9]{8}$/', $lead->text('publicID'));
    $links = ['lenderID' => $demo['lenderID'], 'loanID' => 'NOBODY00', 'borrowers' => [
        ['borrowerUID' => '12345', 'esignURL' => 'https://sign.example.com/s', 'esignURLExpirationDate' => (string) (time() + 86400), 'status' => 'ESignReady'],
    ]];
    $checks->error('partner: links of no loan', 501, null, $vendor->call('loan/set-esign-url', ['data' => $links]), 'loanID');
    $checks->error('partner: no lender', 401, 'Parameter apiID and/or apiKey invalid.', $vendor->call('lender/get-list-loans', ['data' => ['isActive' => 1]]));
}
