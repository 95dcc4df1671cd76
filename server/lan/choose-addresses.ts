import { isIP } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

/** What was asked for is no address of this machine; the message lists those that are. */
export class NoSuchAddressError extends Error {
  override readonly name = "NoSuchAddressError";
}

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

const linkLocal = /^(?:169\.254\.|fe80:)/i;
/** Ranges that home and office networks use; 172.16/12 is also what containers like to take. */
const privateRanges = [/^192\.168\./, /^10\./, /^172\.(?:1[6-9]|2\d|3[01])\./];

/**
 * The addresses to listen at. `wanted` is an interface (`eth0`), an address of one, `all`, or null for the one that a team
 * most likely shares. Never loopback: that is listened at anyway. Throws {@link NoSuchAddressError}.
 */
export function chooseAddresses(wanted: string | null, interfaces: Interfaces): string[] {
  const candidates = Object.entries(interfaces).flatMap(([name, infos = []]) =>
    infos
      .filter(({ internal, address }) => !internal && !linkLocal.test(address))
      .map(({ address, family }) => ({ name, address, isV4: family === "IPv4" })),
  );
  // What people can read out and type in comes first.
  const usual = candidates.filter(({ isV4 }) => isV4);
  const list = candidates.map(({ name, address }) => `${name} (${address})`).join(", ") || "none";
  if (wanted === null) {
    const [best] = [...usual].sort((a, b) => rankOf(a.address) - rankOf(b.address));
    if (!best) throw new NoSuchAddressError("This machine is on no network: it has no address to listen at.");
    return [best.address];
  }
  if (wanted === "all") return usual.map(({ address }) => address);
  const found = isIP(wanted)
    ? candidates.filter(({ address }) => address === wanted)
    : usual.filter(({ name }) => name === wanted);
  if (found.length === 0)
    throw new NoSuchAddressError(
      `${wanted} is no network interface or address of this machine. It has: ${list}.`,
    );
  return found.map(({ address }) => address);
}

function rankOf(address: string): number {
  const rank = privateRanges.findIndex((range) => range.test(address));
  return rank === -1 ? privateRanges.length : rank;
}

/** An address as it stands in a URL. */
export function inUrl(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}
