/** The token of `https://…/login#<token>`, `#token=<token>` or the token itself; null where there is none. */
export function tokenIn(text: string): string | null {
  const fragment = text.slice(text.indexOf("#") + 1).trim();
  const token = fragment.replace(/^[a-z]+=/, "");
  return token === "" ? null : token;
}
