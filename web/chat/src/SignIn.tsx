import { type FormEvent, useEffect, useState } from "react";
import { Failure } from "./Failure";
import {
  type Person,
  type Session,
  type Settings,
  seededPeople,
  signInAsSeeded,
} from "./session";

type Props = {
  settings: Settings;
  failure: string;
  onSignIn: (session: Session) => Promise<void>;
};

export function SignIn({ settings, failure: earlier, onSignIn }: Props) {
  const [failure, setFailure] = useState(earlier);
  const [busy, setBusy] = useState(false);

  async function enter(session: Session | Promise<Session>): Promise<void> {
    setBusy(true);
    setFailure("");
    try {
      await onSignIn(await session);
    } catch (error) {
      setFailure((error as Error).message);
      setBusy(false);
    }
  }

  return (
    <main className="alone">
      <h1>Cruddur Messages</h1>
      {settings.seeded ? (
        <People busy={busy} onChoose={(handle) => void enter(signInAsSeeded(handle))} />
      ) : (
        <Password
          busy={busy}
          onSubmit={(name, password) =>
            void enter(import("./cognito").then(({ signIn }) => signIn(settings, name, password)))
          }
        />
      )}
      <p role="alert">{failure}</p>
    </main>
  );
}

function People({ busy, onChoose }: { busy: boolean; onChoose: (handle: string) => void }) {
  const [people, setPeople] = useState<Person[] | null>(null);
  const [failure, setFailure] = useState("");
  useEffect(() => {
    seededPeople().then(setPeople, (error: Error) => setFailure(error.message));
  }, []);
  if (failure) return <Failure why={failure} again={() => location.reload()} />;
  if (people?.length === 0) return <p>Nobody is there yet: bin/cognito/sign-up --help</p>;
  return (
    <>
      <h2>Who are you?</h2>
      <p>Development only: these people need no password. Each tab may be somebody else.</p>
      <ul className="people">
        {people?.map(({ handle, displayName }) => (
          <li key={handle}>
            <button type="button" disabled={busy} onClick={() => onChoose(handle)}>
              <bdi>{displayName}</bdi> <small>@{handle}</small>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

type PasswordProps = { busy: boolean; onSubmit: (name: string, password: string) => void };

function Password({ busy, onSubmit }: PasswordProps) {
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    onSubmit(String(form.get("username")), String(form.get("password")));
  }
  return (
    <form onSubmit={submit}>
      <label>
        Username or email
        <input name="username" autoComplete="username" autoCapitalize="none" required />
      </label>
      <label>
        Password
        <input name="password" type="password" autoComplete="current-password" required />
      </label>
      <button type="submit" disabled={busy}>
        Sign in
      </button>
    </form>
  );
}
