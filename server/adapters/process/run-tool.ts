import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { execa } from "execa";
import type { RunTool, ToolEnd, ToolOrder, ToolRun } from "#server/ports.ts";
import { limitGroup } from "./limit-group.ts";

const defaultOutputLimitBytes = 64 << 20;

/**
 * Standard output and error are collected as they are, cut at the limit. What the tool leaves behind
 * in its group ends with it, so that a stray child can neither hold the pipes nor outlive the call.
 */
export const runTool: RunTool = async (order) => {
  const started = performance.now();
  if (order.signal?.aborted) return run("cancelled", started, {});
  if ([order.file, ...order.args].some((text) => text.includes("\0"))) {
    return run("not-started", started, { stderr: "An argument holds a NUL character." });
  }
  const child = execa(order.file, [...order.args], {
    cwd: order.cwd,
    env: order.env,
    extendEnv: false,
    detached: true,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: order.outputLimitBytes ?? defaultOutputLimitBytes,
    input: order.input ?? "",
  });
  listen(child, order);
  const limits = limitGroup(child, order);
  const result = await child;
  const reason = limits.done();
  if (child.pid === undefined) return run("not-started", started, { stderr: result.originalMessage });
  return run(reason ?? (result.isMaxBuffer ? "output-limit" : "exited"), started, {
    exit: result.exitCode,
    signal: result.signal,
    stdout: result.stdout,
    stderr: result.stderr,
  });
};

function listen(child: Record<"stdout" | "stderr", Readable>, { onOutput }: ToolOrder) {
  if (!onOutput) return;
  for (const name of ["stdout", "stderr"] as const) {
    const decoder = new StringDecoder("utf8");
    child[name].on("data", (bytes: Buffer) => onOutput(decoder.write(bytes), name));
  }
}

function run(
  end: ToolEnd,
  started: number,
  result: {
    exit?: number | undefined;
    signal?: string | undefined;
    stdout?: string | undefined;
    stderr?: string | undefined;
  },
): ToolRun {
  return {
    end,
    exit: result.exit ?? null,
    signal: result.signal ?? null,
    stdout: result.stdout ?? "",
    stderr: result.stderr ?? "",
    durationMs: performance.now() - started,
  };
}
