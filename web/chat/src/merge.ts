import type { ConversationPartsFragment, MessagePartsFragment } from "./generated/graphql";

export type Message = MessagePartsFragment;
export type Conversation = ConversationPartsFragment;

/** All messages of both, each once, oldest first. Times sort as texts. */
export function mergeMessages(known: readonly Message[], added: readonly Message[]): Message[] {
  const all = new Map([...known, ...added].map((message) => [message.uuid, message]));
  return [...all.values()].sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
}

/** All conversations of both, each in its newest state, newest first. */
export function mergeConversations(
  known: readonly Conversation[],
  added: readonly Conversation[],
): Conversation[] {
  const all = new Map<string, Conversation>();
  for (const each of [...known, ...added]) {
    const other = all.get(each.groupUuid);
    if (!other || other.lastMessage.createdAt <= each.lastMessage.createdAt)
      all.set(each.groupUuid, each);
  }
  return [...all.values()].sort((one, other) =>
    one.lastMessage.createdAt > other.lastMessage.createdAt ? -1 : 1,
  );
}
