// A broker's way from the set-up link to single sign-on, switched off and on again.

import { accessToken, call, check, DESKTOP, finish, launch, look, test, visitor } from './harness.mjs';

const browser = await launch();
const token = await accessToken();

const uid = `browser-${process.pid}`;
const company = {
  brokerUID: uid, name: 'Browser Street Mortgage (demo)', nameLegal: 'Browser Street Mortgage, Inc.',
  addressStreet: '1 Example Street', addressCity: 'Huntington Beach', addressState: 'CA',
  addressZipcode: '92649', phone: '5555550110', nmls: '9900310', organizationType: 'Corporation',
  tin: '111223333', loCompensation: '1.00',
  productTypesOffer: { conventional: '1', fha: '1', va: '0' },
  licensing: [{ state: 'CA', licenseNum: 'C-1' }],
};
const user = (name, role) => ({
  userUID: `${uid}-${name}`, timezone: 'America/Los_Angeles', firstName: name, lastName: 'Example',
  phonePrimary: '555-555-0111', email: `${name}.${uid}@example.com`, role, loanOfficer_nmls: '9900311',
  licensing: [{ state: 'CA', licenseNum: 'P-1' }],
});
const setup = (who) => ({
  loggedInUserUID: `${uid}-${who}`, company,
  users: [user('ada', 'Admin/Loan Officer'), user('sam', 'Loan Officer')],
});

/** A one-pixel picture is enough for a logo. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

let made;
let page;

await test('the set-up link', async () => {
  made = await call('/broker-setup-url', setup('ada'), token);
  check('the set-up is not finished', made.isSetUpCompleted === 0, JSON.stringify(made));
  const other = await call('/broker-setup-url', setup('sam'), token);
  check('only who started it gets the link', other.redirectURL === null, JSON.stringify(other));
  made = await call('/broker-setup-url', setup('ada'), token);
  page = await visitor(browser);
  const answer = await page.goto(made.redirectURL);
  check('the link opens the first step', answer.ok() && page.url().includes('/lender/sign-up/company'), page.url());
  check('the address bar holds no token', !page.url().includes('token='), page.url());
  await look(page, 'setup-1-company');
  const again = await visitor(browser);
  const gone = await again.goto(made.redirectURL);
  check('the link works once', gone.status() === 410, gone.status());
  await look(again, 'link-gone');
  await again.context().close();
});

await test('the steps', async () => {
  // Mistakes are shown beside the fields and in a summary that leads to them.
  await page.fill('[name=postal_code]', '9264');
  await page.fill('[name=nmls]', 'abc');
  await page.click('text=Save and continue');
  check('mistakes keep the step', page.url().includes('/lender/sign-up/company'), page.url());
  check('both mistakes are beside their fields', (await page.locator('.field__error').count()) === 2, await page.locator('.field__error').allTextContents());
  check('what was typed is still there', (await page.inputValue('[name=postal_code]')) === '9264');
  await look(page, 'setup-1-mistakes');
  await page.fill('[name=postal_code]', '92649');
  await page.fill('[name=nmls]', '9900310');
  await page.click('text=Save and continue');
  await page.waitForURL('**/lender/sign-up/licensing');
  await look(page, 'setup-2-licensing');
  await page.selectOption('select[name$="[1][state]"]', 'NV');
  await page.fill('input[name$="[1][number]"]', 'N-2');
  await page.click('text=Save and continue');
  await page.waitForURL('**/lender/sign-up/people');
  await look(page, 'setup-3-people');
});

await test('another day, another browser, the same place', async () => {
  made = await call('/broker-setup-url', setup('ada'), token);
  const later = await visitor(browser);
  await later.goto(made.redirectURL);
  check('it goes on where it stopped', later.url().includes('/lender/sign-up/people'), later.url());
  await page.context().close();
  page = later;
  await page.click('a:has-text("Edit") >> nth=1');
  await look(page, 'setup-3-person');
  await page.fill('[name=phone]', '555-555-0199');
  await page.click('text=Save this person');
  await page.waitForURL('**/lender/sign-up/people');
  await page.click('button:has-text("Continue")');
  await page.waitForURL('**/lender/sign-up/branding');
  await page.setInputFiles('[name=logo]', { name: 'logo.png', mimeType: 'image/png', buffer: PICTURE });
  await page.fill('[name=brand_color]', '#7a1f4b');
  await look(page, 'setup-4-branding');
  await page.click('text=Save and continue');
  await page.waitForURL('**/lender/sign-up/review');
  await look(page, 'setup-5-review');
});

