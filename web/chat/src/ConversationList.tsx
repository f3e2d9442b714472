import { useEffect, useRef } from "react";
import { Virtuoso } from "react-virtuoso";
import { Avatar } from "./Avatar";
import { Failure } from "./Failure";
import type { MeQuery } from "./generated/graphql";
import type { Conversation } from "./merge";
import { fullTimeOf, shortTimeOf } from "./times";
import type { useInbox } from "./useInbox";

type Props = {
  inbox: ReturnType<typeof useInbox>;
  me: MeQuery["me"];
  open: string;
};

export function ConversationList({ inbox, me, open }: Props) {
  const { conversations, loading, failure } = inbox;
  return (
    <>
      {failure && <Failure {...failure} />}
      {!loading && !failure && conversations.length === 0 && (
        <p className="nothing">No conversations yet.</p>
      )}
      <Virtuoso
        className="list"
        data={conversations}
        computeItemKey={(_, { groupUuid }) => groupUuid}
        endReached={inbox.more}
        itemContent={(_, each) => (
          <Item conversation={each} mine={each.lastMessage.sender.uuid === me.uuid} open={open} />
        )}
      />
    </>
  );
}

type ItemProps = { conversation: Conversation; mine: boolean; open: string };

function Item({ conversation, mine, open }: ItemProps) {
  const { groupUuid, otherUser, lastMessage } = conversation;
  const link = useRef<HTMLAnchorElement>(null);
  const isOpen = groupUuid === open;
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    // Whoever has closed a conversation goes on from its place in the list.
    if (wasOpen.current && open === "") link.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen, open]);
  return (
    <a ref={link} href={`#${groupUuid}`} aria-current={isOpen ? "page" : undefined}>
      <Avatar user={otherUser} />
      <bdi className="name">{otherUser.displayName}</bdi>
      <time dateTime={lastMessage.createdAt} title={fullTimeOf(lastMessage.createdAt)}>
        {shortTimeOf(lastMessage.createdAt)}
      </time>
      <span className="last">
        <bdi>{mine ? "You" : lastMessage.sender.displayName}</bdi>:{" "}
        <bdi>{lastMessage.message}</bdi>
      </span>
    </a>
  );
}
