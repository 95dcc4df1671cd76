import { lookup as lookUp, type LookupAddress, type LookupOptions } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import type { PostWebhook } from "#server/ports.ts";
import { isPublicAddress } from "./addresses.ts";

const timeLimitMs = 10_000;
/** Nobody reads what the other side says; this much is taken so that the connection ends well. */
const mostReplyBytes = 64 * 1024;

/** The other side, or the way to it, is one that this webhook may not call. */
class RefusedAddressError extends Error {
  override readonly name = "RefusedAddressError";
}

/**
 * Sends one message. The address that was checked is the one that is connected to, so a name that changes its mind
 * in between leads nowhere; redirects are never followed.
 */
export const postWebhook: PostWebhook = ({ url, body, headers, allowPrivate }) =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    const host = target.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !allowPrivate && !isPublicAddress(host)) {
      reject(new RefusedAddressError(`${host} is an address of this machine or its network.`));
      return;
    }
    if (target.protocol === "http:" && !allowPrivate) {
      reject(new RefusedAddressError("It is not https."));
      return;
    }
    const send = target.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(
      target,
      {
        method: "POST",
        agent: false,
        headers: { ...headers, "content-length": Buffer.byteLength(body), connection: "close" },
        lookup: checkedLookup(allowPrivate),
        signal: AbortSignal.timeout(timeLimitMs),
      },
      (response) => {
        let taken = 0;
        response.on("data", (chunk: Buffer) => {
          taken += chunk.length;
          if (taken > mostReplyBytes) response.destroy();
        });
        response.on("error", () => undefined);
        response.on("close", () => {
          resolve({ status: response.statusCode ?? 0 });
        });
      },
    );
    request.on("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new Error(`No answer within ${timeLimitMs / 1000} s.`)
          : error,
      );
    });
    request.end(body);
  });

type Found = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** The system's own lookup, without the addresses that must not be called. */
function checkedLookup(allowPrivate: boolean) {
  return (name: string, options: LookupOptions, found: Found) => {
    lookUp(name, { ...options, all: true }, (error, addresses) => {
      const usable = error ? [] : addresses.filter(({ address }) => allowPrivate || isPublicAddress(address));
      const [first] = usable;
      if (error || !first) {
        const why = error ?? new RefusedAddressError(`${name} leads to this machine or its network.`);
        found(why, options.all === true ? [] : "");
      } else if (options.all === true) found(null, usable);
      else found(null, first.address, first.family);
    });
  };
}
