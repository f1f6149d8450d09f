// What is sent to people and what is on their desks, as they see it: a reset mail read in the catcher's
// mailbox, the outbox, hostile letters, tasks and alerts, rate mail and its one click, settings.

import { accessToken, base, call, check, demo, finish, launch, look, PHONE, test, visitor } from './harness.mjs';
import { readFileSync } from 'node:fs';

const browser = await launch();
const token = await accessToken();
const page = await visitor(browser);
page.setDefaultTimeout(10_000);
const PASSWORD = 'nine lanterns over the quay';
const LOAN = `MESSAGES-${process.pid}`;
let loan;

/** Asks until the answer is there: what comes by a job comes a moment later. */
async function until(name, ask, seconds = 20) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) {
      check(name, false, 'it did not come in time');
      throw new Error(`${name}: not in time`);
    }
    await page.waitForTimeout(200);
  }
}

const text = () => page.locator('main').innerText();
const flash = () => page.locator('main > .notice').first().innerText();
const event = (id, ...actionList) => ({ crmEventID: `${process.pid}-${id}`, actionList });

/** Has events carried out; each has to succeed. */
async function notify(...events) {
  const answer = await call('/create-notifications', events, token);
  check('the events were carried out', Array.isArray(answer) && answer.every((one) => one.status === 'success'), JSON.stringify(answer));
}

const mail = (actionType, to, subject, body, more = {}) => ({
  actionType,
  crmID: LOAN,
  actionData: {
    emailTargetType: 'Consumer', emailSenderAddress: 'officer@example.com', emailSenderName: 'Olive Officer',
    emailRecipients: { toEmailAddresses: [to] }, emailSubject: subject, emailBody: body, ...more,
  },
});

/** The mailbox's page of the newest message to an address with these words in its subject. */
async function caught(to, subject, seconds = 20) {
  return until(`mail to ${to} is caught`, async () => {
    await page.goto(`${base}/mailbox`);
    const row = page.locator('.paper', { hasText: to }).filter({ hasText: subject });
    if ((await row.count()) === 0) return undefined;
    await row.first().locator('a.main-link').click();
    return page.url();
  }, seconds);
}

/** What a letter's frame shows, asked for as the frame does, and what it may do. */
async function letter() {
  const src = await page.getAttribute('iframe.letter', 'src');
  const answer = await page.context().request.get(new URL(src, base).href);
  return { html: await answer.text(), policy: answer.headers()['content-security-policy'] ?? '', headers: answer.headers() };
}

await test('a forgotten password', async () => {
  await page.goto(`${base}/mailbox`);
  check('it says what it is', (await text()).includes('catcher'));
  await look(page, 'messages-1-mailbox-empty');
  await page.goto(base);
  check('the front page leads there', await page.locator('a[href="/mailbox"]').isVisible());
  await look(page, 'messages-1-front');
  await page.goto(`${base}/lender/forgot-password`);
  await page.fill('[name=email]', demo.staffEmail);
  await page.click('main button[type=submit]');
  await caught(demo.staffEmail, 'password');
  check('the letter is in a frame that runs nothing', !/allow-(scripts|same-origin)/.test(await page.getAttribute('iframe.letter', 'sandbox')));
  await look(page, 'messages-2-reset-mail');
  await page.click('.tabs >> text=Source');
  check('the source has a Message-ID', /message-id: </i.test(await page.locator('.source').innerText()));
  await look(page, 'messages-2-reset-mail-source');
  await page.click('.tabs >> text=Plain text');
  await look(page, 'messages-2-reset-mail-text');
  const link = page.locator('a[href*="/lender/new-password/"]').first();
  check('the link is ours', (await link.getAttribute('href')).startsWith(base), await link.getAttribute('href'));
  await link.click();
  await page.waitForURL('**/lender/new-password/**');
  for (const field of await page.locator('main input[type=password]').all()) await field.fill(PASSWORD);
  await page.click('main button[type=submit]');
  await page.goto(`${base}/lender/sign-in`);
  await page.fill('[name=email]', demo.staffEmail);
  await page.fill('[name=password]', PASSWORD);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/lender/home');
  check('the new password opens', page.url().endsWith('/lender/home'), page.url());
});