await test('the end of the set-up', async () => {
  const before = await call('/broker-setup-url', setup('ada'), token);
  check('the API still says unfinished', before.isSetUpCompleted === 0, JSON.stringify(before));
  await page.click('button:has-text("Finish")');
  await page.waitForURL('**/lender/sign-up/done');
  await look(page, 'setup-6-done');
  const after = await call('/broker-setup-url', setup('ada'), token);
  check('the API says completed', after.isSetUpCompleted === 1 && after.redirectURL === null, JSON.stringify(after));
  await page.click('button:has-text("Go to your pipeline")');
  await page.waitForURL('**/lender/home');
  check('the starter is signed in', (await page.locator('h1').count()) === 1);
  await page.context().close();
});

const person = (name) => ({
  company: { lenderID: made.lenderID },
  user: { userID: made.users.find((one) => one.userUID === `${uid}-${name}`).userID },
});
const signOn = async (name) => (await call('/get-single-sign-on-url', person(name), token)).signOnURL;
const status = (body) => call('/set-account-status', body, token);

let signedIn;

await test('single sign-on, once', async () => {
  const url = await signOn('sam');
  signedIn = await visitor(browser);
  const head = await fetch(url, { method: 'HEAD', redirect: 'manual' });
  check('looking at the link does not use it', head.status < 500, head.status);
  await signedIn.goto(url);
  check('the link signs in', signedIn.url().endsWith('/lender/home'), signedIn.url());
  const cookies = await signedIn.context().cookies();
  check('the cookie is out of the scripts\' reach', cookies.every((cookie) => cookie.httpOnly && cookie.sameSite === 'Lax'), JSON.stringify(cookies));
  const thief = await visitor(browser);
  const answer = await thief.goto(url);
  check('the link signs nobody in twice', answer.status() === 410, answer.status());
  const home = await thief.goto(new URL('/lender/home', url).href);
  check('without a session there is no pipeline', home.url().includes('/lender/sign-in'), home.url());
  await thief.context().close();
});

await test('switched off and on again', async () => {
  const unused = await signOn('ada');
  const home = signedIn.url();
  const broker = { companies: [{ lenderID: made.lenderID, status: 'Deactivate' }], users: [] };
  check('switching off answers null', (await status(broker)) === null);
  await signedIn.goto(home);
  check('the session is over at once', signedIn.url().includes('/lender/sign-in'), signedIn.url());
  const late = await visitor(browser);
  const answer = await late.goto(unused);
  check('the unused link is dead', answer.status() === 410, answer.status());
  const refused = await call('/get-single-sign-on-url', person('sam'), token);
  check('there are no new links', refused.error !== undefined, JSON.stringify(refused));
  broker.companies[0].status = 'Activate';
  check('switching on answers null', (await status(broker)) === null);
  await signedIn.goto(home);
  check('the old session stays dead', signedIn.url().includes('/lender/sign-in'), signedIn.url());
  const dead = await late.goto(unused);
  check('the old link stays dead', dead.status() === 410, dead.status());
  await late.goto(await signOn('sam'));
  check('a new link signs in', late.url().endsWith('/lender/home'), late.url());
  await late.setViewportSize(DESKTOP);
  const one = { companies: [], users: [{ userUID: `${uid}-sam`, status: 'Deactivate' }] };
  check('one person switched off', (await status(one)) === null);
  await late.goto(home);
  check('that session is over', late.url().includes('/lender/sign-in'), late.url());
  await late.goto(await signOn('ada'));
  check('the others go on', late.url().endsWith('/lender/home'), late.url());
});

await finish(browser);
