import { useMemo } from "react";
import { type Api, ask } from "./api";
import { MessagesDocument } from "./generated/graphql";
import { type Message, mergeMessages } from "./merge";
import { type Source, useLiveList } from "./useLiveList";

/** One conversation's messages, the oldest that was read first. */
export function useMessages({ client, connection }: Api, groupUuid: string) {
  const source = useMemo<Source<Message>>(
    () => ({
      groupUuid,
      read: async (after) => (await ask(client, MessagesDocument, { groupUuid, after })).messages,
      itemOf: ({ message }) => message,
      merge: mergeMessages,
    }),
    [client, groupUuid],
  );
  const { items, ...list } = useLiveList(connection, source);
  return { messages: items, ...list };
}
