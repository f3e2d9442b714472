// Two people chat in two windows, of odd things too, on a desktop and on a phone, by day and night.
import { group, mark, open, settled, signedIn, TALL, write } from './chat.mjs';
import { barriers, launch, overflow, say, todo, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];
const londo = await signedIn(browser, complaints, 'londo', TALL);
const tobias = await signedIn(browser, complaints, 'tobias.wren', TALL);
for (const page of [londo, tobias]) await open(page, group);

for (const [number, text] of todo.texts.entries()) {
  await write(number % 2 ? tobias : londo, `${mark}${text}`);
  for (const page of [londo, tobias]) await page.locator('article', { hasText: text }).waitFor();
}
await settled([londo, tobias], mark, todo.texts.length);
// A screen reader is told of what the other one writes.
say({ heard: await londo.getByRole('log').locator('p').allTextContents() });

const found = [];
// What is one's own is on the right, the other's on the left, in whichever direction it runs.
const sides = await londo.locator('article').evaluateAll((all) => all.map((each) => {
  const [text, whole] = [each.querySelector('p').getBoundingClientRect(), each.getBoundingClientRect()];
  return { mine: each.dataset.mine, right: text.left - whole.left > whole.right - text.right, text: each.textContent };
}));
for (const { mine, right, text } of sides) {
  if (right !== (mine === 'true')) found.push(`on the wrong side: ${text}`);
}
const door = await watchedWindow(browser, complaints);
await door.goto('/');
await door.getByRole('button', { name: '@tobias.wren' }).waitFor();
for (const barrier of await barriers(door)) found.push(`signing in: ${barrier}`);
// The small one is as narrow as a phone gets, and what 1,280 by 1,024 are at 400 % (WCAG 2.2, 1.4.10).
for (const viewport of [{ width: 1280, height: 800 }, { width: 320, height: 256 }]) {
  for (const colorScheme of ['light', 'dark']) {
    const where = `${viewport.width}, ${colorScheme}`;
    await londo.setViewportSize(viewport);
    await londo.emulateMedia({ colorScheme });
    for (const hash of [group, '']) {
      if (hash) await open(londo, hash);
      else await londo.evaluate(() => { location.hash = ''; });
      await londo.waitForTimeout(200); // what moves in the page has come to rest
      for (const barrier of await barriers(londo)) found.push(`${where}: ${barrier}`);
      const list = hash && (await londo.getByRole('region', { name: 'Messages' }).boundingBox()).height;
      if (hash && list < 120) found.push(`${where}: no room for messages but ${list} pixels`);
      const wider = await overflow(londo);
      if (wider > 0) found.push(`${where}: ${wider} pixels too wide`);
    }
  }
}
say({ found });
say({ complaints });
await browser.close();
