/** The names under which one line of this server may be called. Everything else is somebody else's name for our address. */
export interface Addresses {
  /** Values of the Host header, such as `127.0.0.1:4747`. */
  readonly hosts: ReadonlySet<string>;
  /** Values of the Origin header, such as `http://127.0.0.1:4747`. */
  readonly origins: ReadonlySet<string>;
}

/** What this machine calls itself. */
export const loopbackNames = ["127.0.0.1", "localhost", "[::1]"];

/** Exact forms only: a browser writes a host in lower case and leaves the scheme's own port out. */
export function createAddresses(options: {
  port: number;
  scheme: "http" | "https";
  /** As they stand in a URL. */
  names: readonly string[];
}): Addresses {
  const { port, scheme, names } = options;
  const isDefault = port === (scheme === "http" ? 80 : 443);
  const hosts = names.map((name) => (isDefault ? name.toLowerCase() : `${name.toLowerCase()}:${port}`));
  return { hosts: new Set(hosts), origins: new Set(hosts.map((host) => `${scheme}://${host}`)) };
}
