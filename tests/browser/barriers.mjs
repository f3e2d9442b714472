// Looks for barriers in GraphiQL and its dialogs, by day and night.
import { answer, graphiql, run } from './graphiql.mjs';
import { barriers, launch, say } from './watched.mjs';

// GraphiQL's own, which no style or attribute from outside mends:
// https://github.com/graphql/graphiql/issues/3422 asks for accessibility at large.
const KNOWN = {
  'nested-interactive': '.graphiql-tab', // its name and its cross are buttons within the tab
  'label-content-name-mismatch': '.graphiql-history-item-label', // the button is called "Set active"
};

const browser = await launch();
const complaints = [];
for (const colorScheme of ['light', 'dark']) {
  const found = [];
  const page = await graphiql(browser, complaints, { colorScheme });
  const look = async (where) => {
    for (const barrier of await barriers(page, KNOWN)) found.push(`${where}: ${barrier}`);
  };
  const press = (name) => page.getByRole('button', { name }).click();
  await run(page, 'History');
  await answer(page, 'hasNextPage');
  await look('an answer');
  await press('Show Documentation Explorer');
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await look('the documentation');
  await press('Show History');
  await page.getByRole('region', { name: 'History' }).waitFor();
  await look('the history');
  for (const dialog of ['short keys', 'settings']) {
    await press(`Open ${dialog} dialog`);
    await page.getByRole('dialog').waitFor();
    await look(dialog);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  say({ [colorScheme]: found });
}
say({ complaints });
await browser.close();
