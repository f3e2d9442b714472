// Two people chat in two windows, of odd things too, on a desktop and on a phone, by day and night.
import { group, mark, open, settled, signedIn, TALL, write } from './chat.mjs';
import { barriers, launch, overflow, say, todo, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];
const andrew = await signedIn(browser, complaints, 'andrewbrown', TALL);
const bayko = await signedIn(browser, complaints, 'bayko', TALL);
for (const page of [andrew, bayko]) await open(page, group);

for (const [number, text] of todo.texts.entries()) {
  await write(number % 2 ? bayko : andrew, `${mark}${text}`);
  for (const page of [andrew, bayko]) await page.locator('article', { hasText: text }).waitFor();
}
await settled([andrew, bayko], mark, todo.texts.length);

const found = [];
const door = await watchedWindow(browser, complaints);
await door.goto('/');
await door.getByRole('button', { name: '@bayko' }).waitFor();
for (const barrier of await barriers(door)) found.push(`signing in: ${barrier}`);
for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
  for (const colorScheme of ['light', 'dark']) {
    const where = `${viewport.width}, ${colorScheme}`;
    await andrew.setViewportSize(viewport);
    await andrew.emulateMedia({ colorScheme });
    for (const hash of [group, '']) {
      if (hash) await open(andrew, hash);
      else await andrew.evaluate(() => { location.hash = ''; });
      await andrew.waitForTimeout(200); // what moves in the page has come to rest
      for (const barrier of await barriers(andrew)) found.push(`${where}: ${barrier}`);
      const wider = await overflow(andrew);
      if (wider > 0) found.push(`${where}: ${wider} pixels too wide`);
    }
  }
}
say({ found });
say({ complaints });
await browser.close();
