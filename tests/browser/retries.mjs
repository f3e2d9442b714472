// Messages whose answers get lost, or say "not now": repeated, tried again, or given up.
import { group, mark, open, settled, signedIn, until, write } from './chat.mjs';
import { barriers, launch, say } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await signedIn(browser, complaints, 'londo');
await open(page, group);
page.mayBeCutOff = true;

const sent = []; // the variables of each attempt
// What happens to the first attempts, one after the other.
const fates = {
  [`${mark}lost twice`]: ['lost', 'lost'],
  [`${mark}tried again`]: ['refused', 'refused'],
  [`${mark}given up`]: ['refused'],
};
await page.route('**/graphql', async (route) => {
  const { query, variables } = route.request().postDataJSON();
  if (!query.includes('mutation Send')) return route.continue();
  sent.push(variables.input);
  const happens = fates[variables.input.message].shift();
  if (happens === 'lost') {
    await route.fetch(); // it is stored, and nobody is told
    return route.abort();
  }
  if (happens === 'refused') {
    const refusal = { __typename: 'RateLimited', code: 'RATE_LIMITED', detail: 'Too many.', retryAfterSeconds: 1 };
    return route.fulfill({ json: { data: { sendMessage: refusal } } });
  }
  return route.continue();
});

await write(page, `${mark}lost twice`);
await until(() => sent.length === 3, () => `sent: ${sent.length}`);
await settled([page], mark, 1);

// The button that was pressed goes away, and the keyboard is not to go with it.
const goesOnTyping = () => page.locator('textarea:focus').waitFor();
await write(page, `${mark}tried again`);
const failed = page.locator('article', { hasText: 'Not sent. Too many messages in a minute.' });
await failed.getByRole('button', { name: 'Try again' }).waitFor();
await failed.getByRole('button', { name: 'Try again' }).click();
await failed.waitFor();
const found = [];
for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme });
  found.push(...(await barriers(page)));
}
await failed.getByRole('button', { name: 'Try again' }).click();
await goesOnTyping();
await settled([page], mark, 2);

await write(page, `${mark}given up`);
await failed.getByRole('button', { name: 'Discard' }).click();
await failed.waitFor({ state: 'detached' });
await goesOnTyping();
await settled([page], mark, 2);

say({ sent: sent.map(({ clientMessageUuid, message }) => [message, clientMessageUuid]), found });
say({ complaints });
await browser.close();
