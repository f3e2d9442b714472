// The way to the API: queries and mutations by urql over HTTP, updates by graphql-ws.
import { Client, type CombinedError, fetchExchange } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { retryExchange } from "@urql/exchange-retry";
import { Connection } from "./connection";
import type { Session } from "./session";

const PATIENCE = 15_000; // milliseconds: longer than the server takes for anything

export type Api = { client: Client; connection: Connection };

export async function connect(session: Session): Promise<Api> {
  let token = await session.token();
  const client = new Client({
    url: new URL("/graphql", location.href).href,
    preferGetMethod: false,
    requestPolicy: "network-only", // what is shown is kept in the hooks, and kept fresh by updates
    // A network that swallows everything is as good as none.
    fetch: (input, init) => {
      const signals = [AbortSignal.timeout(PATIENCE), ...(init?.signal ? [init.signal] : [])];
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
      // Repeats mutations, too: safe, as each message has its clientMessageUuid (see outbox.ts).
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
  return { client, connection: new Connection(session) };
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
    ? "The server could not be reached."
    : error.graphQLErrors.map(({ message }) => message).join(" ");
}