await test('a loan to write about', async () => {
  const document34 = readFileSync(new URL('../tests-php/loan.xml', import.meta.url), 'utf8');
  const made = await call('/create-loan', { losLoanID: LOAN, mismo34: document34, inviteBorrowers: 0 }, token);
  loan = made.publicID ?? made.loanPublicID;
  check('the API made it', typeof loan === 'string', JSON.stringify(made));
  await page.goto(`${base}/lender/loans/${loan}/messages`);
  check('nothing was written yet', (await text()).includes('No messages'));
  await look(page, 'messages-3-loan-none');
});

const HOSTILE = `<h1>Your offer</h1><p>Dear <b>Alice</b>, see <a href="https://example.com/offer">the offer</a>.</p>
  <script>document.title = 'gone'; parent.location = 'https://evil.example/'</script>
  <img src="https://tracker.example/pixel.gif" onerror="alert(1)"><a href="javascript:alert(2)">click</a>
  <iframe src="https://evil.example/"></iframe><form action="https://evil.example/"><input name="q"></form>
  <meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">
  <style>@import url(https://evil.example/y.css); body { background: url(https://evil.example/z.png) }</style>
  <svg onload="alert(3)"></svg><link rel="stylesheet" href="https://evil.example/x.css">`;
const NEVER = ['<script', 'alert(', 'javascript:', 'tracker.example', 'evil.example', '<form', '<iframe', 'http-equiv', '@import'];

await test('hostile letters', async () => {
  let shouted = false;
  page.on('dialog', async (dialog) => {
    shouted = true;
    await dialog.dismiss();
  });
  const refused = await call('/create-notifications', [event('hostile', mail('sendEmail', 'alice@example.com', 'Offer', HOSTILE))], token);
  check('what could run is not sent', refused?.[0]?.status === 'error' && refused[0].errorMessage.includes('emailBody'), JSON.stringify(refused));
  await notify(
    event('archived', mail('archiveEmail', 'alice@example.com', '<script>alert(0)</script> Offer', HOSTILE, { emailTimestamp: 1566262068 })),
    event('picture', mail('sendEmail', 'pixel@example.com', 'With a picture', '<p>Hello, <i>you</i></p><img src="https://tracker.example/pixel.gif" alt="a picture">')),
  );
  await page.goto(`${base}/lender/loans/${loan}/messages`);
  await page.click('text=<script>alert(0)</script> Offer');
  check('kept only', (await text()).includes('Archived'));
  const shown = await letter();
  for (const never of NEVER) check(`${never} is not left`, !shown.html.includes(never), shown.html);
  check('the words are', shown.html.includes('Dear <b>Alice</b>') && shown.html.includes('https://example.com/offer'), shown.html);
  check('the frame may nothing', shown.policy.includes("default-src 'none'") && shown.policy.includes('sandbox') && !shown.policy.includes('allow-'), shown.policy);
  check('and is no other kind of file', shown.headers['x-content-type-options'] === 'nosniff');
  await look(page, 'messages-4-hostile');
  check('the page is still there', page.url().includes('/messages/') && (await page.title()).includes('alert(0)') === false && !shouted);
  // By itself, in a tab, it is as harmless.
  const alone = await visitor(page.context().browser(), { storageState: await page.context().storageState() });
  await alone.goto(new URL(await page.getAttribute('iframe.letter', 'src'), base).href);
  check('opened alone it has no origin', (await alone.evaluate(() => globalThis.origin)) === 'null');
  await alone.context().close();
  await caught('pixel@example.com', 'With a picture');
  const mailed = await letter();
  check('the catcher loads no picture of others', !mailed.html.includes('tracker.example') && mailed.html.includes('<i>you</i>'), mailed.html);
  await look(page, 'messages-4-mailbox-mail');
});

