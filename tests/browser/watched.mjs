// A Chromium whose pages are watched: what they complain of, and whom they talk to.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf-8');
// The browser's own report that the network is away, which no page can keep it from.
const OUTAGE = /net::ERR_|WebSocket connection to .* failed/;
const REFUSAL = /the server responded with a status of 40[01]/;

/** Read what Python wants: {endpoint or chromium, origin, …}. */
export const todo = JSON.parse(process.argv[2]);

/** Tell Python, a line of JSON each time. */
export const say = (line) => console.log(JSON.stringify(line));

const hears = process.stdin.setEncoding('utf-8')[Symbol.asyncIterator]();

/** Wait until Python has done what it was told about. */
export const told = () => hears.next();

const options = {
  executablePath: todo.chromium,
  chromiumSandbox: process.getuid() !== 0, // as root it would not start with one
};

/** A browser for others to share. */
export const serve = () => chromium.launchServer(options);

/** The browser that is shared, else one of one's own. */
export const launch = () => (todo.endpoint ? chromium.connect(todo.endpoint) : chromium.launch(options));

/** A window of its own, with nobody signed in; `complaints` gathers what is wrong with it. */
export async function watchedWindow(browser, complaints, options = {}) {
  const context = await browser.newContext({ baseURL: todo.origin, ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const known = [todo.origin, ...(todo.cognito ? [todo.cognito] : [])].map((address) => new URL(address).host);
  const follow = (kind, address) => {
    const url = new URL(address);
    if (!['blob:', 'data:'].includes(url.protocol) && !known.includes(url.host)) {
      complaints.push(`${kind} goes to ${address}`);
    }
  };
  page.on('request', (request) => follow('a request', request.url()));
  page.on('websocket', (socket) => follow('a socket', socket.url()));
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error}`));
  page.on('console', (message) => {
    const outage = page.mayBeCutOff && OUTAGE.test(message.text());
    const refusal = page.mayBeRefused && REFUSAL.test(message.text());
    if (message.type() === 'error' && !outage && !refusal) complaints.push(`console: ${message.text()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`CSP: ${event.effectiveDirective} forbids ${event.blockedURI}`);
    });
  });
  return page;
}

/** Wait until all that moves in the page has come to rest (but what moves for ever, as a cursor). */
export function atRest(page) {
  return page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity);
    await Promise.allSettled(moving.map((each) => each.finished));
  });
}

/** The barriers that axe finds on the page, in words. */
export async function barriers(page) {
  // By the debugger: the page's own policy allows no script of others.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  await session.detach();
  await atRest(page);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document);
    return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' '))}`);
  });
}

/** By how many pixels the page is wider than its window. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
