// One of two people is without a network for a while; both write meanwhile.
import { group, isLive, mark, open, settled, signedIn, TALL, write } from './chat.mjs';
import { launch, say, todo } from './watched.mjs';

const browser = await launch();
const complaints = [];
const londo = await signedIn(browser, complaints, 'londo', TALL);
const tobias = await signedIn(browser, complaints, 'tobias.wren', TALL);
for (const page of [londo, tobias]) await open(page, group);

tobias.mayBeCutOff = true;
await tobias.context().setOffline(true);
const back = new Promise((resolve) => setTimeout(resolve, todo.seconds * 1000));
await tobias.getByRole('status').filter({ hasText: 'No connection' }).waitFor();
for (const number of [0, 1, 2]) await write(londo, `${mark}live ${number}`);
await write(tobias, `${mark}without a network`);
await back;
await tobias.context().setOffline(false);
await isLive(tobias);
await settled([londo, tobias], mark, 4);
say({ complaints });
await browser.close();
