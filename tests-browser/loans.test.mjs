// A loan's pages as a processor works with them: application, conditions, papers dropped onto the
// page, status with something in the way, history, export. The loan comes through the API.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessToken, base, call, check, demo, DESKTOP, finish, launch, look, PHONE, test, visitor } from './harness.mjs';

const browser = await launch();
const token = await accessToken();
const document34 = readFileSync(new URL('../tests-php/loan.xml', import.meta.url), 'utf8');
const page = await visitor(browser);
let loan;

/** A PDF that a reader can show: one page with a word on it, and room to make it larger. */
function pdf(word, padding = 0) {
  const text = `BT /F1 24 Tf 72 700 Td (${word}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = `%PDF-1.4\n%${'x'.repeat(padding)}\n`;
  const places = [];
  objects.forEach((object, index) => {
    places.push(body.length);
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
  });
  const start = body.length;
  const row = (place) => `${String(place).padStart(10, '0')} 00000 n \n`;
  body += `xref\n0 6\n0000000000 65535 f \n${places.map(row).join('')}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}

const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
const open = (part = '') => page.goto(`${base}/lender/loans/${loan}${part}`);
const files = (list) => list.map(({ name, bytes }) => ({ name, mimeType: 'application/pdf', buffer: bytes }));

/** Drops files onto the middle of the page, as a file manager does. */
async function drop(list) {
  const plain = list.map(({ name, bytes }) => ({ name, text: bytes.toString('latin1') }));
  const data = await page.evaluateHandle((items) => {
    const transfer = new DataTransfer();
    for (const { name, text } of items) {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: 'application/pdf' }));
    }
    return transfer;
  }, plain);
  for (const type of ['dragenter', 'dragover', 'drop']) {
    await page.dispatchEvent('#papers', type, { dataTransfer: data });
  }
}

/** Presses the button and waits for what is said at the end. */
async function upload() {
  await page.evaluate(() => delete document.querySelector('[data-upload]').dataset.told);
  await page.click('#upload button[type=submit]');
  await page.waitForSelector('[data-upload][data-told]', { timeout: 60_000 });
  return page.getAttribute('[data-upload]', 'data-told');
}

await test('the loan comes and is opened', async () => {
  const made = await call('/create-loan', { losLoanID: `LOANS-${process.pid}`, mismo34: document34, inviteBorrowers: 0 }, token);
  loan = made.publicID ?? made.loanPublicID;
  check('the API made it', typeof loan === 'string', JSON.stringify(made));
  await page.goto(`${base}/lender/sign-in`);
  await page.fill('[name=email]', demo.staffEmail);
  await page.fill('[name=password]', demo.staffPassword);
  await page.click('main button[type=submit]');
  await open();
  check('every page is one tab away', (await page.locator('#loan-tabs a').count()) === 8, await page.locator('#loan-tabs').innerText());
  await look(page, 'loans-1-overview');
});

await test('the application', async () => {
  await page.click('#loan-tabs >> text=Application');
  const chapters = await page.locator('main section.card h2').allTextContents();
  for (const chapter of ['Loan terms', 'Property', 'Borrower 1', 'Assets', 'Liabilities']) {
    check(`${chapter} is there`, chapters.some((text) => text.startsWith(chapter)), chapters.join(', '));
  }
  const text = await page.locator('main').innerText();
  check('no tax id is shown', !/\d{3}-\d{2}-\d{4}/.test(text) && !/\b\d{9}\b/.test(text), text.match(/\b\d{9}\b/)?.[0]);
  await look(page, 'loans-2-application');
});

await test('conditions', async () => {
  await open('/conditions');
  await look(page, 'loans-3-conditions-none');
  for (const [title, phase] of [['Pay stubs of the last 30 days', 'prior to docs'], ['Flood certificate', 'prior to docs'], ['Final inspection', 'prior to funding']]) {
    if (!(await page.locator('[name=title]').isVisible())) await page.click('summary:has-text("Add a condition")');
    await page.fill('[name=title]', title);
    await page.fill('[name=description]', 'For each borrower.\nAll pages.');
    await page.selectOption('[name=phase]', phase);
    await page.click('button:has-text("Add the condition")');
    await page.waitForSelector(`h3:has-text("${title}")`);
  }
  check('all are open', (await page.locator('#loan-tabs a[aria-current] .tabs__count').innerText()).startsWith('3'));
  await page.click('summary:has-text("Add a condition")');
  await page.click('button:has-text("Add the condition")');
  check('an empty one is refused beside its field', (await page.locator('.field__error').count()) === 1);
  await look(page, 'loans-3-conditions');
});

