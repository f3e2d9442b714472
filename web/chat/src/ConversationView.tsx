import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import type { Api } from "./api";
import { Avatar } from "./Avatar";
import { Composer } from "./Composer";
import { Failure } from "./Failure";
import type { MeQuery } from "./generated/graphql";
import { MessageItem } from "./MessageItem";
import { type Conversation, type Message, mergeMessages } from "./merge";
import { OutgoingItem } from "./OutgoingItem";
import { dayOf } from "./times";
import { useMessages } from "./useMessages";
import type { Outgoing, useOutbox } from "./useOutbox";

type Props = {
  api: Api;
  me: MeQuery["me"];
  conversation: Conversation;
  outbox: ReturnType<typeof useOutbox>;
  drafts: Map<string, string>;
  box: RefObject<HTMLTextAreaElement | null>; // where one types
};

type Row = { key: string; day?: string; message?: Message; outgoing?: Outgoing };

const FIRST = 1_000_000; // Virtuoso counts down from here as older messages are put before
const NEAR = 40; // pixels: whoever is so near the end is there, as heights may be fractions

export function ConversationView({ api, me, conversation, outbox, drafts, box }: Props) {
  const { groupUuid, otherUser } = conversation;
  const history = useMessages(api, groupUuid);
  const list = useRef<VirtuosoHandle>(null);
  const [atEnd, setAtEnd] = useState(true);
  const heading = useRef<HTMLHeadingElement>(null);
  // One goes on to type; but on a phone that would cover half of the window with its keyboard.
  const [canType] = useState(() => matchMedia("(pointer: fine)").matches);
  const goOn = () => (canType ? box : heading).current?.focus({ preventScroll: true });
  useEffect(() => goOn(), []);
  useEffect(() => {
    const { title } = document;
    document.title = `${otherUser.displayName} · ${title}`;
    return () => {
      document.title = title;
    };
  }, [otherUser.displayName]);

  const { messages } = history;
  const { outgoing } = outbox;
  const rows = useMemo(
    () => rowsOf(messages, outgoing.filter((each) => each.groupUuid === groupUuid), me.uuid),
    [messages, outgoing, groupUuid, me.uuid],
  );
  const toEnd = () => list.current?.scrollToIndex({ index: "LAST", align: "end" });

  function send(text: string): void {
    outbox.send(groupUuid, text);
    requestAnimationFrame(toEnd);
  }

  return (
    <>
      <div className="with">
        <a href="#" className="back" aria-label="Back to the conversations">
          ←
        </a>
        <Avatar user={otherUser} />
        <h2 ref={heading} tabIndex={-1}>
          <bdi title={otherUser.displayName}>{otherUser.displayName}</bdi>{" "}
          <small>@{otherUser.handle}</small>
        </h2>
      </div>
      {history.failure && <Failure {...history.failure} />}
      {rows.length === 0 ? (
        <p className="nothing">{history.loading && "One moment …"}</p>
      ) : (
        <Virtuoso
          ref={list}
          className="messages"
          role="region"
          aria-label="Messages"
          data={rows}
          computeItemKey={(_, { key }) => key}
          firstItemIndex={FIRST - history.further}
          initialTopMostItemIndex={{ index: "LAST", align: "end" }}
          alignToBottom
          // Older messages are asked for before one gets to where they belong.
          increaseViewportBy={{ top: 2000, bottom: 600 }}
          startReached={history.more}
          atBottomThreshold={NEAR}
          followOutput={(wasAtEnd) => wasAtEnd && "auto"}
          atBottomStateChange={setAtEnd}
          itemContent={(_, { day, message, outgoing }) => (
            <>
              {day && <h3>{day}</h3>}
              {message && <MessageItem message={message} mine={message.sender.uuid === me.uuid} />}
              {outgoing && (
                <OutgoingItem
                  outgoing={outgoing}
                  onRetry={() => {
                    outbox.retry(outgoing);
                    goOn(); // the button that was pressed goes away
                  }}
                  onDiscard={() => {
                    outbox.discard(outgoing);
                    goOn();
                  }}
                />
              )}
            </>
          )}
        />
      )}
      {!atEnd && (
        <button type="button" className="to-end" onClick={toEnd}>
          To the newest ↓
        </button>
      )}
      {/* The list above holds what is in sight only: this is what a screen reader is told. */}
      <div role="log" aria-label="New messages" className="unseen">
        {history.heard
          .filter(({ sender }) => sender.uuid !== me.uuid)
          .map(({ uuid, sender, message }) => (
            <p key={uuid}>
              {sender.displayName}: {message}
            </p>
          ))}
      </div>
      <Composer
        to={otherUser.displayName}
        draft={drafts.get(groupUuid) ?? ""}
        box={box}
        onChange={(text) => drafts.set(groupUuid, text)}
        onSend={send}
      />
    </>
  );
}

/** Stored messages by day, and behind them what is on its way. */
function rowsOf(messages: Message[], mine: Outgoing[], me: string): Row[] {
  const stored = mergeMessages(
    messages,
    mine.flatMap((each) => each.stored ?? []),
  );
  const rows: Row[] = stored.map((message) => ({ key: message.uuid, message }));
  let day = "";
  for (const row of rows) {
    const its = dayOf(row.message!.createdAt);
    if (its !== day) row.day = day = its;
  }
  // An update may come before the answer to the send: then it is shown in its place.
  const arrived = ({ state, text, after }: Outgoing) =>
    state === "sending" &&
    stored.some(
      ({ sender, message, createdAt }) =>
        sender.uuid === me && message === text && createdAt > after,
    );
  for (const outgoing of mine)
    if (outgoing.state !== "stored" && !arrived(outgoing))
      rows.push({ key: outgoing.clientMessageUuid, outgoing });
  return rows;
}
