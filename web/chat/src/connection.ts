// The WebSocket that updates come over: comes back by itself, and tells how it stands.
import { type Client, createClient } from "graphql-ws";
import type { Session } from "./session";

export type Status = "connecting" | "live" | "waiting" | "ended";

const PING_EVERY = 10_000; // milliseconds
const PONG_WITHIN = 5_000;
const LONGEST_WAIT = 8_000;
const TOKEN_REFUSED = 4403; // docs/errors.md has all close codes

export class Connection {
  readonly socket: Client;
  #status: Status = "connecting";
  #listeners = new Set<() => void>();
  #wake = () => {};
  #leave = new AbortController();

  constructor(session: Session) {
    let refused = false;
    let isFresh = false;
    let pong: ReturnType<typeof setTimeout> | undefined;
    this.socket = createClient({
      url: new URL("/graphql", location.href.replace(/^http/, "ws")).href,
      // A function, so that it comes back with another token. Without any the server closes with
      // 4403, after which there is another try.
      connectionParams: async () => {
        const token = await session.token(refused).catch(() => null);
        isFresh = refused;
        refused = false;
        return token ? { Authorization: `Bearer ${token}` } : {};
      },
      retryAttempts: Infinity,
      shouldRetry: () => true,
      retryWait: (retries) => this.#wait(retries),
      keepAlive: PING_EVERY,
      on: {
        connecting: () => this.#tell("connecting"),
        connected: () => this.#tell("live"),
        closed: (event) => {
          refused = (event as CloseEvent).code === TOKEN_REFUSED;
          clearTimeout(pong);
          // Whom a fresh token does not help has to sign in again.
          this.#tell(refused && isFresh ? "ended" : "waiting");
        },
        // A network that swallows everything closes nothing: who does not answer is gone.
        ping: (received) => {
          if (!received) pong = setTimeout(() => this.socket.terminate(), PONG_WITHIN);
        },
        pong: (received) => {
          if (received) clearTimeout(pong);
        },
      },
    });
    const { signal } = this.#leave;
    addEventListener("online", () => this.#wake(), { signal });
    addEventListener("offline", () => this.socket.terminate(), { signal });
  }

  // For useSyncExternalStore.
  readonly status = (): Status => this.#status;
  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#leave.abort();
    // Between two tries it rejects: there is nothing to close.
    Promise.resolve(this.socket.dispose()).catch(() => {});
  }

  /** Longer each time, and never the same: a restarted server is not to be met by all at once. */
  #wait(retries: number): Promise<void> {
    const longest = Math.min(LONGEST_WAIT, 500 * 2 ** retries);
    return new Promise((resolve) => {
      this.#wake = resolve; // the network is back
      setTimeout(resolve, longest * (0.5 + Math.random() / 2));
    });
  }

  #tell(status: Status): void {
    this.#status = status;
    for (const listener of this.#listeners) listener();
  }
}
