// A list that is read page by page, the newest first, and kept fresh by updates.
import { useCallback, useEffect, useReducer } from "react";
import type { Connection } from "./connection";
import { follow, type Update } from "./follow";

type Page<Item> = {
  nodes: Item[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  syncCursor: string;
};

/** What the list is of: the same object for as long as the list is shown. */
export type Source<Item> = {
  groupUuid?: string; // whose updates; all of them without
  read: (after: string | null) => Promise<Page<Item>>;
  itemOf: (update: Update) => Item;
  merge: (known: readonly Item[], added: readonly Item[]) => Item[];
};

type State<Item> = {
  items: Item[];
  further: number; // how many of them came with further pages
  heard: Item[]; // the last few that came as updates
  cursor: string | null; // of the oldest that was read
  hasMore: boolean;
  loading: boolean;
  failure: { why: string; again: () => void } | null;
};

const EMPTY = {
  items: [],
  further: 0,
  heard: [],
  cursor: null,
  hasMore: false,
  loading: true,
  failure: null,
};

const HEARD = 5;

export function useLiveList<Item>(connection: Connection, source: Source<Item>) {
  const [state, change] = useReducer(
    (now: State<Item>, next: (now: State<Item>) => Partial<State<Item>>) => ({
      ...now,
      ...next(now),
    }),
    EMPTY,
  );

  /** Reads one page; if that fails, `again` is what may be tried. */
  const read = useCallback(
    async (after: string | null, again: () => void): Promise<Page<Item> | null> => {
      change(() => ({ loading: true, failure: null }));
      try {
        const page = await source.read(after);
        change((now) => {
          const items = source.merge(now.items, page.nodes);
          return {
            items,
            further: now.further + (after === null ? 0 : items.length - now.items.length),
            cursor: page.pageInfo.endCursor ?? after,
            hasMore: page.pageInfo.hasNextPage,
            loading: false,
          };
        });
        return page;
      } catch (error) {
        change(() => ({ loading: false, failure: { why: (error as Error).message, again } }));
        return null;
      }
    },
    [source],
  );

  const add = useCallback(
    (item: Item) => change(({ items }) => ({ items: source.merge(items, [item]) })),
    [source],
  );

  useEffect(() => {
    let unfollow = () => {};
    let left = false;

    async function begin(): Promise<void> {
      const page = await read(null, () => void begin());
      if (!page || left) return;
      // From the answer's own cursor on: what was sent in between comes as an update.
      unfollow = follow(
        connection.socket,
        { groupUuid: source.groupUuid, since: page.syncCursor },
        (update) => {
          const item = source.itemOf(update);
          add(item);
          change(({ heard }) => ({ heard: [...heard.slice(1 - HEARD), item] }));
        },
        (why) => change(() => ({ failure: { why, again: () => location.reload() } })),
      );
    }

    void begin();
    return () => {
      left = true;
      unfollow();
    };
  }, [add, connection, read, source]);

  function readBehind(cursor: string): void {
    void read(cursor, () => readBehind(cursor));
  }
  const { cursor, hasMore, loading } = state;
  const more = () => {
    if (hasMore && !loading && cursor) readBehind(cursor);
  };
  return { ...state, add, more };
}
