// The borrower's sign-up page behind every form of link, with good values, bad ones and worse.

import { accessToken, base, call, check, demo, finish, launch, look, test, visitor } from './harness.mjs';

const browser = await launch();
const token = await accessToken();

/** Every documented parameter with a value that can be used. */
const GOOD = {
  firstName: 'Sparky', lastName: 'Testcase', phonePrimary: '555-555-5555', phoneSecondary: '7142357114',
  email: 'sparky@example.com', dob: '01/15/1980', status: 'Married',
  primaryAddressStreet: '1 Main Street', primaryAddressCity: 'Irvine', primaryAddressState: 'CA', primaryAddressZipcode: '92618',
  coBoFirstName: 'Bella', coBoLastName: 'Testcase', coBoPhonePrimary: '5555555556', coBoPhoneSecondary: '555-555-5557',
  coBoEmail: 'bella@example.com', coBoDOB: '02/16/1981', coBoStatus: 'Unmarried',
  coBoPrimaryAddressStreet: '2 Main Street', coBoPrimaryAddressCity: 'Tustin', coBoPrimaryAddressState: 'CA', coBoPrimaryAddressZipcode: '92780',
  purchaseAddressStreet: '3 Main Street', purchaseAddressCity: 'Huntington Beach', purchaseAddressState: 'CA', purchaseAddressZipcode: '92649',
  wholesaleLoanID: 'W-1', userTempPublicID: 'T-1', borrowerUID: 'B-1', businessChannel: 'Wholesale',
  isHomeStyleEnergy: '1', currentLoanAmount: '250000', currentLoanRate: '6.5', currentMonthlyPayment: '1580.17',
  cashOut: '10000', appType: 'Full', isTBDLoanHardStop: '0', solarCost: '12000', autoCheckTOUPP: '1',
};

const link = (path, values) => `${base}${path}?${new URLSearchParams(values)}`;
const digits = (text) => text.replace(/\D/g, '');

async function field(page, name) {
  const found = page.locator(`[name="${name}"]`);
  if ((await found.count()) === 0) return undefined;
  const first = found.first();
  if ((await first.getAttribute('type')) === 'checkbox') return (await first.isChecked()) ? '1' : '0';
  return first.inputValue();
}

/** Same to a person: dates may be shown another way, numbers with separators, phones with dashes. */
function same(name, seen, sent) {
  if (seen === undefined) return false;
  if (seen === sent) return true;
  if (/dob/i.test(name)) {
    const [month, day, year] = sent.split('/');
    return seen === `${year}-${month}-${day}`;
  }
  if (/phone/i.test(name)) return digits(seen) === digits(sent);
  return Number(seen.replace(/,/g, '')) === Number(sent);
}

const officer = '6ETBTZ4N';
let path = `/app/signup/partner/${officer}`;

await test('every documented parameter', async () => {
  const page = await visitor(browser);
  const answer = await page.goto(link(path, GOOD));
  check('the page opens', answer.status() === 200, answer.status());
  for (const [name, value] of Object.entries(GOOD)) {
    const seen = await field(page, name);
    check(`${name} is filled in`, same(name, seen, value), `${seen} for ${value}`);
  }
  await look(page, 'signup-partner');
  await page.context().close();
});

/** Values that cannot be used, by what they try. */
const BAD = {
  firstName: '<script>alert(1)</script>', lastName: '"><img src=x onerror=alert(1)>', email: 'not an address',
  dob: '02/31/1980', coBoDOB: '13/45/9999', status: 'Complicated', phonePrimary: 'call me', phoneSecondary: '12',
  primaryAddressState: 'ZZ', primaryAddressZipcode: '1', purchaseAddressState: "CA' OR 1=1--", purchaseAddressZipcode: '😀😀😀😀😀',
  currentLoanAmount: '-5', currentLoanRate: 'NaN', cashOut: '1e999', solarCost: 'Infinity', businessChannel: 'Retail',
  autoCheckTOUPP: 'maybe', isHomeStyleEnergy: '2', appType: '', borrowerUID: '\u0000\u0007', wholesaleLoanID: 'x'.repeat(5000),
};

await test('bad values', async () => {
  const page = await visitor(browser);
  let shouted = false;
  page.on('dialog', async (dialog) => {
    shouted = true;
    await dialog.dismiss();
  });
  const answer = await page.goto(link(path, BAD));
  check('the page opens all the same', answer.status() === 200, answer.status());
  check('nothing ran', !shouted && (await page.locator('img[src="x"]').count()) === 0);
  const html = await answer.text();
  check('nothing is inserted as it came', !html.includes('<script>alert') && !html.includes('<img src=x'));
  for (const name of ['email', 'dob', 'coBoDOB', 'status', 'phonePrimary', 'primaryAddressState', 'primaryAddressZipcode', 'purchaseAddressState', 'purchaseAddressZipcode', 'currentLoanAmount', 'currentLoanRate', 'cashOut', 'solarCost']) {
    check(`a bad ${name} is dropped`, ['', undefined].includes(await field(page, name)), await field(page, name));
  }
  check('a doubtful tick is no tick', (await field(page, 'autoCheckTOUPP')) === '0');
  await page.context().close();
});

