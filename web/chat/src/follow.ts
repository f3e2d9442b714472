// Following updates without a gap: each subscription begins where the last one ended.
import { print } from "graphql";
import type { Client } from "graphql-ws";
import { UpdatesDocument, type UpdatesSubscription } from "./generated/graphql";

export type Update = UpdatesSubscription["messageGroupUpdated"];

const PAUSE = 2_000; // milliseconds

/**
 * Calls `hear` for everything behind the cursor `since`, of any age, then for what happens.
 * Returns what ends it. `fail` hears why it ended for good.
 */
export function follow(
  socket: Client,
  where: { groupUuid?: string; since: string },
  hear: (update: Update) => void,
  fail: (why: string) => void,
): () => void {
  // graphql-ws comes back by itself and sends this very object again, so the newest cursor has to
  // be in it: that is all that resuming takes.
  const payload = { query: print(UpdatesDocument), variables: { ...where } };
  let unsubscribe = () => {};
  let again: ReturnType<typeof setTimeout> | undefined;

  function subscribe(): void {
    unsubscribe = socket.subscribe<UpdatesSubscription>(payload, {
      next({ data }) {
        if (!data) return;
        payload.variables.since = data.messageGroupUpdated.cursor;
        hear(data.messageGroupUpdated);
      },
      // One subscription has ended, the socket may go on: a store was away, say.
      error(why) {
        if (isTemporary(why)) again = setTimeout(subscribe, PAUSE);
        else fail("Updates have stopped. Load the page again.");
      },
      complete() {},
    });
  }

  subscribe();
  return () => {
    clearTimeout(again);
    unsubscribe();
  };
}

function isTemporary(why: unknown): boolean {
  return Array.isArray(why) && why.some(({ extensions }) => extensions?.retryable === true);
}
