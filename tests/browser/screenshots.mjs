// Takes the README's pictures of the pages of a server with seeded people.
import { join } from 'node:path';
import { open, signedIn } from './chat.mjs';
import { answer, graphiql, run } from './graphiql.mjs';
import { atRest, launch, todo } from './watched.mjs';

const { group, folder } = todo;
const desktop = { viewport: { width: 1120, height: 720 } };
const wide = { viewport: { width: 1440, height: 720 } };
const phone = { viewport: { width: 390, height: 720 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const common = { locale: 'en-GB', timezoneId: 'UTC' };

const browser = await launch();
for (const [name, options] of [
  ['chat-light', { ...desktop, colorScheme: 'light' }],
  ['chat-dark', { ...desktop, colorScheme: 'dark' }],
  ['chat-phone', { ...phone, colorScheme: 'light' }],
]) {
  const page = await signedIn(browser, [], 'andrewbrown', { ...common, ...options });
  await open(page, group);
  await page.locator('article').first().waitFor();
  await page.waitForTimeout(500); // what moves in the page has come to rest
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await page.context().close();
}
for (const colorScheme of ['light', 'dark']) {
  const page = await graphiql(browser, [], { ...common, ...wide, colorScheme });
  await run(page, 'History');
  await answer(page, 'hasNextPage');
  await page.getByRole('button', { name: 'Hide editor tools' }).click(); // the token is there
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.mouse.move(0, 0); // away from what has a tooltip
  await atRest(page);
  await page.screenshot({ path: join(folder, `graphiql-${colorScheme}.png`) });
}
await browser.close();
