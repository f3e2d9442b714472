import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import type { Api } from "./api";
import { LONGEST } from "./Composer";
import type { Conversation } from "./merge";
import { send } from "./useOutbox";

type Props = {
  api: Api;
  onBegun: (conversation: Conversation) => void;
  onClose: () => void;
};

/** A handle and a first message: the one mutation finds the conversation, or begins it. */
export function NewConversation({ api, onBegun, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  // Kept for as long as the same is tried again: what was stored after all is not stored twice.
  const attempt = useRef({ what: "", clientMessageUuid: "" });

  useEffect(() => dialog.current?.showModal(), []);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const recipientHandle = String(form.get("handle")).trim().replace(/^@/, "");
    const message = String(form.get("message"));
    const what = JSON.stringify([recipientHandle, message]);
    if (attempt.current.what !== what)
      attempt.current = { what, clientMessageUuid: crypto.randomUUID() };
    const { clientMessageUuid } = attempt.current;
    setBusy(true);
    setFailure("");
    const sent = await send(api.client, { recipientHandle, message, clientMessageUuid });
    setBusy(false);
    if ("failure" in sent) return setFailure(sent.failure);
    dialog.current?.close();
    onBegun(sent.conversation);
  }

  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={title}>New conversation</h2>
        <label>
          To (handle)
          <input name="handle" required autoCapitalize="none" autoComplete="off" spellCheck={false} />
        </label>
        <label>
          Message
          <textarea name="message" required dir="auto" rows={3} maxLength={LONGEST * 2} />
        </label>
        <p role="alert">{failure}</p>
        <button type="submit" disabled={busy}>
          Send
        </button>{" "}
        <button type="button" onClick={() => dialog.current?.close()}>
          Cancel
        </button>
      </form>
    </dialog>
  );
}
