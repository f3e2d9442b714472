// Signing in to Cognito from the browser. By SRP: the password itself is never sent.
import { Amplify } from "aws-amplify";
import { fetchAuthSession, signIn as amplifySignIn, signOut } from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { sessionStorage } from "aws-amplify/utils";
import type { Session, Settings } from "./session";

function configure(settings: Settings): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: settings.userPoolId,
        userPoolClientId: settings.clientId,
        ...(settings.endpoint && { userPoolEndpoint: settings.endpoint }),
      },
    },
  });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(sessionStorage);
}

export async function resume(settings: Settings): Promise<Session | null> {
  configure(settings);
  return (await fetchAuthSession()).tokens ? session : null;
}

/** Rejects with Cognito's reason, which is for people. */
export async function signIn(
  settings: Settings,
  username: string,
  password: string,
): Promise<Session> {
  configure(settings);
  const { isSignedIn, nextStep } = await amplifySignIn({ username, password });
  if (!isSignedIn) throw new Error(`Cognito asks for more first: ${nextStep.signInStep}`);
  return session;
}

const session: Session = {
  // Amplify keeps the tokens, and fetches new ones shortly before they expire.
  async token(fresh = false) {
    const { tokens } = await fetchAuthSession({ forceRefresh: fresh });
    if (!tokens) throw new Error("The session has ended: sign in again.");
    return tokens.accessToken.toString();
  },
  signOut: () => signOut(),
};
