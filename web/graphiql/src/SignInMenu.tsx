import { useGraphiQL } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import { headersOf, type Person } from "./people";

type Props = { people: Person[]; signedIn: string; headers: string };

/** Chooses a person, and keeps their token in the headers editor, whichever tab is shown. */
export function SignInMenu({ people, signedIn, headers: firstHeaders }: Props) {
  const editor = useGraphiQL((state) => state.headerEditor);
  const tab = useGraphiQL((state) => state.activeTabIndex);
  const [headers, setHeaders] = useState(firstHeaders);
  // Headers that somebody typed are theirs: only what came from here is replaced.
  const ours = useRef(new Set(["", firstHeaders]));

  useEffect(() => {
    ours.current.add(headers);
    if (editor && ours.current.has(editor.getValue())) editor.setValue(headers);
  }, [editor, tab, headers]);

  async function signIn(handle: string) {
    const chosen = await headersOf(handle);
    editor?.setValue(chosen);
    setHeaders(chosen);
  }

  return (
    <select
      aria-label="Signed in as"
      title="Signed in as"
      className="sign-in"
      defaultValue={signedIn}
      onChange={(event) => void signIn(event.target.value)}
    >
      {people.map(({ handle, displayName }) => (
        <option key={handle} value={handle}>
          {displayName} ({handle})
        </option>
      ))}
    </select>
  );
}
