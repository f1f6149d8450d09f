// Every page of the console, as the demo's administrator sees it; signing in, a wrong password, a
// forgotten one, without script too.

import { readFileSync } from 'node:fs';
import { accessToken, base, call, check, demo, finish, launch, look, test, visitor } from './harness.mjs';

const browser = await launch();
const token = await accessToken();
const loan = readFileSync(new URL('../tests-php/loan.xml', import.meta.url), 'utf8');

async function signIn(page, password = demo.staffPassword) {
  await page.goto(`${base}/lender/sign-in`);
  await page.fill('[name=email]', demo.staffEmail);
  await page.fill('[name=password]', password);
  await page.click('main button[type=submit]');
}

await test('the front door and signing in', async () => {
  const page = await visitor(browser);
  await page.goto(`${base}/`);
  await look(page, 'front');
  await page.goto(`${base}/lender/home`);
  check('the pipeline asks who it is', page.url().includes('/lender/sign-in'), page.url());
  await look(page, 'sign-in');
  await signIn(page, 'certainly-not-the-password');
  check('a wrong password stays outside', page.url().includes('/lender/sign-in'), page.url());
  await look(page, 'sign-in-wrong');
  await signIn(page);
  check('the right one goes in', page.url().endsWith('/lender/home'), page.url());
  await page.click('text=Sign out');
  await page.goto(`${base}/lender/home`);
  check('signed out is signed out', page.url().includes('/lender/sign-in'), page.url());
  await page.goto(`${base}/lender/nowhere`);
  await look(page, 'not-found');
  await page.context().close();
});

await test('a forgotten password', async () => {
  const page = await visitor(browser);
  await page.goto(`${base}/lender/forgot-password`);
  await look(page, 'forgot');
  await page.fill('[name=email]', 'nobody@example.com');
  await page.click('main button[type=submit]');
  const stranger = await page.locator('main').innerText();
  await page.goto(`${base}/lender/forgot-password`);
  await page.fill('[name=email]', demo.staffEmail);
  await page.click('main button[type=submit]');
  const known = await page.locator('main').innerText();
  check('nobody learns who has an account', known === stranger.replaceAll('nobody@example.com', demo.staffEmail), known);
  let link;
  for (let wait = 0; wait < 100 && link === undefined; wait += 1) {
    await page.waitForTimeout(200);
    link = await linkInMail(page);
  }
  check('a mail with a link was written', link !== undefined);
  await page.goto(link);
  await look(page, 'new-password');
  const changed = `${demo.staffPassword}-changed`;
  for (const box of await page.locator('main input[type=password]').all()) await box.fill(changed);
  await page.click('main button[type=submit]');
  await signIn(page, changed);
  check('the new password goes in', page.url().endsWith('/lender/home'), page.url());
  demo.staffPassword = changed;
  const again = await visitor(browser);
  const gone = await again.goto(link);
  check('the link works once', gone.status() === 410, gone.status());
  await again.context().close();
  await page.context().close();
});

/** The link to a new password in the newest mail the demo's catcher has. */
async function linkInMail(page) {
  await page.goto(`${base}/mailbox`);
  const newest = page.locator('a.main-link').first();
  if ((await newest.count()) === 0) return undefined;
  await newest.click();
  const text = await page.content();
  return (text.match(/https?:\/\/[^\s"<]+\/lender\/new-password\/[A-Za-z0-9]+/) ?? [])[0];
}

await test('the console', async () => {
  for (const number of [1, 2, 3]) {
    await call('/create-loan', { losLoanID: `BROWSER-${number}`, mismo34: loan, inviteBorrowers: 0 }, token);
  }
  const page = await visitor(browser);
  await signIn(page);
  check('the pipeline lists the loans', (await page.locator('tbody tr').count()) === 3, await page.locator('tbody tr').count());
  await look(page, 'home');
  const csv = await page.context().request.get(`${base}/lender/home.csv`);
  check('the list can be taken along', csv.ok() && (await csv.text()).trim().split('\n').length === 4, await csv.text());
  await page.goto(`${base}/lender/home?state=NV&isActive=bogus&page=-1&from=99%2F99%2F9999&sort=%3Cscript%3E`);
  check('a filter nobody can mean is a page all the same', (await page.locator('h1').count()) === 1);
  await page.goto(`${base}/lender/home`);
  await page.click('tbody a >> nth=0');
  await page.waitForURL('**/lender/loans/*');
  const text = await page.locator('main').innerText();
  check('no social security number is shown', !/\d{3}-\d{2}-\d{4}/.test(text) && !/\b\d{9}\b/.test(text), text);
  const secrets = [...loan.matchAll(/TaxpayerIdentifierValue>\s*([^<\s]+)/g)].map((found) => found[1]);
  const solid = text.replaceAll('-', '');
  check('the document has tax ids and none of them is shown', secrets.length > 0 && secrets.every((one) => !solid.includes(one.replaceAll('-', ''))));
  await look(page, 'loan');
  const places = [
    'leads', 'account', 'account/codes', 'settings', 'settings/company', 'settings/people', 'settings/people/new',
    'settings/branches', 'settings/branches/new', 'settings/credentials', 'settings/vendors', 'settings/brokers',
    'settings/roles',
  ];
  for (const place of places) {
    const answer = await page.goto(`${base}/lender/${place}`);
    check(`${place} opens`, answer.status() === 200, answer.status());
    check(`${place} has one heading`, (await page.locator('h1').count()) === 1);
    await look(page, place.replaceAll('/', '-'));
  }
  await page.context().close();
});

await test('by keyboard and without script', async () => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await page.goto(`${base}/lender/sign-in`);
  await page.locator('[name=email]').focus();
  await page.keyboard.type(demo.staffEmail);
  await page.keyboard.press('Tab');
  await page.locator('[name=password]').focus();
  await page.keyboard.type(demo.staffPassword);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/lender/home');
  await page.goto(`${base}/lender/settings/branches/new`);
  await page.fill('[name=name]', 'Branch <b>without</b> script');
  await page.click('main form button[type=submit]:not(.visually-hidden)');
  await page.goto(`${base}/lender/settings/branches`);
  check('a branch was made', (await page.locator('main').innerText()).includes('Branch <b>without</b> script'));
  await page.goto(`${base}/lender/settings/credentials`);
  await page.fill('[name=label]', 'made in a browser');
  await page.click('main form button[type=submit]:not(.visually-hidden)');
  check('the secret is shown once', /[A-Za-z0-9]{40}/.test(await page.locator('main').innerText()));
  await page.goto(`${base}/lender/settings/credentials`);
  check('and not again', !/\b[A-Za-z0-9]{40}\b/.test(await page.locator('main').innerText()));
  await page.context().close();
});

await finish(browser);
