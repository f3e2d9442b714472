import {
  type KeyboardEvent,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import type { Api } from "./api";
import { ConnectionIndicator } from "./ConnectionIndicator";
import { ConversationList } from "./ConversationList";
import { ConversationView } from "./ConversationView";
import { ConversationDocument, type MeQuery } from "./generated/graphql";
import type { Conversation } from "./merge";
import { NewConversation } from "./NewConversation";
import { useInbox } from "./useInbox";
import { useOutbox } from "./useOutbox";

type Props = { api: Api; me: MeQuery["me"]; onSignOut: () => void };

/** The list and the open conversation; on a phone one of them. The address says which is open. */
export function Chat({ api, me, onSignOut }: Props) {
  const inbox = useInbox(api);
  const [beginning, setBeginning] = useState(false);
  const groupUuid = useSyncExternalStore(listenToAddress, () => location.hash.slice(1));
  const conversation = inbox.conversations.find((each) => each.groupUuid === groupUuid);
  const known = useRef(inbox.conversations);
  known.current = inbox.conversations;

  const drafts = useRef(new Map<string, string>()); // by conversation: what was typed, and not sent
  const box = useRef<HTMLTextAreaElement>(null); // where one types

  const newestIn = useCallback(
    (uuid: string) =>
      known.current.find((each) => each.groupUuid === uuid)?.lastMessage.createdAt ?? "",
    [],
  );
  const outbox = useOutbox(api.client, newestIn, inbox.add);

  // An address may name a conversation that is further down than the list was read.
  const missing = groupUuid !== "" && conversation === undefined && !inbox.loading;
  const { add } = inbox;
  useEffect(() => {
    if (!missing) return;
    void (async () => {
      const { data, error } = await api.client
        .query(ConversationDocument, { groupUuid })
        .toPromise();
      if (data?.conversation) add(data.conversation);
      else if (!error?.networkError) location.hash = "";
    })();
  }, [api, add, groupUuid, missing]);

  // What is on its way is in this tab's memory only.
  const isUnsent = outbox.outgoing.some(({ state }) => state !== "stored");
  useEffect(() => {
    if (!isUnsent) return;
    const askFirst = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", askFirst);
    return () => removeEventListener("beforeunload", askFirst);
  }, [isUnsent]);

  function signOut(): void {
    if (!isUnsent || confirm("There are messages that were not sent. Forget them?")) onSignOut();
  }

  function begun(started: Conversation): void {
    add(started);
    location.hash = started.groupUuid;
    box.current?.focus(); // if it was open already; else it is focused as it opens
  }

  return (
    <div className="chat" data-open={conversation !== undefined}>
      <header>
        <h1>Cruddur Messages</h1>
        <ConnectionIndicator connection={api.connection} />
        <span className="me">
          <bdi title={me.displayName}>{me.displayName}</bdi>
        </span>
        <button type="button" onClick={signOut}>
          Sign out
        </button>
      </header>
      <main>
        <nav aria-label="Conversations">
          <button type="button" className="begin" onClick={() => setBeginning(true)}>
            New conversation
          </button>
          <ConversationList inbox={inbox} me={me} open={groupUuid} />
        </nav>
        <div className="pane" onKeyDown={closeByEscape}>
          {conversation ? (
            <ConversationView
              key={groupUuid}
              api={api}
              me={me}
              conversation={conversation}
              outbox={outbox}
              drafts={drafts.current}
              box={box}
            />
          ) : (
            <p className="nothing">Choose a conversation, or begin a new one.</p>
          )}
        </div>
      </main>
      {beginning && (
        <NewConversation api={api} onBegun={begun} onClose={() => setBeginning(false)} />
      )}
    </div>
  );
}

function closeByEscape({ key, nativeEvent }: KeyboardEvent): void {
  if (key === "Escape" && !nativeEvent.isComposing) location.hash = "";
}

function listenToAddress(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}
