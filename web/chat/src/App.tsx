import { useEffect, useState } from "react";
import { type Api, ask, connect } from "./api";
import { Chat } from "./Chat";
import { Failure } from "./Failure";
import { MeDocument, type MeQuery } from "./generated/graphql";
import { SignIn } from "./SignIn";
import { readSettings, resumeSession, type Session, type Settings } from "./session";

type Open = { session: Session; api: Api; me: MeQuery["me"] };

export function App() {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [open, setOpen] = useState<Open | null>(null);
  const [failure, setFailure] = useState("");

  async function enter(session: Session): Promise<void> {
    const api = await connect(session);
    try {
      const { me } = await ask(api.client, MeDocument, {});
      setFailure("");
      setOpen({ session, api, me });
    } catch (error) {
      api.close();
      throw error;
    }
  }

  async function leave({ session, api }: Open): Promise<void> {
    api.close();
    location.hash = "";
    setOpen(null);
    await session.signOut();
  }

  useEffect(() => {
    async function begin(): Promise<void> {
      const settings = await readSettings();
      const session = await resumeSession(settings);
      if (session) await enter(session).catch((error: Error) => setFailure(error.message));
      setSettings(settings);
    }
    begin().catch((error: Error) => setFailure(error.message));
  }, []);

  if (open) return <Chat api={open.api} me={open.me} onSignOut={() => void leave(open)} />;
  if (settings) return <SignIn settings={settings} failure={failure} onSignIn={enter} />;
  return (
    <main className="alone">
      <h1>Cruddur Messages</h1>
      {failure ? (
        <Failure why={failure} again={() => location.reload()} />
      ) : (
        <p role="status">One moment …</p>
      )}
    </main>
  );
}
