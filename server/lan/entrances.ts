import { networkInterfaces } from "node:os";
import path from "node:path";
import { loopbackNames } from "#server/gate/addresses.ts";
import type { Certificate } from "./certificate.ts";
import { givenCertificate, ownCertificate } from "./certificate.ts";
import { chooseAddresses, inUrl } from "./choose-addresses.ts";

/** How the server is shared with a network. */
export interface LanOptions {
  /** An interface, an address, `all`; null chooses one. */
  readonly at: string | null;
  /** Further names of this machine that clients may use. */
  readonly names: readonly string[];
  /** PEM files; null makes our own certificate. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** Without TLS: owners then act on this machine alone. */
  readonly isInsecure: boolean;
}

/** An address to listen at, before there is a port. */
export interface EntrancePlan {
  readonly address: string;
  /** By which clients may call it, as they stand in a URL; the first one is for links. */
  readonly names: readonly string[];
  readonly certificate: Certificate | null;
  readonly isLoopback: boolean;
  /** Browsers may be told to come over TLS alone: they trust the certificate. */
  readonly isTrusted: boolean;
}

/** Commands on this machine, and its browsers, come in here in every mode. */
const loopback: EntrancePlan = {
  address: "127.0.0.1",
  names: loopbackNames,
  certificate: null,
  isLoopback: true,
  isTrusted: false,
};

/** Throws NoSuchAddressError and CertificateError. */
export async function planEntrances(order: {
  lan: LanOptions | null;
  home: string;
  now: () => Date;
}): Promise<EntrancePlan[]> {
  const { lan } = order;
  if (!lan) return [loopback];
  const addresses = chooseAddresses(lan.at, networkInterfaces());
  const certificate = await certificateFor({ ...order, lan, addresses });
  const isTrusted = lan.certificate !== null;
  const names = [...lan.names, ...(isTrusted ? (certificate?.names ?? []) : [])];
  return [
    loopback,
    ...addresses.map((address) => ({
      address,
      // With a certificate from elsewhere the address alone would make browsers warn.
      names: isTrusted ? [...names, inUrl(address)] : [inUrl(address), ...names],
      certificate,
      isLoopback: false,
      isTrusted,
    })),
  ];
}

export async function certificateFor(order: {
  lan: LanOptions;
  addresses: readonly string[];
  home: string;
  now: () => Date;
}): Promise<Certificate | null> {
  const { lan, addresses, home, now } = order;
  if (lan.certificate) return givenCertificate(lan.certificate, now());
  if (lan.isInsecure) return null;
  const hosts = [...addresses, ...lan.names];
  return ownCertificate({ folder: path.join(home, "tls"), hosts, now: now() });
}
