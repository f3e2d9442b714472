// What was typed and is not stored yet. Each message has a uuid of its own from the beginning:
// however often it is sent under it, it is stored once, and the first result comes back.
import type { Client } from "@urql/core";
import { useCallback, useRef, useState } from "react";
import { words } from "./api";
import { SendDocument, type SendMessageInput } from "./generated/graphql";
import type { Conversation, Message } from "./merge";

export type Outgoing = {
  clientMessageUuid: string;
  groupUuid: string;
  text: string;
  state: "sending" | "failed" | "stored";
  after: string; // the newest message of the conversation when it was sent
  failure?: string;
  retryAt?: number; // when the server takes messages again, in milliseconds
  stored?: Message;
};

export type Sent =
  | { message: Message; conversation: Conversation }
  | { failure: string; retryAfterSeconds?: number };

/** Sends once, or again: `input` has its clientMessageUuid. Never rejects. */
export async function send(client: Client, input: SendMessageInput): Promise<Sent> {
  const { data, error } = await client.mutation(SendDocument, { input }).toPromise();
  if (!data) return { failure: error ? words(error) : "No answer came." };
  const result = data.sendMessage;
  if (result.__typename === "SendMessageSuccess") return result;
  return {
    failure: result.detail,
    ...(result.__typename === "RateLimited" && { retryAfterSeconds: result.retryAfterSeconds }),
  };
}

/** `newestIn` tells when the newest known message of a conversation was sent. */
export function useOutbox(
  client: Client,
  newestIn: (groupUuid: string) => string,
  onStored: (conversation: Conversation) => void,
) {
  const [outgoing, setOutgoing] = useState<Outgoing[]>([]);
  // One at a time in each conversation: they are stored in the order in which they were typed.
  const turns = useRef(new Map<string, Promise<void>>());

  const update = useCallback((clientMessageUuid: string, by: Partial<Outgoing>) => {
    setOutgoing((all) =>
      all.map((each) => (each.clientMessageUuid === clientMessageUuid ? { ...each, ...by } : each)),
    );
  }, []);

  function enqueue({ clientMessageUuid, groupUuid, text }: Outgoing): void {
    const turn = (turns.current.get(groupUuid) ?? Promise.resolve()).then(async () => {
      update(clientMessageUuid, { after: newestIn(groupUuid) });
      const sent = await send(client, { groupUuid, message: text, clientMessageUuid });
      if ("message" in sent) {
        onStored(sent.conversation);
        update(clientMessageUuid, { state: "stored", stored: sent.message });
      } else {
        const { failure, retryAfterSeconds: seconds } = sent;
        update(
          clientMessageUuid,
          seconds === undefined
            ? { state: "failed", failure }
            : {
                state: "failed",
                failure: "Too many messages in a minute.",
                retryAt: Date.now() + seconds * 1000,
              },
        );
      }
    });
    turns.current.set(groupUuid, turn);
  }

  return {
    outgoing,
    send(groupUuid: string, text: string): void {
      const clientMessageUuid = crypto.randomUUID();
      const one: Outgoing = {
        clientMessageUuid,
        groupUuid,
        text,
        state: "sending",
        after: newestIn(groupUuid),
      };
      setOutgoing((all) => [...all, one]);
      enqueue(one);
    },
    /** The same message under the same uuid: if it was stored after all, that is the answer. */
    retry(one: Outgoing): void {
      update(one.clientMessageUuid, { state: "sending", failure: undefined, retryAt: undefined });
      enqueue(one);
    },
    discard({ clientMessageUuid }: Outgoing): void {
      setOutgoing((all) => all.filter((each) => each.clientMessageUuid !== clientMessageUuid));
    },
  };
}
