import type { CommandOutput, SessionView } from "#lib/contract/wire.ts";
import { describeSkip, planDispatch } from "#lib/domain/scheduling.ts";
import { ProblemError } from "../application.ts";
import type { CommandContext, Handler } from "../sessions/command.ts";
import { findRepository } from "../sessions/find-session.ts";
import type { Room } from "../sessions/room.ts";
import { signature } from "../team/signature.ts";
import { ofProject } from "./of-project.ts";

/** A session for every item that can be worked on now; those over the limit wait as queued. */
export function createDispatchReady(
  { store, ledger, backlog }: Pick<Room, "store" | "ledger" | "backlog">,
  dispatch: Handler<"session:dispatch">,
): Handler<"session:dispatch-ready"> {
  return async ({ repository: wanted, project }, { actor, key, settle }) => {
    const repository = await findRepository(store, wanted);
    const { items, ready } = await (await backlog(repository.id)).fresh();
    const all = [...items.values()];
    ofProject(all, project);
    const open = await store.open(repository.id);
    const plan = planDispatch({
      items: all,
      ready,
      sessions: open.map(({ id, item, state }) => ({ session: id, item, status: state.status })),
      label: project,
    });
    const statuses = new Map<string, string>(open.map(({ id, state }) => [id, state.status]));
    const skipped: CommandOutput<"session:dispatch-ready">["skipped"] = plan.skipped.map(({ item, why }) => {
      const status = why.kind === "has-session" ? ` (${statuses.get(why.session) ?? ""})` : "";
      return { item: item.id, title: item.title, why: `${describeSkip(why)}${status}` };
    });
    // Each is a decision of its own; the receipt comes with the whole answer.
    const each: CommandContext<"session:dispatch">["settle"] = (decide) =>
      ledger.write(async (at) => {
        const { change, answer } = await decide(at);
        const audit = (change.audit ?? []).map((act) => ({ ...act, ...signature(actor) }));
        return { change: { ...change, audit }, result: answer };
      });
    const dispatched: SessionView[] = [];
    for (const { id, title } of plan.dispatch) {
      try {
        const order = { repository: repository.id, item: id, agentType: null };
        dispatched.push((await dispatch(order, { actor, key, settle: each })).session);
      } catch (error) {
        if (!(error instanceof ProblemError) || error.problem.code === "unavailable") throw error;
        skipped.push({ item: id, title, why: error.message });
      }
    }
    return settle(() => Promise.resolve({ change: {}, answer: { dispatched, skipped } }));
  };
}
