// Two people write on and on while the server process is killed behind them.
import { group, mark, open, settled, signedIn, TALL, write } from './chat.mjs';
import { launch, say, told, todo } from './watched.mjs';

const browser = await launch();
const complaints = [];
const people = [];
for (const handle of ['londo', 'tobias.wren']) {
  const page = await signedIn(browser, complaints, handle, TALL);
  await open(page, group);
  page.mayBeCutOff = true;
  people.push(page);
}
for (let number = 0; number < todo.each; number += 1) {
  if (number === Math.floor(todo.each / 2)) say({ kill: true });
  for (const [who, page] of people.entries()) await write(page, `${mark}${who}-${number}`);
  await people[0].waitForTimeout(150);
}
await told();
await settled(people, mark, 2 * todo.each);
say({ complaints });
await browser.close();