await test('emoji, repeats, lists, torn escapes, a megabyte', async () => {
  const page = await visitor(browser);
  await page.goto(link(path, { firstName: 'Zoë 😀', city: 'ignored' }));
  check('a name may hold more than ASCII', (await field(page, 'firstName')) === 'Zoë 😀', await field(page, 'firstName'));
  for (const query of ['firstName=A&firstName=B', 'firstName[]=A', 'firstName=%ff%fe', 'firstName=%', '&&&===', 'firstName=%00', 'firstName=%E2%80%AEabc']) {
    const answer = await page.goto(`${base}${path}?${query}`);
    check(`?${query} opens`, answer.status() === 200, answer.status());
  }
  const long = await fetch(`${base}${path}?firstName=${'x'.repeat(1_000_000)}`);
  const body = await long.text();
  check('a megabyte is answered, not hung up on', [200, 414, 431].includes(long.status), `${long.status} ${body.slice(0, 200)}`);
  const sizeable = await fetch(`${base}${path}?firstName=${'x'.repeat(50_000)}`);
  check('fifty kilobytes are answered', [200, 414, 431].includes(sizeable.status), sizeable.status);
  for (const unknown of ['/app/signup/partner/ZZZZ0000', '/app/signup/p/nobody-here', '/app/signup/p/nobody/r/ABCDEF123456', '/app/signup/partner/%F0%9F%98%80']) {
    const answer = await page.goto(`${base}${unknown}`);
    check(`${unknown} says so`, [404, 410].includes(answer.status()), answer.status());
  }
  await look(page, 'signup-gone');
  await page.context().close();
});

const offer = {
  borrower: { firstName: 'Charles', lastName: 'Cooper', phonePrimary: '7142458223', email: `charles.${process.pid}@example.com`, autoCheckTOUPP: 1 },
  loan: {
    subjectPropertyAddressStreet: '5361 Bonanza Dr', subjectPropertyAddressCity: 'Huntington Beach', subjectPropertyAddressState: 'CA',
    subjectPropertyAddressZipcode: '92649', loanPurpose: 'Purchase', lockPeriod: '30', homePrice: '500000', downPayment: '250000',
    propertyType: 'SingleFamily', occupancyType: 'PrimaryResidence', productProgram: 'Conventional', loanAmortizationType: 'Fixed',
    loanAmortization: '30', rate: '4.500', apr: '4.552', monthlyPayment: '1315.84', discountPointPercent: '-1.00', discountPoint: '-2600.00',
  },
};

await test('a priced loan', async () => {
  const made = await call('/set-signup-product-pricing', offer, token);
  check('there is a link', typeof made.signUpURL === 'string', JSON.stringify(made));
  const page = await visitor(browser);
  await page.goto(made.signUpURL);
  const shown = await page.locator('main').innerText();
  for (const figure of ['4.500', '4.552', '1,315.84', '500,000', '30']) {
    check(`${figure} is shown as it was passed`, shown.includes(figure), shown);
  }
  check('the borrower is filled in', (await field(page, 'firstName')) === 'Charles');
  await look(page, 'signup-priced');
  // Sent without what is needed: everything said, nothing lost.
  await page.fill('[name=email]', '');
  await page.click('main form button[type=submit]');
  check('a missing address is told', (await page.locator('.field__error').count()) > 0);
  check('the rest is kept', (await field(page, 'firstName')) === 'Charles');
  await look(page, 'signup-mistakes');
  await page.fill('[name=email]', offer.borrower.email);
  for (const name of ['autoCheckTOUPP', 'acceptsElectronicRecords']) await page.check(`[name=${name}]`);
  await page.click('main form button[type=submit]');
  await page.waitForURL('**/app/signup/done**');
  check('no personal data in the address', !page.url().includes('Charles') && !page.url().includes('@'), page.url());
  await look(page, 'signup-done');
  path = new URL(made.signUpURL).pathname.replace(/\/r\/.*$/, '');
  const general = await page.goto(`${base}${path}`);
  check('the lender\'s own link opens', general.status() === 200, general.status());
  await look(page, 'signup-company');
  await page.context().close();
});

check('the demo is the lender', demo.lenderID === 'DEMOLEND', demo.lenderID);
await finish(browser);
