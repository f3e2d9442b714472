// Who is signed in, and the access token that goes with every request.

export type Settings = {
  seeded: boolean; // in development: people to choose from, without a password
  endpoint: string | null; // of Cognito, where it is not AWS's own
  userPoolId: string;
  clientId: string;
};

export type Person = { handle: string; displayName: string };

export interface Session {
  /** An access token; a `fresh` one where the server has refused the last. Rejects if there is none. */
  token(fresh?: boolean): Promise<string>;
  signOut(): Promise<void>;
}

export async function readSettings(): Promise<Settings> {
  return json(await fetch("/sign-in/settings"));
}

export async function seededPeople(): Promise<Person[]> {
  return json(await fetch("/development/people"));
}

const REMEMBERED = "handle"; // in sessionStorage: each tab may be somebody else

/** The session that this tab had before it was loaded again, if any. */
export async function resumeSession(settings: Settings): Promise<Session | null> {
  if (!settings.seeded) return (await import("./cognito")).resume(settings);
  const handle = sessionStorage.getItem(REMEMBERED);
  return handle ? signInAsSeeded(handle) : null;
}

export function signInAsSeeded(handle: string): Session {
  sessionStorage.setItem(REMEMBERED, handle);
  let token: Promise<string> | null = null;

  async function ask(): Promise<string> {
    const path = `/development/sign-in/${encodeURIComponent(handle)}`;
    return (await json<{ accessToken: string }>(await fetch(path, { method: "POST" }))).accessToken;
  }

  return {
    token(fresh = false) {
      if (fresh) token = null;
      token ??= ask().catch((error: unknown) => {
        token = null; // ask again the next time
        throw error;
      });
      return token;
    },
    async signOut() {
      sessionStorage.removeItem(REMEMBERED);
    },
  };
}

async function json<Value>(answer: Response): Promise<Value> {
  if (!answer.ok) throw new Error(`${answer.url} answers ${answer.status}`);
  return answer.json();
}
