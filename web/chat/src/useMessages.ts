// One conversation's messages: the newest page first, older ones as one scrolls up, new ones live.
import { useCallback, useEffect, useReducer, useRef } from "react";
import { type Api, words } from "./api";
import { follow } from "./follow";
import { MessagesDocument } from "./generated/graphql";
import { type Message, mergeMessages } from "./merge";

type State = {
  messages: Message[]; // oldest first
  older: number; // how many were put before the first page
  cursor: string | null; // of the oldest
  hasOlder: boolean;
  loading: boolean;
  failure: string | null;
  heard: Message[]; // that came while one was looking, for who cannot see them
};

type Change =
  | { kind: "loading" }
  | { kind: "failed"; failure: string }
  | { kind: "page"; messages: Message[]; cursor: string | null; hasOlder: boolean; first: boolean }
  | { kind: "heard"; message: Message };

const EMPTY: State = {
  messages: [],
  older: 0,
  cursor: null,
  hasOlder: false,
  loading: true,
  failure: null,
  heard: [],
};

function reduce(now: State, change: Change): State {
  switch (change.kind) {
    case "loading":
      return { ...now, loading: true, failure: null };
    case "failed":
      return { ...now, loading: false, failure: change.failure };
    case "page": {
      const { cursor, hasOlder, first } = change;
      const messages = mergeMessages(now.messages, change.messages);
      const added = first ? 0 : messages.length - now.messages.length;
      return { ...now, messages, older: now.older + added, cursor, hasOlder, loading: false };
    }
    case "heard":
      return {
        ...now,
        messages: mergeMessages(now.messages, [change.message]),
        heard: [...now.heard.slice(-4), change.message],
      };
  }
}

export function useMessages({ client, connection }: Api, groupUuid: string) {
  const [state, change] = useReducer(reduce, EMPTY);

  /** Reads one page; returns where updates have to begin so that none is missed. */
  const read = useCallback(
    async (after: string | null): Promise<string | null> => {
      change({ kind: "loading" });
      const { data, error } = await client
        .query(MessagesDocument, { groupUuid, after })
        .toPromise();
      if (!data) {
        change({ kind: "failed", failure: error ? words(error) : "Nothing came." });
        return null;
      }
      const { nodes, pageInfo, syncCursor } = data.messages;
      change({
        kind: "page",
        messages: nodes,
        cursor: pageInfo.endCursor ?? after,
        hasOlder: pageInfo.hasNextPage,
        first: after === null,
      });
      return syncCursor;
    },
    [client, groupUuid],
  );

  const stop = useRef(() => {});
  const start = useCallback(async () => {
    const ended = { yet: false };
    stop.current = () => {
      ended.yet = true;
    };
    const since = await read(null);
    if (since === null || ended.yet) return;
    // Behind the answer's own cursor: what was sent in between comes as an update.
    stop.current = follow(
      connection.socket,
      { groupUuid, since },
      ({ message }) => change({ kind: "heard", message }),
      (failure) => change({ kind: "failed", failure }),
    );
  }, [connection, groupUuid, read]);

  useEffect(() => {
    void start();
    return () => stop.current();
  }, [start]);

  return {
    ...state,
    olderPage: () => void (state.hasOlder && !state.loading && state.cursor && read(state.cursor)),
    retry: () => void (state.cursor ? read(state.cursor) : start()),
  };
}
