// Looks for barriers in GraphiQL and its dialogs, by day and night, and goes through its tabs by keyboard.
import { answer, graphiql, run, tab } from './graphiql.mjs';
import { barriers, launch, say } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await graphiql(browser, complaints);

async function look(where) {
  const found = [];
  for (const [colorScheme, theme] of [['dark', 'vs-dark'], ['light', 'vs']]) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`.monaco-editor.${theme}`).first().waitFor();
    for (const barrier of await barriers(page)) found.push(`${colorScheme}: ${barrier}`);
  }
  say({ [where]: found });
}
const press = (name) => page.getByRole('button', { name }).click();
await run(page, 'History');
await answer(page, 'hasNextPage');
await press('Show Documentation Explorer');
await page.getByRole('link', { name: 'Query', exact: true }).click();
await look('documentation');
await press('Show History');
await page.getByRole('region', { name: 'History' }).getByRole('button', { name: 'History', exact: true }).waitFor();
await look('history');
for (const dialog of ['short keys', 'settings']) {
  await press(`Open ${dialog} dialog`);
  await page.getByRole('dialog').waitFor();
  await look(dialog);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

// An operation is shown, and closed: one goes on from what is shown instead.
const hasFocus = (button, which = '') => tab(page, button).and(page.locator(`:focus${which}`)).waitFor();
await tab(page, 'Inbox').focus();
await page.keyboard.press('Enter');
await hasFocus('Inbox', '[aria-current=true]');
await page.keyboard.press('Tab');
await hasFocus('Close Inbox');
await page.keyboard.press('Enter');
await hasFocus('History', '[aria-current=true]');
await tab(page, 'Inbox').waitFor({ state: 'detached' });
say({ complaints });
await browser.close();
