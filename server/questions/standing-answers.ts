import type { StandingAnswerView } from "#lib/contract/wire.ts";
import { choiceAsText, type Choice } from "#lib/domain/question.ts";
import { type AnswerRule, ruleOf, rulesAlike } from "#lib/domain/standing-answer.ts";
import { ProblemError } from "../application.ts";
import type { Handler, Parsed } from "../sessions/command.ts";
import { findRepository, findSession } from "../sessions/find-session.ts";
import type { NewFact, StandingAnswerRow } from "../sessions/ports.ts";
import type { Room } from "../sessions/room.ts";

interface Wanted {
  readonly repository: StandingAnswerRow["repository"];
  readonly rule: AnswerRule;
  readonly choices: readonly Choice[];
}

/** Makes and revokes standing answers. */
export function createStandingAnswers({ store }: Pick<Room, "store">): {
  readonly "answers:add": Handler<"answers:add">;
  readonly "answers:remove": Handler<"answers:remove">;
} {
  return {
    "answers:add": async (input, { actor, settle }) => {
      const wanted = await wantedBy(input);
      refuseUnlessWhole(wanted);
      return settle(async (at) => {
        const active = await store.standingAnswers(wanted.repository, false);
        const replaced = input.replaces === null ? null : active.find(({ id }) => id === input.replaces);
        if (replaced === undefined) throw notThere(input.replaces ?? 0);
        const twin = active.find((each) => each !== replaced && rulesAlike(each.rule, wanted.rule));
        if (twin) {
          throw new ProblemError(
            "conflict",
            `Standing answer #${twin.id} of ${twin.by} is for these questions already: ${wordsOf(twin.choices)}.`,
            `Replace it, or revoke it: amplify answers remove ${twin.id}`,
          );
        }
        const row: StandingAnswerRow = {
          ...wanted,
          id: (await store.lastStandingAnswer()) + 1,
          by: actor.name,
          createdAt: at,
          used: 0,
          usedAt: null,
          revokedAt: null,
          revokedBy: null,
        };
        const gone = replaced && { ...replaced, revokedAt: at, revokedBy: actor.name };
        const says = `“${shortened(row.rule.texts[0] ?? "")}” → ${wordsOf(row.choices)}`;
        const text = gone
          ? `${actor.name} put standing answer #${row.id} in the place of #${gone.id}: ${says}`
          : `${actor.name} made standing answer #${row.id}: ${says}`;
        return {
          answer: { answer: standingAnswerView(row) },
          change: {
            standingAnswers: gone ? [gone, row] : [row],
            facts: [factOf("answers:added", row, actor.name, text)],
            audit: [
              {
                actor: actor.name,
                action: "answers:add",
                target: `#${row.id}`,
                outcome: "done",
                detail: JSON.stringify({ rule: row.rule, choices: row.choices, replaces: gone?.id ?? null }),
              },
            ],
          },
        };
      });
    },

    "answers:remove": ({ id }, { actor, settle }) =>
      settle(async (at) => {
        const found = (await store.standingAnswers(null, true)).find((each) => each.id === id);
        if (!found) throw notThere(id);
        if (found.revokedAt !== null) {
          throw new ProblemError(
            "conflict",
            `Standing answer #${id} was revoked by ${found.revokedBy ?? "somebody"} at ${found.revokedAt}.`,
          );
        }
        const row = { ...found, revokedAt: at, revokedBy: actor.name };
        const text = `${actor.name} revoked standing answer #${id}; a person is asked again.`;
        return {
          answer: { answer: standingAnswerView(row) },
          change: {
            standingAnswers: [row],
            facts: [factOf("answers:revoked", row, actor.name, text)],
            audit: [
              { actor: actor.name, action: "answers:remove", target: `#${id}`, outcome: "done", detail: "" },
            ],
          },
        };
      }),
  };

  async function wantedBy({ repository, rule, from, choices }: Parsed<"answers:add">): Promise<Wanted> {
    if (from === null) {
      if (!rule || !choices) {
        throw new ProblemError(
          "invalid",
          "A standing answer needs a rule and an answer, or a question to take them from.",
        );
      }
      return { repository: (await findRepository(store, repository)).id, rule, choices };
    }
    const row = await findSession(store, from.session);
    const question = (await store.questionsOf(row.id)).find(({ id }) => id === from.question);
    if (!question) throw new ProblemError("not-found", `${row.id} has no question ${from.question}.`);
    const given = choices ?? (question.status === "answered" ? question.answer.choices : null);
    if (!given)
      throw new ProblemError("invalid", `${from.question} has no answer yet.`, "Say what the answer is.");
    return { repository: row.repository, rule: rule ?? ruleOf(question.prompts, null), choices: given };
  }
}

/** A rule that could never give its answer is refused at once. */
function refuseUnlessWhole({ rule, choices }: Wanted) {
  const { texts, options } = rule;
  if (choices.length !== texts.length || (options !== null && options.length !== texts.length)) {
    throw new ProblemError("invalid", `The rule has ${texts.length} parts; each needs one answer.`);
  }
  for (const [index, { labels, text }] of choices.entries()) {
    const part = index + 1;
    if (labels.length === 0 && text.trim() === "")
      throw new ProblemError("invalid", `Part ${part} has no answer.`);
    const unknown = labels.find((label) => options?.[index]?.includes(label) === false);
    if (unknown !== undefined) {
      throw new ProblemError("invalid", `Part ${part} has no option ${JSON.stringify(unknown)}.`);
    }
  }
}

export function standingAnswerView(row: StandingAnswerRow): StandingAnswerView {
  const { rule, choices } = row;
  return {
    ...row,
    rule: {
      texts: [...rule.texts],
      options: rule.options && rule.options.map((labels) => [...labels]),
      agentType: rule.agentType,
    },
    choices: choices.map(({ labels, text }) => ({ labels: [...labels], text })),
  };
}

function factOf(
  name: "answers:added" | "answers:revoked",
  { repository }: StandingAnswerRow,
  actor: string,
  text: string,
): NewFact {
  return { name, repository, session: null, actor, text, changes: {} };
}

function wordsOf(choices: readonly Choice[]): string {
  return shortened(choices.map(choiceAsText).join(" · "));
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function notThere(id: number): ProblemError {
  return new ProblemError(
    "not-found",
    `There is no standing answer #${id} in force there.`,
    "`amplify answers list` shows them.",
  );
}
