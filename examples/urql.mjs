// Writes to somebody, shows the conversation, and follows it, with urql.
// usage: TOKEN=… node urql.mjs HANDLE TEXT      Ctrl-C ends it
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { retryExchange } from '@urql/exchange-retry';
import { HISTORY, NEWS, SEND } from './documents.mjs';
import { isRetryable, openSocket } from './socket.mjs';

const [handle, text] = process.argv.slice(2);
const { TOKEN, GRAPHQL_URL = 'http://127.0.0.1:4000/graphql' } = process.env;
const show = ({ sender, message }) => console.log(`${sender.handle}: ${message}`);

const socket = openSocket(GRAPHQL_URL, () => TOKEN);
const client = new Client({
  url: GRAPHQL_URL,
  preferGetMethod: false, // the server takes no queries by GET in production
  fetchOptions: () => ({ headers: { Authorization: `Bearer ${TOKEN}` } }),
  exchanges: [
    cacheExchange,
    retryExchange({
      maxNumberAttempts: 5,
      retryIf: (error) => Boolean(error.networkError) || isRetryable(error.graphQLErrors),
    }),
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query, variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

/** The data of a result; an error where there is none. */
async function data(source) {
  const result = await source.toPromise();
  if (result.error) throw result.error;
  return result.data;
}

// Sending. The uuid makes it safe to repeat: however often it arrives, the message is stored once.
const input = { recipientHandle: handle, message: text, clientMessageUuid: crypto.randomUUID() };
const { sendMessage: sent } = await data(client.mutation(SEND, { input }));
if (sent.code) throw new Error(`${sent.code}: ${sent.detail}`);
const { groupUuid } = sent.conversation;

// Paging, from the newest page to the oldest.
const pages = [];
for (let after = null, more = true; more; ) {
  const { messages } = await data(client.query(HISTORY, { groupUuid, after }));
  pages.push(messages);
  after = messages.pageInfo.endCursor;
  more = messages.pageInfo.hasNextPage;
}
pages.flatMap((page) => page.edges).reverse().forEach((edge) => show(edge.node));

// Following, from where the newest page was read.
client.subscription(NEWS, { groupUuid, since: pages[0].syncCursor }).subscribe((result) => {
  if (result.error) throw result.error;
  show(result.data.messageGroupUpdated.message);
});
