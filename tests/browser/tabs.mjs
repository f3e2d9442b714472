// Chooses people in GraphiQL, and shows other tabs in all ways, as fast as that goes.
import { graphiql, isSignedIn, menu, run, signIn, tab } from './graphiql.mjs';
import { launch, say } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await graphiql(browser, complaints);
const handles = {}; // by the token that was given for it
page.on('response', async (response) => {
  const [, handle] = response.url().split('/sign-in/');
  if (handle) handles[(await response.json()).accessToken] = handle;
});
let sender;
await page.route('**/graphql', async (route) => {
  const token = route.request().headers().authorization.replace('Bearer ', '');
  sender = handles[token] ?? 'the first';
  await route.fulfill({ json: { data: { answered: true } } }); // nothing is stored
});

/** Run this operation; tell whom the menu shows, and whose token goes with it. */
async function sent(operation) {
  const answered = page.waitForResponse('**/graphql');
  await run(page, operation);
  await answered;
  return { shown: await menu(page).inputValue(), sender };
}

async function close(operation) {
  await tab(page, operation).hover(); // its cross is there then only
  await tab(page, `Close ${operation}`).click();
}

let release;
const held = new Promise((resolve) => { release = resolve; });
await page.route('**/sign-in/bayko', async (route) => { await held; await route.continue(); });
await menu(page).selectOption('bayko');
say({ meanwhile: await sent('History') }); // the token is still on its way
release();
await isSignedIn(page, 'bayko');
say({ afterwards: await sent('Send') });
await signIn(page, 'londo');
say({ back: await sent('History') });
await close('Inbox');
await signIn(page, 'mirela');
await close('History'); // Send takes its place
say({ closed: await sent('Send') });
say({ complaints });
await browser.close();
