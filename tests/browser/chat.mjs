// What people do on the chat page.
import { say, todo, watchedWindow } from './watched.mjs';

/** A window at the chat page, with this seeded person signed in and live. */
export async function signedIn(browser, complaints, handle, options = {}) {
  const page = await watchedWindow(browser, complaints, options);
  await page.goto('/');
  await page.getByRole('button', { name: `@${handle}` }).click();
  await isLive(page);
  return page;
}

export const isLive = (page) => page.getByRole('status').filter({ hasText: 'Live' }).waitFor();

/** Open the conversation of this uuid, as a bookmark would. */
export async function open(page, group) {
  await page.evaluate((hash) => { location.hash = hash; }, group);
  await page.getByRole('textbox', { name: /^Message to/ }).waitFor();
}

export async function write(page, text) {
  const box = page.getByRole('textbox', { name: /^Message to/ });
  await box.fill(text);
  await box.press('Enter');
}

const messages = (page) => page.getByRole('region', { name: 'Messages' }).locator('article');

/** The messages in the window, stored or not, in their order: those with this mark. */
export async function texts(page, mark) {
  const all = await messages(page).locator('p').allTextContents();
  return all.filter((text) => text.startsWith(mark));
}

/** How many messages are not stored yet. */
export const waiting = (page) => messages(page).locator('footer', { hasText: /Sending|Not sent/ }).count();

/** Press every "Try again" there is. */
export async function tryAgain(page) {
  for (const button of await messages(page).getByRole('button', { name: 'Try again' }).all()) {
    await button.click({ timeout: 1000 }).catch(() => {}); // it may have gone by then
  }
}

/** Look again and again, until it is so; fail with what was seen last. */
export async function until(isSo, what, seconds = 40) {
  for (let left = seconds * 10; left > 0; left -= 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`in vain: ${await what()}`);
}

/** Wait until all windows show these many messages with the mark, all stored; tell what they show. */
export async function settled(pages, mark, count) {
  for (const page of pages) {
    await until(async () => {
      await tryAgain(page);
      return (await texts(page, mark)).length >= count && (await waiting(page)) === 0;
    }, async () => JSON.stringify(await texts(page, mark)));
  }
  say({ shown: await Promise.all(pages.map((page) => texts(page, mark))) });
}

/** A window that is tall enough to show all that a test writes. */
export const TALL = { viewport: { width: 1280, height: 4000 } };
export const { group, mark } = todo;
