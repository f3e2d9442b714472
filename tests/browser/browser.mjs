// The browser that the other scripts share, until Python needs it no more.
import { say, serve, told } from './watched.mjs';

const server = await serve();
say({ endpoint: server.wsEndpoint() });
await told();
await server.close();
