import { useMemo } from "react";
import { type Api, ask } from "./api";
import { ConversationsDocument } from "./generated/graphql";
import { type Conversation, mergeConversations } from "./merge";
import { type Source, useLiveList } from "./useLiveList";

/** All of one's conversations, the newest first. */
export function useInbox({ client, connection }: Api) {
  const source = useMemo<Source<Conversation>>(
    () => ({
      read: async (after) => (await ask(client, ConversationsDocument, { after })).conversations,
      itemOf: ({ conversation }) => conversation,
      merge: mergeConversations,
    }),
    [client],
  );
  const { items, ...list } = useLiveList(connection, source);
  return { conversations: items, ...list };
}
