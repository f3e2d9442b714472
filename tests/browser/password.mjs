// Signing in to Cognito by username and password, and what ends a session.
import { group, isLive, mark, open, settled, write } from './chat.mjs';
import { barriers, launch, say, todo, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await watchedWindow(browser, complaints);
page.mayBeRefused = true;
let expire;
await page.routeWebSocket('**/graphql', (socket) => {
  const server = socket.connectToServer();
  expire = async () => {
    await socket.close({ code: 4403, reason: 'Forbidden' });
    await server.close();
  };
});

async function signIn(password) {
  await page.getByLabel('Username').fill('londo');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

await page.goto('/');
await page.getByLabel('Password').waitFor();
const found = await barriers(page);
await signIn('Not-the-1-password');
const refusal = page.getByRole('alert').filter({ hasText: /./ });
await refusal.waitFor();
say({ refusal: await refusal.textContent(), found });

await signIn(todo.password);
await isLive(page);
await open(page, group);
await write(page, `${mark}with a password`);
await settled([page], mark, 1);

// The session goes on when the page is loaded again, and the socket with a fresh token.
await page.reload();
await isLive(page);
await expire();
await page.waitForFunction(() => document.querySelector('.connection').dataset.status !== 'live');
await isLive(page);
await write(page, `${mark}and another token`);
await settled([page], mark, 2);

// When Cognito gives out none any more, the page says so.
await page.route(`${todo.cognito}/**`, (route) => route.fulfill({
  status: 400,
  headers: { 'access-control-allow-origin': '*' },
  json: { __type: 'NotAuthorizedException', message: 'Refresh Token has been revoked' },
}));
await expire();
await page.getByRole('status').filter({ hasText: 'Your session has ended' }).waitFor();
await page.getByRole('button', { name: 'Sign out' }).click();
await page.getByLabel('Password').waitFor();
const left = await page.evaluate((text) => document.body.textContent.includes(text), mark);
say({ left, kept: await page.evaluate(() => ({ ...sessionStorage, ...localStorage })) });
say({ complaints });
await browser.close();
