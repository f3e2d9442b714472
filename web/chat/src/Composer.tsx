import { type FormEvent, type KeyboardEvent, useId, useState } from "react";

export const LONGEST = 1024; // code points, as the API counts

type Props = { to: string; onSend: (text: string) => void };

export function Composer({ to, onSend }: Props) {
  const [text, setText] = useState("");
  const hint = useId();
  const left = LONGEST - [...text].length;
  const ready = text.trim() !== "" && left >= 0;

  function submit(event: FormEvent | KeyboardEvent): void {
    event.preventDefault();
    if (!ready) return;
    onSend(text);
    setText("");
  }

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        aria-label={`Message to ${to}`}
        aria-describedby={hint}
        placeholder="Message"
        dir="auto"
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // Enter also ends a word that is being composed, in Japanese, say.
          const composing = event.nativeEvent.isComposing;
          if (event.key === "Enter" && !event.shiftKey && !composing) submit(event);
        }}
      />
      <button type="submit" disabled={!ready}>
        Send
      </button>
      <small id={hint} data-over={left < 0}>
        {left < 0
          ? `${-left} characters too many`
          : left <= 100
            ? `${left} characters left`
            : "Enter sends, Shift and Enter begin a new line"}
      </small>
    </form>
  );
}
