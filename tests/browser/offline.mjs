// One of two people is without a network for a while; both write meanwhile.
import { group, isLive, mark, open, settled, signedIn, TALL, write } from './chat.mjs';
import { launch, say, todo } from './watched.mjs';

const browser = await launch();
const complaints = [];
const andrew = await signedIn(browser, complaints, 'andrewbrown', TALL);
const bayko = await signedIn(browser, complaints, 'bayko', TALL);
for (const page of [andrew, bayko]) await open(page, group);

bayko.mayBeCutOff = true;
await bayko.context().setOffline(true);
const back = new Promise((resolve) => setTimeout(resolve, todo.seconds * 1000));
await bayko.getByRole('status').filter({ hasText: 'No connection' }).waitFor();
for (const number of [0, 1, 2]) await write(andrew, `${mark}live ${number}`);
await write(bayko, `${mark}without a network`);
await back;
await bayko.context().setOffline(false);
await isLive(bayko);
await settled([andrew, bayko], mark, 4);
say({ complaints });
await browser.close();
