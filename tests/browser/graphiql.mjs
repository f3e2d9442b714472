// Runs the README's query, subscription and mutation in GraphiQL, in a window for each.
import { launch, say, told, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];

/** GraphiQL with this person signed in. */
async function graphiql(handle) {
  const page = await watchedWindow(browser, complaints);
  await page.goto('/graphql', { waitUntil: 'load' });
  const menu = page.getByLabel('Signed in as');
  if ((await menu.inputValue()) !== handle) {
    const answered = page.waitForResponse((answer) => answer.url().endsWith(`/sign-in/${handle}`));
    await menu.selectOption(handle);
    await (await answered).finished();
    await page.waitForTimeout(500); // until the headers editor holds the token, which it hides
  }
  return page;
}

/** Show the tab of this operation, and run it. */
async function run(page, operation) {
  await page.getByRole('tab', { name: operation }).click();
  await page.waitForTimeout(1000); // until the headers are those of the person again
  await page.getByRole('button', { name: /^Execute query/ }).click();
}

/** Wait until the answer contains this text; return what is to be seen of it. */
async function answer(page, text) {
  const result = page.locator('.result-window');
  await result.getByText(text).first().waitFor();
  return (await result.innerText()).replaceAll('\u00a0', ' '); // as the editor shows spaces
}

const andrew = await graphiql('andrewbrown');
await run(andrew, 'History');
say({ query: await answer(andrew, 'hasNextPage') });

const bayko = await graphiql('bayko');
await run(bayko, 'Inbox');
const londo = await graphiql('londo'); // not Andrew: what the README shows of his is to stay so
await run(londo, 'Send');
say({ mutation: await answer(londo, 'groupUuid') });
say({ subscription: await answer(bayko, 'messageGroupUpdated') });
await told();

say({ complaints });
await browser.close();
