import { memo } from "react";
import type { Message } from "./merge";
import { fullTimeOf, timeOf } from "./times";

type Props = { message: Message; mine: boolean };

/** React makes text of it, whatever it holds; `dir=auto` lets the text say which way it runs. */
export const MessageItem = memo(({ message, mine }: Props) => (
  <article className="message" data-mine={mine}>
    <p dir="auto">{message.message}</p>
    <footer>
      <bdi className="unseen">{mine ? "You" : message.sender.displayName}</bdi>{" "}
      <time dateTime={message.createdAt} title={fullTimeOf(message.createdAt)}>
        {timeOf(message.createdAt)}
      </time>
    </footer>
  </article>
));
