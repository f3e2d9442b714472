// Who is signed in, and the access token that goes with every request.

export const UNREACHABLE = "The server could not be reached.";

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
  return read("/sign-in/settings");
}

export async function seededPeople(): Promise<Person[]> {
  return read("/development/people");
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
    return (await read<{ accessToken: string }>(path, { method: "POST" })).accessToken;
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

/** Rejects in words for people. */
async function read<Value>(path: string, init?: RequestInit): Promise<Value> {
  const answer = await fetch(path, init).catch(() => null);
  if (!answer) throw new Error(UNREACHABLE);
  if (!answer.ok) throw new Error(`The server is in trouble: ${path} answers ${answer.status}.`);
  return answer.json();
}
