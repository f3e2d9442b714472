// The list of conversations: read once, a page at a time, then kept fresh by updates.
import { useCallback, useEffect, useReducer, useRef } from "react";
import { type Api, words } from "./api";
import { follow } from "./follow";
import { ConversationsDocument } from "./generated/graphql";
import { type Conversation, mergeConversations } from "./merge";

type State = {
  conversations: Conversation[];
  cursor: string | null; // of the oldest that was read
  hasMore: boolean;
  loading: boolean;
  failure: string | null;
};

const EMPTY: State = {
  conversations: [],
  cursor: null,
  hasMore: true,
  loading: true,
  failure: null,
};

export function useInbox({ client, connection }: Api) {
  const [state, change] = useReducer(
    (now: State, by: Partial<State>): State => ({
      ...now,
      ...by,
      conversations: mergeConversations(now.conversations, by.conversations ?? []),
    }),
    EMPTY,
  );

  /** Reads one page; returns where updates have to begin so that none is missed. */
  const read = useCallback(
    async (after: string | null): Promise<string | null> => {
      change({ loading: true, failure: null });
      const { data, error } = await client.query(ConversationsDocument, { after }).toPromise();
      if (!data) {
        change({ loading: false, failure: error ? words(error) : null });
        return null;
      }
      const { nodes, pageInfo, syncCursor } = data.conversations;
      change({
        conversations: nodes,
        cursor: pageInfo.endCursor ?? after,
        hasMore: pageInfo.hasNextPage,
        loading: false,
      });
      return syncCursor;
    },
    [client],
  );

  const arrive = useCallback((conversation: Conversation) => {
    change({ conversations: [conversation] });
  }, []);

  const stop = useRef(() => {});
  const start = useCallback(async () => {
    const ended = { yet: false };
    stop.current = () => {
      ended.yet = true;
    };
    const since = await read(null);
    if (since === null || ended.yet) return;
    stop.current = follow(
      connection.socket,
      { since },
      ({ conversation }) => arrive(conversation),
      (failure) => change({ failure }),
    );
  }, [arrive, connection, read]);

  useEffect(() => {
    void start();
    return () => stop.current();
  }, [start]);

  return {
    ...state,
    arrive,
    more: () => void (state.hasMore && !state.loading && state.cursor && read(state.cursor)),
    retry: () => void (state.cursor ? read(state.cursor) : start()),
  };
}
