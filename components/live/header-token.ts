const place = "amplify:token";

/** The half of a login that scripts of other origins cannot see; the other half is a cookie. */
export function headerToken(): string | null {
  try {
    return localStorage.getItem(place);
  } catch {
    return null;
  }
}

export function forgetHeaderToken(): void {
  localStorage.removeItem(place);
}

export function keepHeaderToken(token: string): void {
  localStorage.setItem(place, token);
}
