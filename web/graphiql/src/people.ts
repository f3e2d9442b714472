// The seeded people, and their access tokens: the server gives them away in development only.

export type Person = { handle: string; displayName: string };

export async function seededPeople(): Promise<Person[]> {
  const answer = await fetch("/development/people");
  return answer.ok ? await answer.json() : [];
}

/** What the headers editor holds for this person; empty if nobody can sign in. */
export async function headersOf(handle: string): Promise<string> {
  const answer = await fetch(`/development/sign-in/${encodeURIComponent(handle)}`, {
    method: "POST",
  });
  if (!answer.ok) return "";
  const { accessToken } = await answer.json();
  return JSON.stringify({ Authorization: `Bearer ${accessToken}` }, null, 2);
}
