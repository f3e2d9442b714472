import { type FormEvent, type KeyboardEvent, type RefObject, useId, useState } from "react";

export const LONGEST = 1024; // code points, as the API counts

type Props = {
  to: string;
  draft: string; // what was typed here before
  box: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
  onSend: (text: string) => void;
};

export function Composer({ to, draft, box, onChange, onSend }: Props) {
  const [text, setText] = useState(draft);
  const hint = useId();
  const left = LONGEST - [...text].length;
  const ready = text.trim() !== "" && left >= 0;

  function change(to: string): void {
    setText(to);
    onChange(to);
  }

  function submit(event: FormEvent | KeyboardEvent): void {
    event.preventDefault();
    if (!ready) return;
    onSend(text);
    change("");
    box.current?.focus();
  }

  return (
    <form className="composer" onSubmit={submit}>
      <textarea
        ref={box}
        aria-label={`Message to ${to}`}
        aria-describedby={hint}
        placeholder="Message"
        dir="auto"
        rows={2}
        value={text}
        onChange={(event) => change(event.target.value)}
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
