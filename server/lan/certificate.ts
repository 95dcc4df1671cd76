import { X509Certificate, createPrivateKey } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { isIP } from "node:net";
import path from "node:path";
import { generate } from "selfsigned";
import writeFileAtomic from "write-file-atomic";

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  /** SHA-256 in hex with colons, as browsers show it. */
  readonly fingerprint: string;
  /** DNS names that it is for, without patterns. */
  readonly names: readonly string[];
}

/** The given certificate and key cannot be used; the message says why. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

const day = 86_400_000;
/** Browsers refuse those that are valid for longer. */
const lifetimeMs = 397 * day;
export const renewBeforeMs = 30 * day;

/**
 * Our own certificate for these addresses and names, kept in `folder`: people who accepted it once are not asked again until it
 * has to be renewed. A new one is made where there is none, where it ends soon, and where an address is not in it.
 */
export async function ownCertificate(order: {
  folder: string;
  hosts: readonly string[];
  now: Date;
}): Promise<Certificate> {
  const { folder, hosts, now } = order;
  const files = { cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
  const kept = await readPair(files).catch(() => null);
  if (kept && isGoodFor(kept.x509, hosts, now)) return kept;
  const altNames = hosts.map((host) =>
    isIP(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
  );
  const { cert, private: key } = await generate([{ name: "commonName", value: "Amplify on this network" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // Clocks of guests may be a little behind.
    notBeforeDate: new Date(now.getTime() - day),
    notAfterDate: new Date(now.getTime() - day + lifetimeMs),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames },
    ],
  });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A key without its certificate is replaced together with it; the other way round nobody would notice.
  await writeFileAtomic(files.key, key, { mode: 0o600 });
  await writeFileAtomic(files.cert, cert, { mode: 0o600 });
  return readPair(files);
}

/** A certificate from elsewhere. Throws {@link CertificateError}. */
export async function givenCertificate(
  files: { cert: string; key: string },
  now: Date,
): Promise<Certificate> {
  const pair = await readPair(files).catch((error: unknown) => {
    throw new CertificateError(`${files.cert} and ${files.key} cannot be used: ${(error as Error).message}.`);
  });
  if (Date.parse(pair.x509.validTo) <= now.getTime())
    throw new CertificateError(`${files.cert} was valid until ${pair.x509.validTo}.`);
  return pair;
}

async function readPair(files: {
  cert: string;
  key: string;
}): Promise<Certificate & { x509: X509Certificate }> {
  const [cert, key] = await Promise.all([readFile(files.cert, "utf8"), readFile(files.key, "utf8")]);
  const x509 = new X509Certificate(cert);
  if (!x509.checkPrivateKey(createPrivateKey(key)))
    throw new CertificateError("the key belongs to another one");
  const names = [...(x509.subjectAltName ?? "").matchAll(/DNS:([^,\s"*]+)/g)].map(([, name = ""]) => name);
  return { cert, key, fingerprint: x509.fingerprint256, names, x509 };
}

function isGoodFor(x509: X509Certificate, hosts: readonly string[], now: Date): boolean {
  const isLongEnough = Date.parse(x509.validTo) - now.getTime() > renewBeforeMs;
  const isFor = (host: string) => (isIP(host) ? x509.checkIP(host) : x509.checkHost(host)) !== undefined;
  return isLongEnough && Date.parse(x509.validFrom) <= now.getTime() && hosts.every(isFor);
}
