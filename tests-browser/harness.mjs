// What every browser test uses: a browser, checks that are counted, calls of the API, accessibility
// findings, pictures of pages.
//
// Reads LINTEL_URL, LINTEL_DATA (the demo's data folder) and LINTEL_SHOTS (where pictures go; none
// when it is not set). A test ends with `finish()`, which prints "N passed, N failed".

import { readFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(join(process.env.LINTEL_NODE_MODULES ?? process.cwd(), 'package.json'));
const { chromium } = require('playwright-core');
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const base = process.env.LINTEL_URL;
export const demo = JSON.parse(readFileSync(join(process.env.LINTEL_DATA, 'demo-credentials.json'), 'utf8'));
const shots = process.env.LINTEL_SHOTS;

let passed = 0;
let failed = 0;

/** Counts one check; a failed one is printed with what there was. */
export function check(name, ok, seen = '') {
  if (ok) {
    passed += 1;
    return;
  }
  failed += 1;
  console.log(`FAILED ${name}${seen === '' ? '' : `: ${String(seen).slice(0, 1500)}`}`);
}

/** Prints the sum and ends the process: 1 when anything failed or nothing was checked. */
export async function finish(browser) {
  await browser?.close();
  if (passed === 0) failed += 1;
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** Runs one test; what it throws is a failed check. */
export async function test(name, body) {
  try {
    await body();
  } catch (error) {
    check(`${name} runs to its end`, false, error.stack ?? error);
  }
}

/** The browser all tests of a file share. */
export function launch() {
  return chromium.launch({
    executablePath: process.env.LINTEL_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--disable-quic',
    ],
  });
}

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1280, height: 900 };

/**
 * A page of a fresh visitor. What it asks of anybody but the server under test, what its console
 * says and what its content policy refuses are failures.
 */
export async function visitor(browser, options = {}) {
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  const page = await context.newPage();
  watch(page);
  return page;
}

function watch(page) {
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:')) {
      check(`nothing is asked of others (${page.url()})`, false, url);
    }
  });
  page.on('console', (message) => {
    // A refused page is a line in the console too; refusals are part of the tests.
    const isRefusal = message.text().includes('the server responded with a status of 4');
    if (message.type() === 'error' && !isRefusal) {
      check(`the console is quiet (${page.url()})`, false, message.text());
    }
  });
  page.on('pageerror', (error) => check(`no script fails (${page.url()})`, false, error.message));
}

/** Calls the Lender API as the demo lender; `data` is the payload. Answers the parsed body. */
export async function call(path, data, token) {
  const form = new FormData();
  form.set('format', 'json');
  form.set('apiID', demo.apiID);
  form.set('apiKey', demo.apiKey);
  if (token !== undefined) form.set('accessToken', token);
  if (data !== undefined) form.set('data', JSON.stringify(data));
  const answer = await fetch(`${base}/api/lender${path}`, { method: 'POST', body: form });
  return answer.json();
}

/** A token of the demo lender. */
export async function accessToken() {
  return (await call('/access-token')).accessToken;
}

/** Nothing serious or critical may be found on a page, and it may not be wider than its window. */
export async function accessible(page, name) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const bad = found.violations.filter((rule) => ['serious', 'critical'].includes(rule.impact));
  check(
    `${name} is accessible`,
    bad.length === 0,
    bad.map((rule) => `${rule.id}: ${rule.nodes.map((node) => node.html).slice(0, 3).join(' ')}`).join('\n'),
  );
  const room = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  check(`${name} fits its window`, room[0] <= room[1], room);
}

/** Looks at the page that is open on phone and desktop, in light and dark: rules, width, pictures. */
export async function look(page, name) {
  for (const scheme of ['light', 'dark']) {
    for (const [size, viewport] of [['390', PHONE], ['1280', DESKTOP]]) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await accessible(page, `${name}, ${scheme}, ${size} px`);
      if (shots !== undefined) {
        const file = join(shots, `${name}-${size}-${scheme}.png`);
        mkdirSync(dirname(file), { recursive: true });
        await page.screenshot({ path: file, fullPage: true });
      }
    }
  }
  await page.setViewportSize(DESKTOP);
  await page.emulateMedia({ colorScheme: 'light' });
}
