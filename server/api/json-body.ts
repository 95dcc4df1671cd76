import type { IncomingMessage } from "node:http";
import { ProblemError } from "#server/application.ts";

/** Larger than the largest input of any command. */
const limitBytes = 1_000_000;

/** The body as JSON; refuses other types, and stops reading what is too large. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json(?:;\s*charset=utf-8)?$/i.test(type))
    throw new ProblemError("invalid", "The body has to be application/json.");
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))) as unknown;
  } catch {
    throw new ProblemError("invalid", "The body is not JSON.");
  }
}

function tooLarge(): ProblemError {
  return new ProblemError("too-large", `The body is larger than ${limitBytes} bytes.`);
}
