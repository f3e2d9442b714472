import { useEffect, useState } from "react";
import type { Outgoing } from "./useOutbox";

type Props = { outgoing: Outgoing; onRetry: () => void; onDiscard: () => void };

/** A message that is on its way, or that did not get there. */
export function OutgoingItem({ outgoing, onRetry, onDiscard }: Props) {
  const seconds = useSecondsUntil(outgoing.retryAt);
  return (
    <article className="message" data-mine data-state={outgoing.state}>
      <p dir="auto">{outgoing.text}</p>
      {outgoing.state === "sending" ? (
        <footer>Sending …</footer>
      ) : (
        <footer>
          <span role="alert">Not sent. {outgoing.failure}</span>{" "}
          {seconds > 0 ? (
            <span>Try again in {seconds} s.</span>
          ) : (
            <button type="button" onClick={onRetry}>
              Try again
            </button>
          )}{" "}
          <button type="button" onClick={onDiscard}>
            Discard
          </button>
        </footer>
      )}
    </article>
  );
}

/** Counts down to `moment`, in whole seconds. */
function useSecondsUntil(moment: number | undefined): number {
  const [now, setNow] = useState(Date.now);
  const seconds = moment === undefined ? 0 : Math.max(0, Math.ceil((moment - now) / 1000));
  const waiting = seconds > 0;
  useEffect(() => {
    if (!waiting) return;
    const clock = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(clock);
  }, [waiting]);
  return seconds;
}
