// Every list's pages are refused once: the page says so, and reads on when it is told to.
import { group, isLive } from './chat.mjs';
import { launch, say, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await watchedWindow(browser, complaints);
const refused = new Set();
await page.route('**/graphql', (route) => {
  const { query, variables } = route.request().postDataJSON();
  const name = /query (Conversations|Messages)\(/.exec(query)?.[1];
  const which = `${name}${variables.after ? ', older' : ''}`;
  if (!name || refused.has(which)) return route.continue();
  refused.add(which);
  return route.fulfill({ json: { data: null, errors: [{ message: `Refused: ${which}.` }] } });
});

const refusal = page.getByRole('alert').filter({ hasText: 'Refused' });
async function tryAgain() {
  await refusal.getByRole('button', { name: 'Try again' }).click();
  await refusal.waitFor({ state: 'detached' });
}

await page.goto('/');
await page.getByRole('button', { name: '@londo' }).click();
await tryAgain();
await isLive(page);
await page.evaluate((hash) => { location.hash = hash; }, group);
await tryAgain();
const list = page.getByRole('region', { name: 'Messages' });
for (const isThere of [() => refusal.count(), () => list.locator('article', { hasText: / 4800(?!\d)/ }).count()]) {
  while (!(await isThere())) {
    await list.evaluate((element) => element.scrollBy(0, -element.clientHeight));
    await page.evaluate(() => new Promise((resolve) => { setTimeout(resolve, 50); }));
  }
  if (await refusal.count()) await tryAgain();
}
say({ refused: [...refused] });

// Addresses of nothing, and of nothing that is one's own.
page.mayBeRefused = true; // what is no uuid is a bad request
for (const hash of ['nonsense', '00000000-0000-0000-0000-000000000001']) {
  await page.evaluate((text) => { location.hash = text; }, hash);
  await page.waitForFunction(() => location.hash === '');
}
say({ complaints });
await browser.close();
