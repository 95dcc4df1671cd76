import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ReadOutput } from "#lib/contract/wire.ts";
import { goodDay } from "../fakes/messages-api/story.ts";
import { createRealHouse } from "../fixtures/real-house.ts";
import { findTool } from "../fixtures/tools.ts";

const claude = findTool("claude-latest");
const bd = findTool("bd-sqlite");
const inAnHour = () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 3_600_000).toISOString();

interface Limit {
  readonly status: number;
  readonly type: string;
  readonly message: string;
  readonly reason: string;
  /** When the queue goes on by itself; undefined where only our own estimate says so, null where never. */
  readonly until: string | null | undefined;
}

const limits: Readonly<Record<string, () => Limit>> = {
  "a limit that says when it ends": () => {
    const until = inAnHour();
    const message = `Your account is over its rate limit. It resets at ${until}.`;
    return { status: 429, type: "rate_limit_error", message, reason: "rate-limited", until };
  },
  "a limit that does not": () => ({
    status: 429,
    type: "rate_limit_error",
    message: "Number of requests has exceeded your rate limit",
    reason: "rate-limited",
    until: undefined,
  }),
  "credit that is used up": () => ({
    status: 400,
    type: "invalid_request_error",
    message: "Your credit balance is too low",
    reason: "credit-exhausted",
    until: null,
  }),
};

describe.skipIf(!claude || !bd)("the real CLI meets the account's limits", () => {
  it.each(Object.entries(limits))(
    "[E41] %s pauses the queue with its reason, and `queue resume` lets all of it go on",
    { timeout: 240_000 },
    async (_what, limit) => {
      const { status, type, message, reason, until } = limit();
      const failure = {
        phase: "work",
        status,
        type,
        message,
        times: reason === "rate-limited" ? 2 : 1,
      } as const;
      await using house = await createRealHouse({
        story: { ...goodDay, failure },
        bd: bd!,
        claude: claude!,
        era: "sqlite",
      });
      const config = { environment: { set: { CLAUDE_CODE_MAX_RETRIES: "1" } } };
      await writeFile(join(house.repository.path, "amplify.config.json"), JSON.stringify(config));
      const viewOf = async (id: string) =>
        (await house.json<ReadOutput<"session">>("session", "status", id)).session;
      const first = await house.createItem({ title: "Paint the banner" });
      const second = await house.createItem({ title: "Hang the banner" });
      expect(await house.amplify("session", "dispatch", first)).toMatchObject({ exit: 0 });
      const limited = await house.until("the limit", async () => {
        const view = await viewOf(first);
        return view.status === "failed" ? view : null;
      });
      expect(limited.reason).toMatchObject({ code: reason });
      expect(limited.reason?.detail).toContain(message.slice(10));
      if (until !== undefined) expect(limited.retry?.at).toBe(until);
      else expect(Date.parse(limited.retry?.at ?? "")).toBeGreaterThan(Date.now() + 60_000);

      expect(await house.amplify("session", "dispatch", second)).toMatchObject({ exit: 0 });
      expect((await viewOf(second)).status).toBe("queued");
      expect((await house.amplify("session", "status")).stdout).toMatch(/1 session waits, and none is begun/);

      expect(await house.amplify("queue", "resume")).toMatchObject({ exit: 0 });
      for (const item of [first, second]) {
        await house.until(`the question of ${item}`, async () => {
          const view = await viewOf(item);
          return view.status === "waiting" ? view : null;
        });
      }
      expect((await house.amplify("session", "status")).stdout).not.toContain("none is begun");
      expect(house.api.problems).toEqual([]);
    },
  );
});
