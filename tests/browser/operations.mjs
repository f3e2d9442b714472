// Runs the README's query, subscription and mutation in GraphiQL, in a window for each.
import { answer, graphiql, run, signIn } from './graphiql.mjs';
import { launch, say, told } from './watched.mjs';

const browser = await launch();
const complaints = [];

const andrew = await graphiql(browser, complaints); // who is signed in from the beginning
await run(andrew, 'History');
say({ query: await answer(andrew, 'hasNextPage') });

const bayko = await graphiql(browser, complaints);
await signIn(bayko, 'bayko');
await run(bayko, 'Inbox');
const londo = await graphiql(browser, complaints);
await signIn(londo, 'londo'); // not Andrew: what the README shows of his is to stay so
await run(londo, 'Send');
say({ mutation: await answer(londo, 'groupUuid') });
say({ subscription: await answer(bayko, 'messageGroupUpdated') });
await told();

say({ complaints });
await browser.close();
