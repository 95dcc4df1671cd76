import type {
  Answer,
  CommandInput,
  CommandName,
  CommandOutput,
  ReadInput,
  ReadName,
  ReadOutput,
} from "#lib/contract/wire.ts";
import { commands, insideHeader, problemSchema, reads } from "#lib/contract/wire.ts";
import { RefusedError, UnreachableError } from "./refused.ts";

export { RefusedError, UnreachableError };

export interface HttpClient {
  command<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandOutput<Name>>;
  read<Name extends ReadName>(name: Name, input: ReadInput<Name>): Promise<ReadOutput<Name>>;
  /** Any other request under the client's credential; `body` is sent as JSON. */
  request(method: "GET" | "POST", path: string, body?: unknown, signal?: AbortSignal): Promise<Response>;
}

/**
 * A client with a bearer token, for scripts and the command line. `url` has no trailing slash; `inside` is the session in
 * whose environment it runs.
 */
export function createHttpClient(options: {
  url: string;
  token: string;
  inside?: string | null;
}): HttpClient {
  const { url, token, inside = null } = options;
  async function request(
    method: "GET" | "POST",
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Response> {
    try {
      return await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(inside === null ? {} : { [insideHeader]: inside }),
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
        redirect: "error",
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new UnreachableError(`No server answers at ${url}.`, { cause: error });
    }
  }

  return {
    request,
    async command(name, input) {
      const envelope = { name, key: crypto.randomUUID(), input };
      const value = await valueOf(await request("POST", "/api/commands", envelope));
      return commands[name].output.parse(value) as CommandOutput<typeof name>;
    },
    async read(name, input) {
      const query = new URLSearchParams();
      for (const [key, value] of Object.entries(input)) {
        if (["string", "number", "boolean"].includes(typeof value))
          query.set(key, `${value as string | number | boolean}`);
      }
      const value = await valueOf(await request("GET", `/api/${name}?${query.toString()}`));
      return reads[name].output.parse(value) as ReadOutput<typeof name>;
    },
  };
}

/** The value of an answer, or the refusal thrown. */
export async function valueOf(response: Response): Promise<unknown> {
  const text = await response.text();
  let answer: Answer<unknown>;
  try {
    answer = JSON.parse(text) as Answer<unknown>;
  } catch {
    throw new RefusedError({
      code: "internal",
      message: `The server answered ${response.status} without JSON.`,
      fix: null,
    });
  }
  if (answer.ok) return answer.value;
  const problem = problemSchema.safeParse(answer.problem);
  throw new RefusedError(
    problem.data ?? { code: "internal", message: `The server answered ${response.status}.`, fix: null },
  );
}
