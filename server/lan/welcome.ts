import { renderUnicodeCompact } from "uqr";

/** What whoever started the server reads first. The links go to the terminal and into no log. */
export function welcome(shown: {
  /** For a browser on this machine. */
  readonly here: string;
  /** Null where the server is on this machine's loopback alone. */
  readonly lan: {
    readonly urls: readonly string[];
    readonly fingerprint: string | null;
    /** For another browser of the owner's. */
    readonly link: string;
  } | null;
}): string {
  const once = "(works once, for ten minutes)";
  const lines = [`Open ${shown.here} ${once}`];
  if (shown.lan) {
    const { urls, fingerprint, link } = shown.lan;
    lines.push("", ...urls.map((url) => `On the network: ${url}`));
    if (fingerprint !== null) {
      lines.push(`SHA-256 of the certificate: ${fingerprint}`);
    } else {
      lines.push(
        "WITHOUT ENCRYPTION: whoever is on this network can read along and take over what guests may do.",
        "Owners act on this machine alone.",
      );
    }
    lines.push(
      "",
      `You, on another device: ${link} ${once}`,
      renderUnicodeCompact(link, { border: 2 }),
      "Others: amplify team invite <name> --role operator",
    );
  }
  return lines.join("\n");
}