await test('the outbox', async () => {
  await page.goto(`${base}/lender/outbox/suppressed`);
  await look(page, 'messages-5-suppressed-none');
  await page.fill('[name=address]', 'not an address');
  await page.click('main button:has-text("Stop writing to it")');
  check('what is no address is said beside it', (await page.locator('.field__error').count()) === 1);
  await page.fill('[name=address]', 'Quiet@Example.com');
  await page.click('main button:has-text("Stop writing to it")');
  check('it is put there', (await flash()).includes('not written to any more'));
  await look(page, 'messages-5-suppressed');
  await notify(event('quiet', mail('sendEmail', 'quiet@example.com', 'Rates are low', '<p>Call <b>me</b>.</p>')));
  await page.click('.nav >> text=Outbox');
  await page.fill('[name=address]', 'quiet@example.com');
  await page.click('main button:has-text("Apply")');
  check('filters that say nothing stay out of the address', page.url().endsWith('?address=quiet%40example.com'), page.url());
  check('one is found', (await page.locator('tbody tr').count()) === 1, await text());
  await page.selectOption('[name=state]', 'sent');
  await page.waitForURL('**state=sent**');
  check('it was not sent', (await text()).includes('Nothing matches'));
  await until('it is held back', async () => {
    await page.goto(`${base}/lender/outbox?address=quiet%40example.com&state=suppressed`);
    return (await page.locator('tbody tr').count()) === 1;
  });
  await look(page, 'messages-6-outbox-filtered');
  await page.goto(`${base}/lender/outbox`);
  await look(page, 'messages-6-outbox');
  await page.goto(`${base}/lender/outbox?address=quiet%40example.com`);
  await page.click('tbody a.main-link');
  check('its page says why', (await text()).includes('Held back') && (await text()).includes('Whoever has it asked for it'));
  check('the reader\'s view is there', (await letter()).html.includes('Call <b>me</b>.'));
  await look(page, 'messages-7-message-held');
  await page.click('button:has-text("Write again")');
  check('back on the message', (await flash()).includes('can be written to again') && page.url().includes('/lender/outbox/'));
  await page.click('button:has-text("Send again")');
  await until('it is sent', async () => {
    await page.reload();
    return (await page.locator('tbody').innerText()).includes('Sent');
  });
  await look(page, 'messages-7-message-sent');
  await page.click('text=Go to the loan');
  await page.click('#loan-tabs >> text=Messages');
  check('the loan has all three', (await page.locator('tbody tr').count()) === 3, await text());
  await look(page, 'messages-8-loan-messages');
  await caught('quiet@example.com', 'Rates are low');
});

await test('without script', async () => {
  const plain = await visitor(browser, { javaScriptEnabled: false, storageState: await page.context().storageState(), viewport: PHONE });
  await plain.goto(`${base}/lender/outbox`);
  await plain.selectOption('[name=kind]', 'crm');
  await plain.click('main button:has-text("Apply")');
  check('the filter works', plain.url().includes('kind=crm') && (await plain.locator('tbody tr').count()) >= 3, plain.url());
  await plain.locator('tbody a.main-link').first().click();
  check('a message opens', await plain.locator('iframe.letter').isVisible());
  await plain.context().close();
});

await test('a task', async () => {
  await notify(event('task', {
    actionType: 'createTask', crmID: LOAN,
    actionData: { taskCode: 'RequestAction', taskTargetType: 'Lender', taskRequestedByUserCRMID: 'U45678', taskDescription: 'Discuss <b>options</b> with the client\nbefore noon' },
  }));
  await page.goto(`${base}/lender/tasks`);
  check('none is mine yet', (await text()).includes('Nothing to do'));
  await look(page, 'messages-9-tasks-none');
  await page.click('text=All open');
  check('nothing of it is markup', (await text()).includes('Discuss <b>options</b> with the client'));
  const row = page.locator('.lines > li', { hasText: 'Discuss <b>options</b>' });
  await row.locator('text=Assign').click();
  const me = await page.locator('.who__name').innerText();
  await page.selectOption('[name=assignee]', { label: me });
  await page.click('button:has-text("Assign")');
  check('it is assigned', (await flash()).includes('assigned'));
  await look(page, 'messages-9-task');
  check('it is counted beside the link', (await page.locator('.nav__item[href="/lender/tasks"] .nav__count').innerText()).startsWith('1'));
  await page.goto(`${base}/lender/loans/${loan}`);
  check('the loan shows it', (await text()).includes('Discuss <b>options</b>'));
  await page.click('.nav >> text=Tasks');
  await page.click('summary:has-text("Add a task")');
  await page.fill('[name=loan]', 'ZZZZZZZZ');
  await page.click('button:has-text("Add the task")');
  check('what is missing is said beside its field', (await page.locator('.field__error').count()) >= 1);
  await look(page, 'messages-9-tasks-wrong');
  await page.fill('[name=description]', 'Order the appraisal');
  await page.fill('[name=loan]', loan);
  await page.click('button:has-text("Add the task")');
  check('a second one is added', (await flash()).includes('added'));
  await page.goto(`${base}/lender/tasks`);
  await look(page, 'messages-9-tasks');
  await page.keyboard.press('Tab');
  check('the first stop leads to the content', (await page.evaluate(() => document.activeElement.className)) === 'skip');
  await page.locator('button:has-text("Done")').focus();
  await page.keyboard.press('Enter');
  await page.waitForLoadState();
  check('it is done', (await flash()).includes('done') && (await text()).includes('Nothing to do'));
  check('and not counted any more', (await page.locator('.nav__item[href="/lender/tasks"] .nav__count').count()) === 0);
  await page.click('.choices >> text=Done');
  check('it is among those done', (await text()).includes('Discuss <b>options</b>'));
});

