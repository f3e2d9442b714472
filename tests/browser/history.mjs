// Scrolls a long history up to its beginning; tells what was to be seen, and how smoothly.
import { group, open, signedIn } from './chat.mjs';
import { launch, say, todo } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await signedIn(browser, complaints, 'londo', { viewport: { width: 1280, height: 2000 } });
await open(page, group);
await page.locator('article').first().waitFor();
const toTheNewest = page.getByRole('button', { name: 'To the newest' });
await page.waitForTimeout(300); // the list has come to rest
say({ atEnd: (await toTheNewest.count()) === 0 });

/** Scroll up, a window's height at a time, until the message of this number is to be seen. */
async function scrollTo(goal) {
  const list = document.querySelector('[role=region][aria-label=Messages]');
  // Each text ends with its number in the history.
  const numbers = () => [...list.querySelectorAll('article p')].map((text) => Number(text.textContent.split(' ').at(-1)));
  const drawn = () => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); });
  const longTasks = [];
  const clock = new PerformanceObserver((tasks) => longTasks.push(...tasks.getEntries().map((task) => task.duration)));
  clock.observe({ type: 'longtask' });
  let wake = () => {};
  const changes = new MutationObserver(() => wake());
  changes.observe(list, { childList: true, subtree: true });

  const began = performance.now();
  const seen = new Set();
  const disorder = []; // what was shown, where it was not one after the other
  let elements = 0; // at most at a time
  for (;;) {
    const shown = numbers();
    for (const number of shown) seen.add(number);
    if (shown.some((number, place) => number !== shown[0] + place)) disorder.push(shown);
    elements = Math.max(elements, list.querySelectorAll('*').length);
    if (shown[0] <= goal) break;
    const nextPage = new Promise((resolve) => { wake = resolve; });
    const wasAtTop = list.scrollTop === 0;
    list.scrollBy(0, -list.clientHeight);
    await (wasAtTop ? nextPage : drawn());
  }
  changes.disconnect();
  clock.disconnect();
  return { seen: [...seen], disorder, elements, longTasks, milliseconds: performance.now() - began };
}

// In the page itself, where nothing but the page's own work takes time.
for (const goal of todo.goals) say({ scrolled: await page.evaluate(scrollTo, goal) });
await toTheNewest.click();
await page.locator('article p', { hasText: new RegExp(` ${todo.count}$`) }).waitFor();
await toTheNewest.waitFor({ state: 'detached' });
say({ complaints });
await browser.close();