await test('papers dropped onto the page', async () => {
  await open('/documents');
  await look(page, 'loans-4-documents-none');
  const good = pdf('Hello paper', 400_000);
  await drop([{ name: 'W2 <b>Zoë<b> 😀.pdf', bytes: good }, { name: 'words.pdf', bytes: Buffer.from('only words') }]);
  check('both wait with a place of their own', (await page.locator('.file select').count()) === 2);
  check('nothing of a name is markup', (await page.locator('.file__name b').count()) === 0);
  await look(page, 'loans-4-documents-chosen');
  const early = await upload();
  check('without a place nothing goes', early.startsWith('0 filed'), early);
  for (const place of await page.locator('.file select').all()) await place.selectOption('credit');
  const told = await upload();
  check('one was filed, one was not', told === '1 filed. 1 could not be: see the list.', told);
  check('the reason is beside the file', (await page.locator('.file[data-state=bad]').innerText()).includes('this is not a PDF file'));
  check('the list is there without loading again', (await page.locator('#papers .paper').count()) === 1);
  check('the count too', (await page.locator('#loan-tabs a[aria-current] .tabs__count').innerText()).startsWith('1'));
  await look(page, 'loans-4-documents-one-wrong');
  await page.click('[data-drop]');
  const down = await page.context().request.get(await page.locator('.paper a[download]').first().evaluate((link) => link.href));
  check('it comes back byte for byte', hash(await down.body()) === hash(good), (await down.body()).length);
  check('under its name', decodeURIComponent(down.headers()['content-disposition']).includes('W2 <b>Zoë<b> 😀.pdf'), down.headers()['content-disposition']);
});

await test('how far an upload is', async () => {
  // From a folder: so many bytes are slow to hand to the browser in any other way.
  const folder = mkdtempSync(join(tmpdir(), 'lintel-papers-'));
  const [large, huge] = ['large.pdf', 'huge.pdf'].map((name) => join(folder, name));
  writeFileSync(large, pdf('Large', 12_000_000));
  writeFileSync(huge, pdf('Huge', 27_000_000));
  await page.setInputFiles('#file', [large, huge]);
  await page.locator('.file select').first().selectOption('misc');
  await page.evaluate(() => {
    globalThis.seen = [];
    const bar = document.querySelector('.file progress');
    new MutationObserver(() => globalThis.seen.push(bar.value)).observe(bar, { attributes: true });
  });
  const told = await upload();
  check('the large one was filed, the huge one was not', told.startsWith('1 filed. 1 could not'), told);
  const seen = await page.evaluate(() => globalThis.seen);
  check('the bar moved on', seen.length > 1 && seen.at(-1) === 100, seen.join(' '));
  rmSync(folder, { recursive: true });
  check('the huge one never went out', (await page.locator('.file[data-state=bad]').innerText()).includes('Larger than'));
});

await test('versions, seeing, zip, removing', async () => {
  await open('/documents');
  await page.setInputFiles('#file', files([{ name: 'w2 <b>zoë<b> 😀.pdf', bytes: pdf('Second') }]));
  await page.selectOption('.file select', 'credit');
  check('the second version is filed', (await upload()) === '1 filed.');
  check('and the first is kept', (await page.locator('.more-versions summary').innerText()).includes('1 earlier version'));
  await page.click('.more-versions summary');
  await look(page, 'loans-5-documents');
  const link = page.locator('.paper a.main-link').first();
  const answer = await page.context().request.get(await link.evaluate((a) => a.href));
  check('it is shown, not kept', answer.headers()['content-disposition'].startsWith('inline') && answer.headers()['content-type'] === 'application/pdf');
  check('nobody keeps it on the way', answer.headers()['cache-control'].includes('no-store') && answer.headers()['x-content-type-options'] === 'nosniff');
  const [tab] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
  await tab.waitForLoadState();
  const kind = await tab.evaluate(() => [document.contentType, document.body?.innerText ?? '']);
  check('the browser shows a PDF in a new tab', kind[0] === 'application/pdf', kind.join(' '));
  for (let wait = 0; wait < 50 && tab.frames().length < 2; wait += 1) await tab.waitForTimeout(100);
  check('the reader is not kept out by our own policy', tab.frames().length > 1, tab.frames().map((frame) => frame.url()).join(' '));
  await tab.waitForTimeout(1000);
  if (process.env.LINTEL_SHOTS) await tab.screenshot({ path: `${process.env.LINTEL_SHOTS}/loans-5-pdf.png` });
  await tab.close();
  await page.check('[data-all]');
  const [zip] = await Promise.all([page.waitForEvent('download'), page.click('text=Download chosen as zip')]);
  const path = await zip.path();
  const listed = spawnSync('unzip', ['-l', path], { encoding: 'utf8' });
  const tested = spawnSync('unzip', ['-t', path], { encoding: 'utf8' });
  const bytes = readFileSync(path);
  check('the zip is one', bytes.subarray(0, 2).toString() === 'PK', bytes.length);
  if (listed.error === undefined) check('unzip opens it', tested.status === 0 && listed.stdout.includes('2 files'), tested.stdout + listed.stdout);
  await Promise.all([page.waitForEvent('download'), page.click('text=Download chosen as zip')]);
  await page.locator('.paper:has-text("large.pdf") a[href$="/remove"]').click();
  await look(page, 'loans-5-remove');
  await page.click('main button:has-text("Remove")');
  await page.waitForSelector('.notice--good');
  check('it is gone from the list', (await page.locator('.paper').count()) === 1);
});