await test('an alert', async () => {
  const alert = (id, alertMessage, alertSeverity) => event(id, {
    actionType: 'createAlert', crmID: LOAN,
    actionData: { alertCode: 'RequestAction', alertTargetType: 'Loan', alertTargetRoles: ['All'], alertMessage, alertSeverity },
  });
  await notify(
    alert('alert-1', '<p>The lock <b>expires</b> on Friday.</p><script>alert(9)</script><img src="https://tracker.example/a.gif">', 'High'),
    alert('alert-2', 'The client has opened the letter.', 'Low'),
  );
  await page.goto(`${base}/lender/alerts`);
  check('both are there', (await page.locator('.alert').count()) === 2, await text());
  const said = await page.locator('.alert--high').innerText();
  check('in words only', said.includes('The lock expires on Friday.') && !said.includes('<') && !said.includes('alert(9)'), said);
  check('and counted', (await page.locator('.nav__item[href="/lender/alerts"] .nav__count').innerText()).startsWith('2'));
  await look(page, 'messages-10-alerts');
  await page.goto(`${base}/lender/loans/${loan}`);
  check('the loan shows them', (await page.locator('.alert').count()) === 2);
  await look(page, 'messages-10-loan');
  await page.locator('li:has(.alert--high) button').click();
  check('put away, and back on the loan', (await flash()).includes('put away') && page.url().endsWith(`/lender/loans/${loan}`));
  check('one is left', (await page.locator('.alert').count()) === 1);
  await page.goto(`${base}/lender/alerts`);
  await page.locator('.alert + form button, li form button').first().click();
  check('nothing to look at', (await text()).includes('Nothing to look at'));
  await look(page, 'messages-10-alerts-none');
});

const SEARCH = {
  channel: 'Retail', subChannel: 'Employee', loanPurpose: ['RefinanceCashOut'], lockPeriod: '30', zipcode: ['92649'], homePrice: '500000',
  downPayment: '250000', loanAmount: '250000', cashOut: '10000', fico: '750', grossMonthlyIncome: '5000.00', monthlyDebts: '951.62',
  propertyType: 'SingleFamily', numUnits: '1', buildingStatus: 'Existing', occupancyType: 'PrimaryResidence', bankruptcy: '0',
  foreclosure: '0', noImpounds: '0', firstTimeBuyer: '1', employmentStatus: 'FullTime', documentationType: 'Full',
  numberHomesOwned: '0', financeUFMIP: '0', flip: '0', streamline: '0', filterARMs: '1',
  filterConventional: '1', filterFHA: '1', filterVA: '0', filterHomeReady: '0', filterUSDA: '0', filter40Year: '0', filter30Year: '1',
  filter25Year: '0', filter20Year: '1', filter15Year: '1', filter10Year: '1', filter10YearARM: '1', filter7YearARM: '1',
  filter5YearARM: '1', filter3YearARM: '0', filter2YearARM: '0', filter1YearARM: '0', filterLess1YearARM: '0',
  filterPoints: { low: '-1', high: '1' }, isSecondFinancing: '0', isStudentLoanCashout: '0', isTexas50a: '0', priorLoanIsTexas50a: '0',
  ppeID: '173',
};

