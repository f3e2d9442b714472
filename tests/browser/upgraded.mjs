// Gives the build of GraphiQL another GraphiQL than the one that it mends; tells what it says.
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { say } from './watched.mjs';

const folder = fileURLToPath(new URL('../../web/graphiql/', import.meta.url));
const vite = await import(pathToFileURL(createRequire(folder).resolve('vite')));
const { config } = await vite.loadConfigFromFile({ command: 'build', mode: 'production' }, `${folder}vite.config.ts`, folder);
const mended = config.plugins.flat().find(({ name }) => name === 'mended-graphiql');

const complaints = [];
const build = { error(complaint) { complaints.push(complaint); throw new Error(complaint); } };
function attempt(step) {
  try { step(); } catch (error) { if (!complaints.includes(error.message)) throw error; }
}
attempt(() => mended.transform.call(build, 'export const another = 1;', '/node_modules/graphiql/dist/GraphiQL.js'));
attempt(() => mended.buildEnd.call(build));
say({ complaints });
