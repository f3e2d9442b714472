import { useSyncExternalStore } from "react";
import type { Connection } from "./connection";

const WORDS = {
  connecting: "Connecting …",
  live: "Live",
  waiting: "No connection, trying again …",
  ended: "Your session has ended: sign out, and in again.",
};

/** How the socket stands; what was sent meanwhile comes with it. */
export function ConnectionIndicator({ connection }: { connection: Connection }) {
  const status = useSyncExternalStore(connection.listen, connection.status);
  return (
    <span role="status" className="connection" data-status={status}>
      {WORDS[status]}
    </span>
  );
}
