import { z } from "zod";
import { type Fact, factSchema, type Snapshot, snapshotSchema } from "#lib/contract/wire.ts";
import { type HttpClient, valueOf } from "#lib/client/http.ts";

export type News =
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "facts"; readonly facts: readonly Fact[] };

/** What is, and then what happens, in order; ends when the server goes or `signal` is raised. */
export async function* follow(client: HttpClient, signal: AbortSignal): AsyncGenerator<News> {
  const response = await client.request("GET", "/api/events", undefined, signal);
  if (!response.ok || !response.body) {
    await valueOf(response);
    return;
  }
  try {
    for await (const { event, data } of serverSentEvents(response.body)) {
      const told: unknown = JSON.parse(data);
      if (event === "snapshot") yield { kind: "snapshot", snapshot: snapshotSchema.parse(told) };
      if (event === "facts") yield { kind: "facts", facts: z.array(factSchema).parse(told) };
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The server-sent events of a stream: https://html.spec.whatwg.org/multipage/server-sent-events.html */
async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ event: string; data: string }> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const values = (name: string) =>
        block
          .split("\n")
          .filter((line) => line.startsWith(`${name}:`))
          .map((line) => line.slice(name.length + 1).trimStart());
      const data = values("data");
      if (data.length > 0) yield { event: values("event")[0] ?? "message", data: data.join("\n") };
    }
  }
}
