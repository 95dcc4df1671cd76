/**
 * Covers secrets with asterisks, byte for byte, so that offsets in a log stay true. Whether a byte is covered depends only
 * on the bytes near it: `behindBytes` before it and `aheadBytes` after it, or those up to the end of its line. So any
 * window of a file, read with that much around it, shows the same as the whole.
 */
export interface Redactor {
  readonly behindBytes: number;
  readonly aheadBytes: number;
  /** A covered copy. `open` says that more may follow the last byte: then what may be the beginning of a secret is covered. */
  redact(bytes: Buffer, options?: { open?: boolean }): Buffer;
}

/** A token longer than this is covered so far only, which bounds how far back a secret can begin. */
const longestToken = 4096;
const longestKey = 8192;
const longestPiece = 1024;
const shortestValue = 8;
const asterisk = 0x2a;

const secretName = /(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?)$/i;
const keyBegin = /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
const keyEnd = /-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
/** In an address, between a user's name and the host. */
const inAddress = "(?<=://[^\\s:@/]{0,64}:)[^\\s@/?#]{1,100}";
const closedAddress = new RegExp(`${inAddress}(?=@)`, "g");
const openAddress = new RegExp(`${inAddress}(?=@|$)`, "g");
const tokenEnd = /[^A-Za-z0-9_.~+/=-]/g;

/** What tokens of well-known services begin with, and how much has to follow for it to be one. */
const prefixes: readonly [prefix: string, rest: number][] = [
  ["sk-[a-z]{2,8}-", 10],
  ["[rs]k_(?:live|test)_", 10],
  ["gh[pousr]_", 10],
  ["github_pat_", 10],
  ["glpat-", 10],
  ["npm_", 20],
  ["xox[abeprs]-", 10],
  ["A[KS]IA", 16],
  ["AIza", 30],
  ["eyJ", 30],
];
const bearer = "(?:[Bb]earer |[Bb]asic )";
const rest = "[A-Za-z0-9_.~+/=-]";

function startsOf(open: boolean): RegExp {
  const follows = (length: number) => `(?=${rest}{${length}}${open ? `|${rest}+$` : ""})`;
  const known = prefixes.map(([prefix, length]) => `${prefix}${follows(length)}`);
  return new RegExp(`(?<![A-Za-z0-9])(?:${known.join("|")}|(?<scheme>${bearer})${follows(16)})`, "g");
}
const closedStarts = startsOf(false);
const openStarts = startsOf(true);

/** `env` holds values to be covered wherever they occur: those whose names say that they are secret. */
export function createRedactor(env: Readonly<Record<string, string | undefined>> = {}): Redactor {
  const values = Object.entries(env)
    .filter(([name]) => secretName.test(name))
    .flatMap(([, value]) => formsOf(value ?? ""));
  const pieces = [...new Set(values)].sort((a, b) => b.length - a.length);
  const literals = pieces.length === 0 ? null : new RegExp(pieces.map(escaped).join("|"), "g");

  return {
    behindBytes: longestKey + 128,
    aheadBytes: Math.max(128, ...pieces.map(({ length }) => length)),
    redact(bytes, { open = false } = {}) {
      const text = bytes.toString("latin1");
      const covered = Buffer.from(bytes);
      const cover = (from: number, to: number) => {
        for (let at = from; at < to; at++) {
          if (covered[at] !== 0x0a && covered[at] !== 0x0d) covered[at] = asterisk;
        }
      };
      coverTokens(text, open ? openStarts : closedStarts, cover);
      for (const { index, 0: found } of text.matchAll(open ? openAddress : closedAddress))
        cover(index, index + found.length);
      coverKeys(text, cover);
      if (literals) coverLiterals(text, literals, cover);
      if (open) coverBegunLiteral(text, pieces, cover);
      return covered;
    },
  };
}

/** As {@link createRedactor}, for a text that is whole. */
export function createTextRedactor(env?: Readonly<Record<string, string | undefined>>) {
  const redactor = createRedactor(env);
  return (text: string): string => redactor.redact(Buffer.from(text)).toString();
}

type Cover = (from: number, to: number) => void;

function coverTokens(text: string, starts: RegExp, cover: Cover): void {
  let end = 0;
  let done = 0;
  for (const { index, groups } of text.matchAll(starts)) {
    const from = index + (groups?.["scheme"]?.length ?? 0);
    if (from >= end) end = find(tokenEnd, text, from) ?? text.length;
    const to = Math.min(end, from + longestToken);
    cover(Math.max(from, done), to);
    done = Math.max(done, to);
  }
}

function coverKeys(text: string, cover: Cover): void {
  let end = 0;
  let done = 0;
  for (const { index } of text.matchAll(keyBegin)) {
    if (index >= end) {
      const found = find(keyEnd, text, index);
      end = found === null ? Infinity : text.indexOf("-----", found + 5) + 5;
    }
    const to = Math.min(end, index + longestKey, text.length);
    cover(Math.max(index, done), to);
    done = Math.max(done, to);
  }
}

/** Values may overlap themselves and each other. */
function coverLiterals(text: string, literals: RegExp, cover: Cover): void {
  let done = 0;
  literals.lastIndex = 0;
  for (let match = literals.exec(text); match; match = literals.exec(text)) {
    const to = match.index + match[0].length;
    cover(Math.max(match.index, done), to);
    done = Math.max(done, to);
    literals.lastIndex = match.index + 1;
  }
}

/** The end of the text may be the beginning of a value; a few characters of one say nothing. */
function coverBegunLiteral(text: string, pieces: readonly string[], cover: Cover): void {
  for (const piece of pieces) {
    for (let length = Math.min(piece.length - 1, text.length); length >= 4; length--) {
      if (!text.endsWith(piece.slice(0, length))) continue;
      cover(text.length - length, text.length);
      break;
    }
  }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function find(pattern: RegExp, text: string, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? null;
}

/** The ways in which a value is written in logs, as Latin-1 of its bytes, in pieces without line ends. */
function formsOf(value: string): string[] {
  if (value.length < shortestValue) return [];
  const bytes = Buffer.from(value);
  const encoded = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // Characters at either end also hold bits of what stands beside the value.
    const inner = text.slice(shift === 0 ? 0 : shift + 1, (bytes.length + shift) % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const plain = [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
  return [...plain.map((form) => Buffer.from(form).toString("latin1")), ...encoded]
    .flatMap((form) => form.split(/\r\n|\r|\n/))
    .flatMap((line) => line.match(new RegExp(`.{1,${longestPiece}}`, "gs")) ?? [])
    .filter((piece) => piece.length >= shortestValue);
}
