import { Virtuoso } from "react-virtuoso";
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
      {failure && (
        <p role="alert" className="failure">
          {failure}{" "}
          <button type="button" onClick={inbox.retry}>
            Try again
          </button>
        </p>
      )}
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
  return (
    <a href={`#${groupUuid}`} aria-current={groupUuid === open ? "page" : undefined}>
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
