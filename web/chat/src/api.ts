// The way to the API: queries and mutations by urql over HTTP, updates by graphql-ws.
import {
  type AnyVariables,
  Client,
  type CombinedError,
  fetchExchange,
  type TypedDocumentNode,
} from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { retryExchange } from "@urql/exchange-retry";
import { Connection } from "./connection";
import { type Session, UNREACHABLE } from "./session";

const PATIENCE = 15_000; // milliseconds: longer than the server takes for anything

export type Api = { client: Client; connection: Connection; close: () => void };

export async function connect(session: Session): Promise<Api> {
  let token = await session.token();
  const closed = new AbortController();
  const client = new Client({
    url: new URL("/graphql", location.href).href,
    preferGetMethod: false,
    requestPolicy: "network-only", // what is shown is kept in the hooks, and kept fresh by updates
    // A network that swallows everything is as good as none.
    fetch: (input, init) => {
      const signals = [closed.signal, AbortSignal.timeout(PATIENCE)];
      if (init?.signal) signals.push(init.signal);
      return fetch(input, { ...init, signal: AbortSignal.any(signals) });
    },
    exchanges: [
      authExchange(async (utils) => ({
        addAuthToOperation: (operation) =>
          utils.appendHeaders(operation, { Authorization: `Bearer ${token}` }),
        didAuthError: (error) => error.response?.status === 401,
        refreshAuth: async () => {
          token = await session.token(true).catch(() => token);
        },
      })),
      // Repeats mutations, too: safe, as each message has its clientMessageUuid (see useOutbox.ts).
      retryExchange({
        retryIf: (error) => mayGoAway(error),
        maxNumberAttempts: 6,
        initialDelayMs: 500,
        maxDelayMs: 8_000,
        randomDelay: true,
      }),
      fetchExchange,
    ],
  });
  const connection = new Connection(session);
  // Whoever signs in next has another client. This one is to send nothing more in anybody's name.
  function close(): void {
    closed.abort();
    connection.close();
  }
  return { client, connection, close };
}

/** The data of a query; rejects with what went wrong, in words for people. */
export async function ask<Data, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, error } = await client.query(document, variables).toPromise();
  if (!data) throw new Error(error ? words(error) : "No answer came.", { cause: error });
  return data;
}

/** No answer, or one that says that another try may get a better one (docs/errors.md). */
export function mayGoAway(error: CombinedError): boolean {
  return (
    error.networkError !== undefined ||
    error.graphQLErrors.some(({ extensions }) => extensions.retryable === true)
  );
}

/** What went wrong, for people. */
export function words(error: CombinedError): string {
  return error.networkError
    ? UNREACHABLE
    : error.graphQLErrors.map(({ message }) => message).join(" ");
}
