import { forgetHeaderToken, headerToken } from "./header-token.ts";

/** Ends this browser's login and its cookie; the server then sends the page to where one signs in. */
export async function signOut(): Promise<void> {
  await fetch("/api/logout", {
    method: "POST",
    headers: { "content-type": "application/json", "x-amplify-token": headerToken() ?? "" },
    body: "{}",
  }).catch(() => undefined);
  forgetHeaderToken();
  location.reload();
}
