// What people do in GraphiQL.
import { watchedWindow } from './watched.mjs';

/** A window at GraphiQL, with its editors ready. */
export async function graphiql(browser, complaints, options = {}) {
  const page = await watchedWindow(browser, complaints, options);
  await page.goto('/graphql');
  await page.getByRole('region', { name: 'Operation Editor' }).locator('.view-line').first().waitFor();
  return page;
}

export const menu = (page) => page.getByLabel('Signed in as');

/** Wait until this person is signed in. */
export const isSignedIn = (page, handle) => menu(page).locator(`option[value="${handle}"]:checked`).waitFor({ state: 'attached' });

export async function signIn(page, handle) {
  await menu(page).selectOption(handle);
  await isSignedIn(page, handle);
}

/** The buttons of the tabs: which shows an operation, and "Close …" for each. */
export const tabs = (page) => page.getByRole('list', { name: 'Select active operation' }).getByRole('button');

export const tab = (page, operation) => tabs(page).and(page.getByRole('button', { name: operation, exact: true }));

/** Show the tab of this operation, and run it. */
export async function run(page, operation) {
  await tab(page, operation).click();
  // GraphiQL reads its editor a moment later, and stores what it has read: before, it would run
  // what is there under the name of the last tab's operation.
  await page.waitForFunction((name) => localStorage.getItem('graphiql:query')?.includes(name), operation);
  await page.getByRole('button', { name: /^Execute query/ }).click();
}

/** Wait until the answer contains this text; return what is to be seen of it. */
export async function answer(page, text) {
  const result = page.getByRole('region', { name: 'Result Window' });
  await result.getByText(text).first().waitFor();
  return (await result.innerText()).replaceAll('\u00a0', ' '); // as the editor shows spaces
}