await test('a paper for a condition', async () => {
  await open('/conditions');
  const row = page.locator('.condition:has-text("Pay stubs")');
  await row.locator('a:has-text("Upload")').click();
  check('the condition is chosen already', (await page.locator('#filing option:checked').innerText()).includes('Pay stubs'));
  await page.setInputFiles('#file', files([{ name: 'stubs.pdf', bytes: pdf('Stubs') }]));
  check('it is filed', (await upload()) === '1 filed.');
  await open('/conditions');
  check('the condition is received', (await row.locator('.badge').first().innerText()) === 'Received');
  await row.locator('button:has-text("Satisfy")').click();
  await page.waitForSelector('.notice--good');
  check('and satisfied', (await row.locator('.badge').first().innerText()) === 'Satisfied');
  await look(page, 'loans-6-conditions');
});

await test('a status with something in the way', async () => {
  await open('/status');
  await page.check('input[value="In Underwriting"]');
  await page.click('text=Change the status');
  await page.waitForSelector('.notice--good');
  check('what is in the way is named', (await page.locator('main').innerText()).includes('Flood certificate'));
  check('and cannot be chosen', await page.locator('input[value="Clear to Close"]').isDisabled());
  await look(page, 'loans-7-status');
  await page.click('.notice--warn a:has-text("Flood certificate")');
  await page.waitForURL('**/conditions#c-*');
  await page.locator('.condition:has-text("Flood") button:has-text("Waive")').click();
  await page.waitForSelector('.notice--good');
  await open('/status');
  await page.check('input[value="Clear to Close"]');
  await page.fill('[name=closing]', '2027-01-15');
  await page.click('text=Change the status');
  await page.waitForSelector('.notice--good');
  check('now it went', (await page.locator('.head .badge').first().innerText()).includes('Clear to Close'));
  page.once('dialog', (dialog) => dialog.accept());
  await page.click('button:has-text("Archive")');
  await page.waitForSelector('h2:has-text("Open it again")');
  await look(page, 'loans-7-archived');
  await page.check('input[value="Clear to Close"]');
  await page.click('text=Change the status');
  await page.waitForSelector('.notice--good');
});

await test('history and export', async () => {
  await open('/history');
  const text = await page.locator('main').innerText();
  for (const said of ['Loan arrived', 'Status changed', 'Condition added', 'Document filed', 'Document removed', 'Clear to Close']) {
    check(`the history knows: ${said}`, text.includes(said));
  }
  await look(page, 'loans-8-history');
  await page.selectOption('[name=about]', 'status');
  await page.waitForURL('**about=status**');
  check('it can be narrowed', !(await page.locator('main').innerText()).includes('Condition added'));
  await open('/export');
  await look(page, 'loans-9-export');
  const [taken] = await Promise.all([page.waitForEvent('download'), page.click('text=Download MISMO 3.4')]);
  const xml = readFileSync(await taken.path(), 'utf8');
  check('the export is MISMO 3.4', xml.includes('<MESSAGE') && xml.includes('MISMOReferenceModelIdentifier="3.4'), xml.slice(0, 300));
  await open('/history');
  check('taking it is written down', (await page.locator('main').innerText()).includes('Exported as MISMO'));
});

await test('without script', async () => {
  const state = await page.context().storageState();
  const plain = await visitor(browser, { javaScriptEnabled: false, storageState: state });
  await plain.goto(`${base}/lender/loans/${loan}/documents`);
  await plain.selectOption('#filing', 'aus');
  await plain.setInputFiles('#file', files([{ name: 'one.pdf', bytes: pdf('One') }, { name: 'two.pdf', bytes: pdf('Two') }]));
  await plain.click('#upload button[type=submit]');
  await plain.waitForSelector('.notice--good');
  check('two files in one form', (await plain.locator('.papers-group:has-text("AUS") .paper').count()) === 2);
  await plain.setInputFiles('#file', files([{ name: 'words.pdf', bytes: Buffer.from('only words') }]));
  await plain.selectOption('#filing', 'aus');
  await plain.click('#upload button[type=submit]');
  check('what is wrong is said on the page', (await plain.locator('.notice--bad').innerText()).includes('words.pdf: this is not a PDF file'));
  await plain.context().close();
});

await test('by keyboard on a phone', async () => {
  await page.setViewportSize(PHONE);
  await open('/documents');
  await page.locator('#filing').focus();
  await page.keyboard.press('Tab');
  check('the next stop is the files', (await page.evaluate(() => document.activeElement.id)) === 'file');
  await page.setViewportSize(DESKTOP);
  const answer = await page.goto(`${base}/lender/loans/ZZZZ0000/documents`);
  check('an unknown loan is not there', answer.status() === 404, answer.status());
  await page.context().close();
});

await finish(browser);
