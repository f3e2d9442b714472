// One person with two tabs, a keyboard, and half-written messages.
import { group, mark, open, settled, signedIn, write } from './chat.mjs';
import { barriers, launch, say, todo } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await signedIn(browser, complaints, 'londo');
const box = page.getByRole('textbox', { name: /^Message to/ });
const focused = () => page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent);

// Drafts stay with their conversations.
const drafts = [];
for (const [hash, more] of [[group, 'here'], [todo.other, 'there'], [group, ''], [todo.other, '']]) {
  await open(page, hash);
  await page.getByRole('link').and(page.locator(`[href="#${hash}"][aria-current=page]`)).waitFor();
  await box.pressSequentially(more);
  drafts.push(await box.inputValue());
}
await open(page, group);
await box.fill(`${mark}${await box.inputValue()}`);
await page.getByRole('button', { name: 'Send' }).click();
drafts.push(await box.inputValue());
say({ drafts });

// The keyboard goes on where one would go on.
const focus = [await focused()];
await page.keyboard.press('Escape');
await box.waitFor({ state: 'detached' });
focus.push(await focused());
await page.keyboard.press('Enter');
await box.waitFor();
focus.push(await focused());
say({ focus });

// Whom one cannot write to, and what.
const begin = page.getByRole('button', { name: 'New conversation' });
const dialog = page.getByRole('dialog');
await begin.click();
const refusals = [];
for (const [handle, text] of [['nobody-at-all', 'Hello?'], ['@londo', 'Hello, me!'], ['tobias.wren', '   ']]) {
  await dialog.getByLabel('To').fill(handle);
  await dialog.getByLabel('Message').fill(text);
  const before = await dialog.getByRole('alert').textContent();
  await dialog.getByRole('button', { name: 'Send' }).click();
  await dialog.getByRole('alert').filter({ hasText: /./, hasNotText: before || '(none)' }).waitFor();
  refusals.push(await dialog.getByRole('alert').textContent());
}
const found = [];
for (const colorScheme of ['light', 'dark']) {
  await page.emulateMedia({ colorScheme });
  found.push(...(await barriers(page)));
}
await page.keyboard.press('Escape');
await dialog.waitFor({ state: 'detached' });
say({ refusals, found, focus: await focused() });

// What one tab sends, and what a new conversation begins with, the other shows.
const second = await signedIn(browser, complaints, 'londo');
await open(second, group);
await begin.click();
await dialog.getByLabel('To').fill('@tobias.wren');
await dialog.getByLabel('Message').fill(`${mark}by handle`);
await dialog.getByRole('button', { name: 'Send' }).click();
await dialog.waitFor({ state: 'detached' });
say({ focus: await focused() });
await write(second, `${mark}from the second tab`);
await settled([page, second], mark, 3);
say({ complaints });
await browser.close();
