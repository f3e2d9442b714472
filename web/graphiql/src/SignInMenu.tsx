import { type MonacoEditor, useGraphiQL } from "@graphiql/react";
import { useEffect, useRef, useState } from "react";
import { headersWith, type Person, tokenOf } from "./people";

type Props = { people: Person[]; first: { handle: string; token: string } };

/** Chooses a person, and keeps their token in the headers editor, whichever tab is shown. */
export function SignInMenu({ people, first }: Props) {
  const editor = useGraphiQL((state) => state.headerEditor);
  const [signedIn, setSignedIn] = useState(first.handle);
  const tokens = useRef([first.token]); // all that were given, the newest last

  useEffect(() => {
    if (!editor) return;
    renew(editor, tokens.current);
    // GraphiQL keeps headers by tab, and puts them into the editor again as it shows another tab,
    // with the token of whoever was signed in then. So they are renewed in the very moment that
    // they are put there: an operation that is run next has the token of whom the menu shows.
    const listening = editor.onDidChangeModelContent(() => renew(editor, tokens.current));
    return () => listening.dispose();
  }, [editor]);

  async function signIn(handle: string) {
    const token = await tokenOf(handle);
    if (token === null) return;
    tokens.current.push(token);
    editor?.setValue(headersWith(token));
    setSignedIn(handle); // not before: until here operations have the token of who was signed in
  }

  return (
    <select
      aria-label="Signed in as"
      title="Signed in as"
      className="sign-in"
      value={signedIn}
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

/** Puts the newest token where an earlier one is. Whatever else somebody typed is theirs. */
function renew(editor: MonacoEditor, tokens: string[]) {
  const text = editor.getValue();
  const newest = tokens.at(-1) ?? "";
  const renewed = tokens.reduce((text, token) => text.replace(token, newest), text);
  if (renewed !== text) editor.setValue(renewed);
}
