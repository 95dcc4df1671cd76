import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** 256 random bits, safe in a URL, a cookie and a header. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** False for anything that {@link newToken} cannot have made, so that nothing else is ever hashed or looked up. */
export function isToken(text: string): boolean {
  return tokenPattern.test(text);
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Compares in constant time. */
export function hasHash(token: string, hash: string): boolean {
  const given = createHash("sha256").update(token).digest();
  const wanted = Buffer.from(hash, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
