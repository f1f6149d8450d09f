// The bank's desk in a browser: a process arrives over the Partners Portal API, is taken on, asked about,
// approved by two people, and its proposal is there; networks; phone and desktop, light and dark.

import { base, check, demo, finish, launch, look, test, visitor } from './harness.mjs';

const bank = demo.bank;
const broker = bank.brokers[0];
const PORTAL = `${base}/API/partnersPortal`;
const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n').toString('base64');
const NAME = 'Maria <b>Exemplo</b> da Conceição de Albuquerque e Vasconcelos';
const browser = await launch();
let token;

/** Calls the portal as the demo's first broker. */
async function portal(method, path, body) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${PORTAL}${path}`, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, body: answer.status === 204 ? undefined : await answer.json() };
}

async function portalSignIn() {
  const headers = {
    xClientID: bank.clientID, xClientSecret: bank.clientSecret,
    xBrokerUID: broker.brokerUniqueID, xUsername: broker.username,
  };
  const answer = await fetch(`${PORTAL}/authentication`, { method: 'POST', headers });
  token = (await answer.json()).sessionToken;
}

/** A process that lacks nothing, handed to the bank; its id. */
async function handedOver() {
  const simulation = await portal('POST', '/simulations', {
    productPurposeId: 2, loanPurposeId: 1, productSchemeId: 1, branchId: 1, loanAmount: 180000,
    loanDurationMonths: 360, indexTypeSubCategoryId: 2, indexTypeId: 5, hasCrossSelling: true,
    property: {
      propertyTypologyId: 1, estimatedValue: 230000, acquisitionAmount: 225000.5, districtId: 11,
      countyId: 1106, address: 'Rua do Exemplo, 1', zipCode: '1000', zipCodeLocal: '001',
    },
    borrowers: [{
      borrowerTypeId: 1, name: NAME, nif: '123456789', birthDate: '1990-02-28', email: 'maria@example.com',
      phone: '+351910000000', monthlyNetIncome: 3500, otherMonthlyInstalments: 0, dependents: 1,
    }],
  });
  const made = await portal('POST', '/processes', { simulationUniqueId: simulation.body.simulationUniqueID });
  check('a process is made', made.status === 201, JSON.stringify(made.body));
  const id = made.body.processUniqueID;
  const at = `/processes/${id}`;
  const put = await portal('PUT', `${at}/borrowers/${made.body.borrowers[0].borrowerUniqueID}`, {
    genderId: 1, nationalityId: 620, identificationDocumentId: 1, identificationNumber: '00000000',
    identificationValidity: '2035-01-01', maritalStatusId: 1, residenceTypeId: 3, residenceSince: '2015-01-01',
    residenceCountryId: 620, residenceDistrictId: 11, residenceCountyId: 1106,
    residenceAddress: 'Rua do Exemplo, 2', residenceZipCode: '1000', residenceZipCodeLocal: '002',
    employmentSituationId: 1, professionId: 25, employmentContractTypeId: 1, employmentDepartmentPositionId: 4,
    employer: 'Empresa Exemplo, Lda. (fictícia)', employedSince: '2018-01-01', dataConsent: true,
    creditBureauConsent: true,
  });
  check('the borrower is filled in', put.status === 200, JSON.stringify(put.body));
  await portal('PUT', `${at}/properties/${made.body.property.propertyUniqueID}`, { grossBuiltArea: 95.5, yearBuilt: 1998 });
  await portal('GET', `${at}/esis`);
  const gaps = await portal('POST', `${at}/submit`, {});
  for (const gap of (gaps.body.errors ?? []).filter((one) => one.documentTypeID)) {
    await portal('POST', `${at}/documents`, {
      documentTypeID: gap.documentTypeID, documentTitle: 'Documento de exemplo', fileName: 'exemplo.pdf', documentContent: PDF,
    });
  }
  const done = await portal('POST', `${at}/submit`, {});
  check('it is handed over', done.status === 200, JSON.stringify(done.body));
  return id;
}

/** Somebody at the bank, signed in. */
async function person(role) {
  const [, email] = bank.staff.find(([name]) => name.toLowerCase().includes(role));
  const page = await visitor(browser);
  page.setDefaultTimeout(10_000);
  await page.goto(`${base}/lender/sign-in`);
  await page.fill('[name=email]', email);
  await page.fill('[name=password]', bank.staffPassword);
  await page.click('main button[type=submit]');
  await page.waitForURL('**/bank/processes**');
  return page;
}

const flash = (page) => page.locator('main > .notice').first().innerText();
const main = (page) => page.locator('main').innerText();

await portalSignIn();
const id = await handedOver();
const admin = await person('admin');
const analyst = await person('underwriter');

await test('the queue', async () => {
  check('it says who waits', (await main(analyst)).includes('Maria <b>Exemplo</b>'), await main(analyst));
  check('nothing of a lender is in the bar', !(await analyst.locator('.nav').innerText()).includes('Pipeline'));
  await look(analyst, 'bank-1-queue');
  await analyst.goto(`${base}/bank/processes?text=ninguem`);
  await look(analyst, 'bank-1-queue-empty');
});

await test('a process is taken on and asked about', async () => {
  await analyst.goto(`${base}/bank/processes/${id}`);
  await look(analyst, 'bank-2-process');
  await analyst.click('text=Take on');
  check('it is hers', (await flash(analyst)).includes('yours'), await flash(analyst));
  await analyst.click('summary >> text=Ask for a paper');
  await analyst.click('form[action$="/ask"] button');
  await analyst.waitForSelector('.notice--bad');
  await look(analyst, 'bank-3-asked-nothing');
  await analyst.fill('[name=question]', 'Qual é a área do terreno?');
  await analyst.click('form[action$="/ask"] button');
  check('it is asked', (await flash(analyst)).includes('asked'), await flash(analyst));
  await look(analyst, 'bank-3-asked');
  await analyst.click('form[action$="/withdraw"] button');
  check('it is withdrawn', (await flash(analyst)).includes('withdrawn'), await flash(analyst));
});

await test('two people decide', async () => {
  await admin.goto(`${base}/bank/settings`);
  await admin.check('[name=four_eyes]');
  await look(admin, 'bank-4-settings');
  await admin.click('main button[type=submit]');
  check('it is kept', await admin.isChecked('[name=four_eyes]'));
  await analyst.goto(`${base}/bank/processes/${id}`);
  await analyst.click('summary >> text=Prepare an approval');
  await analyst.fill('[name=amount]', '175,000.00');
  await analyst.fill('[name=conditions]', 'Seguro de vida contratado.\nSeguro multirriscos contratado.');
  await analyst.click('button[value=look]');
  await analyst.waitForSelector('text=What these terms come to');
  check('what was typed is there', (await analyst.inputValue('[name=amount]')) === '175,000.00');
  await look(analyst, 'bank-5-figures');
  await analyst.click('button[value=issue]');
  check('it waits', (await main(analyst)).includes('Somebody else has to confirm it'), await main(analyst));
  await look(analyst, 'bank-5-waiting');
  await admin.goto(`${base}/bank/processes/${id}`);
  await admin.click('form[action$="/confirm"] button');
  check('it is confirmed', (await flash(admin)).includes('confirmed'), await flash(admin));
  const [paper] = await Promise.all([admin.waitForEvent('download'), admin.click('text=FINE')]);
  check('the sheet is a PDF', paper.suggestedFilename().endsWith('.pdf'), paper.suggestedFilename());
  await look(admin, 'bank-6-approved');
  const listed = await portal('GET', '/proposals');
  check('the broker sees it', listed.body.totalRecords === 1, JSON.stringify(listed.body));
});

await test('networks', async () => {
  await admin.goto(`${base}/bank/networks`);
  check('the demo network is there', (await main(admin)).includes(broker.name), await main(admin));
  await look(admin, 'bank-7-networks');
});

await finish(browser);
