// Whatever the page reads is refused once: it says so, and reads on when it is told to.
import { group, isLive, open } from './chat.mjs';
import { launch, overflow, say, todo, watchedWindow } from './watched.mjs';

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

/** The server is away, once, for what is at this address. */
const away = (path) => page.route(`**${path}`, (route) => route.abort(), { times: 1 });

async function tryAgain(why) {
  const refusal = page.getByRole('alert').filter({ hasText: why });
  await refusal.getByRole('button', { name: 'Try again' }).click();
  await refusal.waitFor({ state: 'detached' });
}

page.mayBeCutOff = true;
await away('/sign-in/settings');
await page.goto('/');
await away('/development/people');
await tryAgain('The server could not be reached.');
await tryAgain('The server could not be reached.');
await away('/development/sign-in/londo');
await page.getByRole('button', { name: '@londo' }).click();
await page.getByRole('alert').filter({ hasText: 'The server could not be reached.' }).waitFor();
await page.getByRole('button', { name: '@londo' }).click();
page.mayBeCutOff = false;

await tryAgain('Refused: Conversations.');
await isLive(page);

/** Scroll a list, up (-1) or down (1) by half of what is in sight, until this is there. */
async function scroll(list, direction, what, look = () => {}) {
  for (;;) {
    await look();
    if (await what.count()) return;
    await list.evaluate((element, direction) => element.scrollBy(0, (direction * element.clientHeight) / 2), direction);
    await page.waitForTimeout(50);
  }
}

const alert = page.getByRole('alert').filter({ hasText: 'older' });
const conversations = page.getByRole('navigation', { name: 'Conversations' });
const names = new Set(); // the first word of each, in their order
const look = async () => {
  for (const name of await conversations.locator('.name').allTextContents()) names.add(name.split(' ')[0]);
};
const last = conversations.getByRole('link', { name: `${todo.others} W` });
await scroll(conversations.locator('.list'), 1, alert, look);
await tryAgain('Refused: Conversations, older.');
await scroll(conversations.locator('.list'), 1, last, look);
await last.click();
await tryAgain('Refused: Messages.');
say({ names: [...names], overflow: await overflow(page) });

await open(page, group);
const messages = page.getByRole('region', { name: 'Messages' });
await scroll(messages, -1, alert);
await tryAgain('Refused: Messages, older.');
await scroll(messages, -1, messages.locator('article', { hasText: / 4800(?!\d)/ }));
say({ refused: [...refused] });

// Addresses of nothing, and of nothing that is one's own.
page.mayBeRefused = true; // what is no uuid is a bad request
for (const hash of ['nonsense', '00000000-0000-0000-0000-000000000001']) {
  await page.evaluate((text) => { location.hash = text; }, hash);
  await page.waitForFunction(() => location.hash === '');
}
say({ complaints });
await browser.close();
