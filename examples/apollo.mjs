// Writes to somebody, shows the conversation, and follows it, with Apollo Client.
// usage: TOKEN=… node apollo.mjs HANDLE TEXT      Ctrl-C ends it
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache, ServerError } from '@apollo/client/core';
import { RetryLink } from '@apollo/client/link/retry';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { map } from 'rxjs';
import { HISTORY, NEWS, SEND } from './documents.mjs';
import { isRetryable, openSocket } from './socket.mjs';

const [handle, text] = process.argv.slice(2);
const { TOKEN, GRAPHQL_URL = 'http://127.0.0.1:4000/graphql' } = process.env;
const show = ({ sender, message }) => console.log(`${sender.handle}: ${message}`);

// RetryLink looks at errors of the network only: this makes one of what may pass by itself.
const failWhereRetryable = new ApolloLink((operation, forward) =>
  forward(operation).pipe(map((result) => {
    if (isRetryable(result.errors)) throw new CombinedGraphQLErrors(result);
    return result;
  })),
);
const http = ApolloLink.from([
  new RetryLink({ attempts: { max: 5, retryIf: (error) => !ServerError.is(error) || error.statusCode >= 500 } }),
  failWhereRetryable,
  new HttpLink({ uri: GRAPHQL_URL, headers: { Authorization: `Bearer ${TOKEN}` } }),
]);
const socket = new GraphQLWsLink(openSocket(GRAPHQL_URL, () => TOKEN));

const client = new ApolloClient({
  link: ApolloLink.split(({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION, socket, http),
  cache: new InMemoryCache({
    // What identifies things here is not called `id`.
    typePolicies: {
      Conversation: { keyFields: ['groupUuid'] },
      Message: { keyFields: ['uuid'] },
      User: { keyFields: ['uuid'] },
    },
    possibleTypes: {
      UserError: ['ConflictingRetry', 'GroupNotFound', 'MessageBlank', 'MessageTooLong', 'RateLimited', 'RecipientIsYourself', 'RecipientUnknown'],
    },
  }),
});

// Sending. The uuid makes it safe to repeat: however often it arrives, the message is stored once.
const input = { recipientHandle: handle, message: text, clientMessageUuid: crypto.randomUUID() };
const { data: { sendMessage: sent } } = await client.mutate({ mutation: gql(SEND), variables: { input } });
if (sent.code) throw new Error(`${sent.code}: ${sent.detail}`);
const { groupUuid } = sent.conversation;

// Paging, from the newest page to the oldest. (In React, `relayStylePagination(['groupUuid'])` from
// '@apollo/client/utilities' as the policy of `Query.messages`, and `fetchMore`, do the same.)
const pages = [];
for (let after = null, more = true; more; ) {
  const { data: { messages } } = await client.query({ query: gql(HISTORY), variables: { groupUuid, after } });
  pages.push(messages);
  after = messages.pageInfo.endCursor;
  more = messages.pageInfo.hasNextPage;
}
pages.flatMap((page) => page.edges).reverse().forEach((edge) => show(edge.node));

// Following, from where the newest page was read.
client.subscribe({ query: gql(NEWS), variables: { groupUuid, since: pages[0].syncCursor } }).subscribe({
  next({ data, error }) {
    if (error) throw error;
    show(data.messageGroupUpdated.message);
  },
});