await test('rate mail and its one click', async () => {
  const found = await call('/get-ppe-anonymous', SEARCH, token);
  const product = found.products?.[0]?.productName;
  check('there is something to watch', typeof product === 'string', JSON.stringify(found).slice(0, 600));
  const email = `rita.${process.pid}@example.com`;
  const made = await call('/rate-watch', {
    action: 'subscribe', searchID: found.searchID, firstName: 'Rita', lastName: 'Watcher', email, type: 'RATE_TARGET',
    rateTargets: [{ productName: product, desiredRate: '20%' }],
  }, token);
  check('it is subscribed to', made.status === 'success', JSON.stringify(made));
  await caught(email, '', 120);
  await look(page, 'messages-11-rate-mail');
  const frame = page.frameLocator('iframe.letter');
  check('its reader sees the product', (await frame.locator('body').innerText()).includes(product.split(' ')[0]));
  await page.click('.tabs >> text=Source');
  const source = (await page.locator('.source').innerText()).replace(/\r?\n[ \t]+/g, ' ');
  const stop = source.match(/^List-Unsubscribe: *<([^>]+)>/im)?.[1];
  check('it says how to stop it with one click', stop?.startsWith(`${base}/app/rates/`) && /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/im.test(source), source.slice(0, 1500));
  const manage = stop.replace(/\/stop$/, '');
  const reader = await visitor(browser);
  await reader.goto(manage);
  const standing = () => reader.locator('.card__head .badge').innerText();
  check('it runs', (await standing()) === 'Running', await standing());
  check('the address is hinted at only', !(await reader.content()).includes(email));
  await look(reader, 'messages-12-rates');
  const looked = await fetch(stop);
  await reader.reload();
  check('looking at the link stops nothing', looked.status === 200 && (await standing()) === 'Running', looked.status);
  const post = (body, headers = {}) => fetch(stop, { method: 'POST', redirect: 'manual', body, headers });
  const empty = await post('', { 'content-type': 'application/x-www-form-urlencoded' });
  await reader.reload();
  check('saying nothing stops nothing', empty.status === 200 && (await standing()) === 'Running');
  const words = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  for (const time of ['first', 'second']) {
    const answer = await post(words);
    check(`the ${time} click is answered plainly`, answer.status === 200 && (await answer.text()).includes('You are unsubscribed'), answer.status);
  }
  await reader.reload();
  check('it is stopped', (await standing()) === 'Stopped', await standing());
  await look(reader, 'messages-12-rates-stopped');
  await reader.click('text=Yes, send them again');
  check('it runs again', (await standing()) === 'Running' && (await reader.locator('main').innerText()).includes('You get these mails again'));
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  check('as multipart, too', (await post(form)).status === 200);
  await reader.reload();
  check('it is stopped again', (await standing()) === 'Stopped');
  await reader.click('text=No mail about rates at all');
  check('nothing at all', (await standing()) === 'No mail wanted', await standing());
  await look(reader, 'messages-12-rates-none-at-all');
  await reader.click('text=Yes, send them again');
  check('and again after all', (await standing()) === 'Running', await standing());
  await reader.goto(`${base}/app/rates/${'Z'.repeat(60)}`);
  await look(reader, 'messages-12-rates-gone');
  await reader.context().close();
});

await test('settings', async () => {
  await page.goto(`${base}/lender/settings`);
  await page.click('.tile:has-text("Messages")');
  await look(page, 'messages-13-settings');
  await page.fill('[name=sender_email]', 'someone@not-ours.example');
  await page.click('main button:has-text("Save")');
  check('another\'s domain is refused beside its field', (await page.locator('#sender_email-error').count()) === 1);
  await look(page, 'messages-13-settings-wrong');
  await page.fill('[name=sender_email]', '');
  await page.fill('[name=reply_to]', 'answers@example.com');
  await page.selectOption('[name=timezone]', 'America/Phoenix');
  await page.selectOption('[name=watch_minute]', { label: '7:30 AM' });
  await page.click('main button:has-text("Save")');
  check('it is saved', (await flash()).includes('saved'), await flash());
  check('and shown', (await page.inputValue('[name=timezone]')) === 'America/Phoenix' && (await page.inputValue('[name=watch_minute]')) === '450');
});

await test('the mailbox is emptied', async () => {
  await page.goto(`${base}/mailbox`);
  await look(page, 'messages-14-mailbox');
  page.removeAllListeners('dialog');
  page.on('dialog', (dialog) => dialog.accept());
  await page.click('button:has-text("Empty it")');
  check('it is empty', (await text()).includes('Nothing here yet'));
});

await finish(browser);
