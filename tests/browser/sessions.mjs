// Tokens that are refused, pages that are loaded again, and somebody else in the same tab.
import { group, isLive, mark, open, settled, write } from './chat.mjs';
import { launch, say, todo, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];

// The first token is refused, and so is the next, by the socket, after a while.
const page = await watchedWindow(browser, complaints);
page.mayBeRefused = true;
let signIns = 0;
await page.route('**/development/sign-in/*', (route) => {
  signIns += 1;
  return signIns === 1 ? route.fulfill({ json: { accessToken: 'worn.out.token' } }) : route.continue();
});
let expire;
await page.routeWebSocket('**/graphql', (socket) => {
  const server = socket.connectToServer();
  expire ??= async () => {
    await socket.close({ code: 4403, reason: 'Forbidden' });
    await server.close();
  };
});
await page.goto('/');
await page.getByRole('button', { name: '@londo' }).click();
await isLive(page);
await open(page, group);
await expire();
await write(page, `${mark}with a third token`);
await page.waitForFunction(() => document.querySelector('.connection').dataset.status === 'live');
await settled([page], mark, 1);
say({ signIns });

// Whoever leaves with a message on its way is asked first.
let mayPass = false;
await page.route('**/graphql', (route) => {
  const isKept = !mayPass && route.request().postData()?.includes('mutation Send');
  return isKept ? route.abort() : route.continue();
});
page.mayBeCutOff = true;
const asked = [];
page.on('dialog', (dialog) => { asked.push(dialog.type()); return dialog.accept(); });
await write(page, `${mark}never sent`);
await page.reload();
await isLive(page);
await settled([page], mark, 1);

// Whoever is next in the tab is not the one before: neither on the page, nor in what is sent.
await write(page, `${mark}not sent either`);
await page.locator('article', { hasText: 'Sending' }).waitFor();
await page.getByRole('button', { name: 'Sign out' }).click();
await page.getByRole('button', { name: '@solveig-k' }).click();
mayPass = true;
await isLive(page);
await page.waitForTimeout(3000); // in which a repetition would come
const left = await page.evaluate((text) => document.body.textContent.includes(text), mark);
const kept = await page.evaluate(() => ({ ...sessionStorage, ...localStorage }));
say({ asked, left, kept });
say({ complaints });
await browser.close();
