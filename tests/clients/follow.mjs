// Follows a subscription with graphql-ws; prints what happens, a line of JSON each.
// usage: node follow.mjs '{"urls": […], "tokens": […], "query": "…", "variables": {…}}'
// Each connection takes the next url and token, the last ones again and again; each resumes from
// the cursor of the last event.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { urls, tokens, query, variables } = JSON.parse(process.argv[2]);
const say = (line) => console.log(JSON.stringify(line));
const payload = { query, variables };
let connections = 0;
const turn = (list) => list[Math.min(connections, list.length) - 1];

const client = createClient({
  url: () => {
    connections += 1;
    return turn(urls);
  },
  connectionParams: () => ({ Authorization: `Bearer ${turn(tokens)}` }),
  webSocketImpl: WebSocket,
  retryAttempts: 20,
  retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
  on: {
    connected: () => say({ connected: turn(urls) }),
    closed: (event) => say({ closed: event.code }),
  },
});

client.subscribe(payload, {
  next: (result) => {
    // The library sends the payload anew when it comes back: so it can tell where from.
    const event = result.data?.messageGroupUpdated;
    if (event) payload.variables = { ...payload.variables, since: event.cursor };
    say({ next: result });
  },
  error: (error) => say({ error: Array.isArray(error) ? error : { code: error.code } }),
  complete: () => say({ complete: true }),
});
