// Writes to somebody, shows the conversation, and follows it: graphql-ws for everything.
// usage: TOKEN=… node graphql-ws.mjs HANDLE TEXT      Ctrl-C ends it
import { HISTORY, NEWS, SEND } from './documents.mjs';
import { isRetryable, openSocket } from './socket.mjs';

const [handle, text] = process.argv.slice(2);
const { TOKEN, GRAPHQL_URL = 'http://127.0.0.1:4000/graphql' } = process.env;
const show = ({ sender, message }) => console.log(`${sender.handle}: ${message}`);

const socket = openSocket(GRAPHQL_URL, () => TOKEN);

/** Ask for one result, again and again where that can help. */
async function ask(query, variables) {
  for (;;) {
    const result = await new Promise((resolve, reject) => {
      socket.subscribe({ query, variables }, { next: resolve, error: reject, complete() {} });
    });
    if (!result.errors) return result.data;
    if (!isRetryable(result.errors)) throw new Error(result.errors[0].message);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

// Sending. The uuid makes it safe to repeat: however often it arrives, the message is stored once.
const input = { recipientHandle: handle, message: text, clientMessageUuid: crypto.randomUUID() };
const { sendMessage: sent } = await ask(SEND, { input });
if (sent.code) throw new Error(`${sent.code}: ${sent.detail}`);
const { groupUuid } = sent.conversation;

// Paging, from the newest page to the oldest.
const pages = [];
for (let after = null, more = true; more; ) {
  const { messages } = await ask(HISTORY, { groupUuid, after });
  pages.push(messages);
  after = messages.pageInfo.endCursor;
  more = messages.pageInfo.hasNextPage;
}
pages.flatMap((page) => page.edges).reverse().forEach((edge) => show(edge.node));

// Following, from where the newest page was read.
socket.subscribe({ query: NEWS, variables: { groupUuid, since: pages[0].syncCursor } }, {
  next: ({ data }) => show(data.messageGroupUpdated.message),
  error: (reason) => { throw reason; },
  complete() {},
});
