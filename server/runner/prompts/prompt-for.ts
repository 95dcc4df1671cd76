import type { Spec } from "#lib/contract/files.ts";
import { choiceAsText, type Question } from "#lib/domain/question.ts";
import type { Purpose, Run } from "#lib/domain/run-state.ts";
import type { Past } from "../past.ts";
import { councilPrompt } from "./council.ts";
import { historyText } from "./history.ts";
import { workPrompt } from "./work.ts";
import { itemText, rulesText } from "./item.ts";

/**
 * What the session's agent is told at the start of a step; `past` is for a conversation that begins in the middle of
 * the work. Nothing in it depends on when or where it is asked for.
 */
export function promptFor(spec: Spec, run: Run, purpose: Purpose, past: Past | null): string {
  const opens = run.agentSession === null;
  const order =
    purpose.phase === "review" ? councilPrompt(run, purpose.part) : workPrompt(spec, run, purpose.work);
  const parts = [
    opens || purpose.phase === "review" ? introduction(spec) : "",
    past ? historyText(spec, run, past) : "",
    order,
    answersText(run, opens),
    // What people say is for the work; a council reads the change.
    ...(purpose.phase === "implementation" ? [notesText(run), rulesText(spec)] : []),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function introduction(spec: Spec): string {
  return [spec.agent.role.trim(), itemText(spec)].filter((part) => part !== "").join("\n\n");
}

/** Answers that no call is waiting for; in a new conversation all of them. */
function answersText(run: Run, all: boolean): string {
  const answered = run.questions.filter(
    (question): question is Extract<Question, { status: "answered" }> =>
      question.status === "answered" && (all || question.deliveredAt === null || run.agentSession === null),
  );
  if (answered.length === 0) return "";
  const texts = answered.flatMap(({ prompts, answer }) =>
    prompts.map(({ text }, index) => {
      const choice = answer.choices[index];
      return `- ${text}\n  Answer by ${answer.by}: ${choice ? choiceAsText(choice) : ""}`;
    }),
  );
  return `## Questions that were answered\n${texts.join("\n")}`;
}

function notesText({ notes }: Run): string {
  return notes.length === 0 ? "" : `## A message for you\n${notes.join("\n\n")}`;
}
