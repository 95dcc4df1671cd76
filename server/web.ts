import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>;
type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;

/** How long a request waits for pages that are built and only have to start. */
const startLimitMs = 5000;

/** The pages, behind the gate. `prepare` may be called often and does its work once. */
export interface Web {
  prepare(): Promise<void>;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  close(): Promise<void>;
}

/**
 * Next as a guest in our server. `dir` is the folder of the product. In production it serves the built pages and builds them
 * first where none are; until then a page that waits is shown.
 */
export function createWeb(options: {
  dir: string;
  dev: boolean;
  note: (text: string) => void;
  onError: (error: unknown) => void;
}): Web {
  const { dir, dev, note, onError } = options;
  let handle: Handle | null = null;
  let handleUpgrade: HandleUpgrade | null = null;
  let end: (() => Promise<void>) | null = null;
  let problem: string | null = null;
  let preparing: Promise<void> | null = null;
  const stopped = new AbortController();

  async function prepare(): Promise<void> {
    if (!dev && !existsSync(path.join(dir, ".next", "BUILD_ID"))) {
      note("Building the pages once; this takes a minute …");
      await build(dir, note, stopped.signal);
      note("The pages are built.");
    }
    // Loaded here: who serves no pages does without its memory and its start.
    const { default: next } = await import("next");
    const app = next({ dir, dev, customServer: true, quiet: !dev });
    await app.prepare();
    handle = app.getRequestHandler();
    handleUpgrade = app.getUpgradeHandler();
    end = () => app.close();
  }

  function prepareOnce(): Promise<void> {
    preparing ??= prepare().catch((error: unknown) => {
      problem = error instanceof Error ? error.message : String(error);
      onError(error);
    });
    return preparing;
  }

  const web: Web = {
    prepare: prepareOnce,
    request(request, response) {
      if (handle) {
        handle(request, response).catch((error: unknown) => {
          onError(error);
          if (!response.headersSent) response.writeHead(500, { "content-type": "text/plain" });
          response.end();
        });
        return;
      }
      // Starting takes a moment and is waited for; building takes a minute and is shown.
      const soon = new Promise((resolve) => setTimeout(resolve, startLimitMs));
      void Promise.race([prepareOnce(), soon]).then(() => {
        if (handle) web.request(request, response);
        else showWaiting(request, response, problem);
      });
    },
    upgrade: dev
      ? (request, socket, head) => {
          if (handleUpgrade) handleUpgrade(request, socket, head).catch(onError);
          else socket.destroy();
        }
      : null,
    async close() {
      stopped.abort();
      await end?.();
    },
  };
  return web;
}

/** `next build` in a process of its own: it takes memory that a server should not keep. */
function build(dir: string, note: (text: string) => void, signal: AbortSignal): Promise<void> {
  const bin = createRequire(path.join(dir, "package.json")).resolve("next/dist/bin/next");
  const child = spawn(process.execPath, [bin, "build"], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    signal,
  });
  let tail = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      tail = (tail + text).slice(-4000);
      for (const line of text.split("\n")) if (line.trim() !== "") note(`  ${line.trimEnd()}`);
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`next build ended with ${String(code)}:\n${tail}`));
    });
  });
}

/** Plain HTML that asks again by itself; what went wrong is in the log, not here. */
function showWaiting(request: IncomingMessage, response: ServerResponse, problem: string | null): void {
  const text = problem
    ? "The pages could not be built. The server's log says why; commands work all the same."
    : "The pages are being built. This takes about a minute, once.";
  const nonce = /'nonce-([A-Za-z0-9+/=_-]+)'/.exec(String(request.headers["content-security-policy"]))?.[1];
  // A reload keeps the fragment, where a one-time link has its token; a Refresh header would lose it.
  const again =
    problem || !nonce ? "" : `<script nonce="${nonce}">setTimeout(() => location.reload(), 2000)</script>`;
  response.writeHead(503, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "retry-after": "3",
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Amplify</title><link rel="icon" href="/icon.svg">` +
      `<style>html{color-scheme:light dark;font:15px/1.6 system-ui,sans-serif}body{display:grid;place-items:center;min-height:90vh;margin:0 1rem}</style>` +
      `<p role="status">${text}</p>${again}</html>`,
  );
}
