// Looks at a page that has every flaw that the other scripts look for.
import { barriers, launch, overflow, say, todo, watchedWindow } from './watched.mjs';

const browser = await launch();
const complaints = [];
const page = await watchedWindow(browser, complaints);
await page.goto(todo.path);
await page.waitForTimeout(300);
say({ complaints, barriers: await barriers(page), overflow: await overflow(page) });
await browser.close();
