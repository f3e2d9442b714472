// The seeded people, and their access tokens: the server gives them away in development only.

export type Person = { handle: string; displayName: string };

export async function seededPeople(): Promise<Person[]> {
  const answer = await fetch("/development/people");
  return answer.ok ? await answer.json() : [];
}

/** An access token of this person; null if nobody can sign in. */
export async function tokenOf(handle: string): Promise<string | null> {
  const answer = await fetch(`/development/sign-in/${encodeURIComponent(handle)}`, {
    method: "POST",
  });
  return answer.ok ? (await answer.json()).accessToken : null;
}

/** What the headers editor holds for whoever has this token. */
export function headersWith(token: string): string {
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
}
