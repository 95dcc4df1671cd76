import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import type { HttpClient } from "#lib/client/http.ts";
import type { Fact, LoopView, QuestionView, RepositoryView, SessionView } from "#lib/contract/wire.ts";
import type { ItemId } from "#lib/domain/ids.ts";
import { watchLoop } from "../watch-loop.ts";
import { type ReportRow, reportOf } from "./report.ts";
import { descriptionOf, sampleBacklog } from "./sample-backlog.ts";

/** Sessions at the same time: enough to watch, few enough for a small machine. */
const sessions = 3;

/** The demo's folders: `data` is its `AMPLIFY_HOME`, `project` the sample repository. */
export interface DemoFolders {
  readonly root: string;
  readonly data: string;
  readonly project: string;
  /** Where the rehearsal agent keeps its conversations. */
  readonly agent: string;
}

export async function makeFolders(root: string): Promise<DemoFolders> {
  const folder = (name: string) => path.join(root, name);
  const folders = { root, data: folder("data"), project: folder("till"), agent: folder("agent") };
  for (const each of [folders.data, folders.project, folders.agent])
    await mkdir(each, { recursive: true, mode: 0o700 });
  await writeFile(path.join(folders.data, "config.json"), `${JSON.stringify({ sessions })}\n`);
  return folders;
}

/** Puts the sample items into the built-in backlog; resolves to them in their order. */
export async function fillBacklog(
  client: HttpClient,
  repository: string,
  pauseMs: number,
): Promise<{ id: ItemId; title: string }[]> {
  const ids = new Map<string, ItemId>();
  const items: { id: ItemId; title: string }[] = [];
  for (const sample of sampleBacklog) {
    const { title, priority, labels, after } = sample;
    const { item } = await client.command("item:create", {
      repository,
      title,
      priority,
      labels: [...labels],
      description: descriptionOf(sample, pauseMs),
      dependsOn: after.flatMap((key) => ids.get(key) ?? []),
    });
    ids.set(sample.key, item.id);
    items.push({ id: item.id, title });
  }
  return items;
}

export interface DemoListener {
  happened(fact: Fact): void;
  asked(question: QuestionView): void;
  approved(session: SessionView): void;
}

/** Works the sample backlog off; null where `signal` was raised before the end. */
export async function runDemo(order: {
  readonly client: HttpClient;
  readonly repository: RepositoryView;
  readonly items: readonly { readonly id: ItemId; readonly title: string }[];
  readonly isUnattended: boolean;
  readonly listener: DemoListener;
  readonly signal: AbortSignal;
}): Promise<{ loop: LoopView; report: ReportRow[] } | null> {
  const { client, repository, listener, isUnattended } = order;
  const answers: Promise<unknown>[] = [];
  const loop = await watchLoop(
    client,
    { repository: repository.id, landing: isUnattended ? "auto" : "ask" },
    {
      started: () => undefined,
      happened: (fact) => listener.happened(fact),
      asked(question) {
        listener.asked(question);
        if (isUnattended) answers.push(answerFirst(client, question).catch((error: unknown) => error));
      },
      approved: (session) => listener.approved(session),
    },
    order.signal,
  );
  if (!loop) return null;
  for (const failed of (await Promise.all(answers)).filter((each) => each instanceof Error)) throw failed;
  return { loop, report: await reportOf(client, repository.id, order.items) };
}

/** The first option of each part, as somebody in a hurry would. */
function answerFirst(client: HttpClient, { session, question }: QuestionView) {
  const choices = question.prompts.map(({ options }) => {
    const first = options[0];
    return first ? { labels: [first.label], text: "" } : { labels: [], text: "Do as you think best." };
  });
  return client.command("question:answer", { session, question: question.id, choices });
}
