import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "./redact.ts";

const value = "hunter2+hunter2/äöü";
const redactor = createRedactor({ DB_PASSWORD: value, PLAIN: "notsecretatall" });
const redact = (text: string, open = false) => redactor.redact(Buffer.from(text), { open }).toString();

const key = `-----BEGIN RSA PRIVATE KEY-----\n${"MIIEpAIBAAKCAQEA".repeat(20)}\n-----END RSA PRIVATE KEY-----`;
const secrets = [
  "sk-ant-api03-abcdefghijklmnop",
  "ghp_abcdefghijklmnopqrst",
  "github_pat_11ABCDEFGHIJKLMNOP",
  "xoxb-1234567890-abcdef",
  "AKIAABCDEFGHIJKLMNOP",
  "Bearer abcdefghijklmnopqrstuvwxyz",
  value,
  encodeURIComponent(value),
  Buffer.from(value).toString("base64"),
  key,
];
const address = "postgres://ada:correct-horse@db.example:5432/shop";
const prose = [
  "://a:",
  "@",
  "",
  " said ",
  '{"text":"',
  '"}',
  "\n",
  "ünïcode ",
  "-----BEGIN",
  "sk-",
  "task-ant-",
  "🙂",
  "Bearer of news ",
];

describe("what people do not see", () => {
  test("[L1] the secrets of well-known services, keys, and values whose names say so are covered", () => {
    for (const secret of secrets) {
      const shown = redact(`before ${secret} after`);
      const body = secret === key ? "MIIEp" : secret.replace("Bearer ", "");
      expect([secret, shown.includes(body)]).toEqual([secret, false]);
      expect(shown.startsWith("before ") && shown.endsWith(" after")).toBe(true);
    }
  });

  test("[L1] a password in an address is covered, and its user and host are not", () => {
    expect(redact(`at ${address} it is`)).toBe("at postgres://ada:*************@db.example:5432/shop it is");
    expect(redact("curl https://x:pw@host")).toBe("curl https://x:**@host");
    expect(redact("https://ada:corre", true)).toBe("https://ada:*****");
  });

  test("[L1] ordinary text stays as it is", () => {
    const text =
      "task-ant-colony AKIA Bearer of news, notsecretatall, a-sk-ant, -----BEGIN PUBLIC KEY-----, http://127.0.0.1:4747/a@b http://a:80?b@c git@host:a/b";
    expect(redact(text)).toBe(text);
  });

  test("[L2] the length and the line ends never change", () => {
    const anything = fc.array(fc.oneof(fc.constantFrom(...secrets, address, ...prose), fc.string()), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(anything, fc.boolean(), (parts, open) => {
        const bytes = Buffer.from(parts.join(""));
        const shown = redactor.redact(bytes, { open });
        expect(shown.length).toBe(bytes.length);
        for (const [at, byte] of bytes.entries()) if (byte === 0x0a) expect(shown[at]).toBe(0x0a);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });

  test("[L3] any window, read with its surroundings, shows what the whole shows: at every byte boundary", () => {
    const parts = fc.array(fc.constantFrom(...secrets, address, ...prose), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, (chosen) => {
        const bytes = Buffer.from(chosen.join(""));
        const whole = redactor.redact(bytes);
        for (let cut = 0; cut <= bytes.length; cut += bytes.length > 1000 ? 7 : 1) {
          const from = Math.max(0, cut - redactor.behindBytes);
          const to = Math.min(bytes.length, cut + redactor.aheadBytes);
          const before = redactor.redact(bytes.subarray(0, to)).subarray(0, cut);
          const after = redactor.redact(bytes.subarray(from)).subarray(cut - from);
          expect(Buffer.concat([before, after]).equals(whole)).toBe(true);
        }
      }),
      { seed: 20260102, numRuns: 60 },
    );
  });

  test("[L4] what may be the beginning of a secret at the end of an unfinished line is covered", () => {
    for (const secret of secrets.slice(0, 7)) {
      for (let length = 14; length < secret.length; length++) {
        const shown = redact(`x ${secret.slice(0, length)}`, true);
        expect([shown, shown.endsWith("*")]).toEqual([shown, true]);
      }
    }
  });

  test("[L5] hostile input takes time in proportion to its length", () => {
    for (const piece of [
      "sk-ant-abcdefghijk-",
      "-----BEGIN PRIVATE KEY-----",
      "Bearer ",
      "eyJ",
      "://a:",
      "://a:b@",
      value.slice(0, 9),
    ]) {
      const bytes = Buffer.from(piece.repeat(Math.ceil(1_000_000 / piece.length)));
      const started = performance.now();
      redactor.redact(bytes, { open: true });
      expect([piece, performance.now() - started < 1000]).toEqual([piece, true]);
    }
  });
});
