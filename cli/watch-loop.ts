import type { HttpClient } from "#lib/client/http.ts";
import type { CommandInput, Fact, LoopView, QuestionView, SessionView } from "#lib/contract/wire.ts";
import { isInProject } from "#lib/domain/scheduling.ts";
import { CliError } from "./connection.ts";
import { follow } from "./events.ts";

export interface LoopListener {
  started(loop: LoopView, isNew: boolean): void;
  /** What happened in its repository and project, in order. */
  happened(fact: Fact): void;
  /** A question is open; told once. */
  asked(question: QuestionView): void;
  /** A session waits for somebody who lands it; told once for each change. */
  approved(session: SessionView): void;
}

/** Starts a loop, or joins it, and follows it to its end; null where `signal` was raised before. */
export async function watchLoop(...order: Parameters<typeof watch>): Promise<LoopView | null> {
  const [, , , signal] = order;
  try {
    return await watch(...order);
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

async function watch(
  client: HttpClient,
  order: CommandInput<"loop:start"> & { readonly repository: string },
  listener: LoopListener,
  signal: AbortSignal,
): Promise<LoopView | null> {
  const { repository, project = null } = order;
  const told = new Set<string>();
  const once = (key: string, tell: () => void) => {
    if (told.has(key)) return;
    told.add(key);
    tell();
  };
  const isOurs = (item: { readonly labels: readonly string[] }) =>
    project === null || isInProject(item, project);
  let loop: LoopView | null = null;

  function takeIn(sessions: readonly SessionView[], questions: readonly QuestionView[]) {
    for (const each of questions) {
      if (each.repository !== repository || each.question.status !== "open") continue;
      once(`${each.session} ${each.question.id}`, () => listener.asked(each));
    }
    for (const each of sessions) {
      if (each.repository !== repository || each.status !== "approved" || !isOurs(each.item)) continue;
      once(`${each.id} ${each.head ?? ""}`, () => listener.approved(each));
    }
  }

  // The stream is open before the loop is, so that nothing of it is missed.
  for await (const news of follow(client, signal)) {
    if (news.kind === "snapshot") {
      const begun = await client.command("loop:start", order);
      loop = begun.loop;
      listener.started(loop, begun.started);
      takeIn(news.snapshot.sessions, news.snapshot.questions);
    } else {
      for (const fact of news.facts) {
        if (fact.repository !== repository) continue;
        const { sessions = [], questions = [], loops = [] } = fact.changes;
        loop = loops.find(({ id }) => id === loop?.id) ?? loop;
        if (sessions.length === 0 || sessions.some(({ item }) => isOurs(item))) listener.happened(fact);
        takeIn(sessions, questions);
      }
    }
    if (loop && loop.status !== "running") return loop;
  }
  if (signal.aborted) return null;
  throw new CliError(
    "The server ended before the work did; it goes on when the server runs again.",
    "Run `amplify session execute` again to go on watching.",
  );
}
