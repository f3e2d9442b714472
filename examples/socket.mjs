// A socket of graphql-ws whose subscriptions go on where they were, without a gap or a double.
import { createClient } from 'graphql-ws';
import WebSocket from 'ws'; // browsers, and Node from 22 on, have one: leave out this line there

/** Connect to `url` (http or https, as for queries); `getToken` is asked for each connection. */
export function openSocket(url, getToken) {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    // A function, so that the client comes back with a fresh token after the old one has expired.
    connectionParams: async () => ({ Authorization: `Bearer ${await getToken()}` }),
    retryAttempts: Infinity, // the pause grows by itself
    webSocketImpl: WebSocket,
  });
  return { ...client, subscribe: (payload, sink) => subscribe(client, payload, sink) };
}

function subscribe(client, { variables, ...rest }, sink) {
  // When the connection breaks, the library connects anew and sends this object again: so the
  // newest cursor is kept in it.
  const payload = { ...rest, variables: { ...variables } };
  let stop, pause;
  const start = () => {
    stop = client.subscribe(payload, {
      next(result) {
        const news = result.data?.messageGroupUpdated;
        if (news) payload.variables.since = news.cursor;
        sink.next(result);
      },
      error(reason) {
        // The connection is there, but a store behind the server was not: that passes.
        if (isRetryable(reason)) pause = setTimeout(start, 1000);
        else sink.error(reason);
      },
      complete: () => sink.complete(),
    });
  };
  start();
  return () => {
    clearTimeout(pause);
    stop();
  };
}

/** Whether these errors of GraphQL may go away when the same is asked again. */
export function isRetryable(errors) {
  return Array.isArray(errors) && errors.some((error) => error.extensions?.retryable);
}
