import type { Attendance, PresentPerson, QuestionView, RoleName } from "#lib/contract/wire.ts";

/** Three others: one writes an answer to the first question, one looks at its session, one is just here. */
export function companyOf(questions: readonly QuestionView[], role: RoleName): Attendance {
  const [first] = questions;
  const person = (id: string, name: string, part: Partial<PresentPerson> = {}): PresentPerson => {
    return { id, name, role: "operator", sessions: [], answering: [], ...part };
  };
  if (!first) return { you: "mara", here: [person("mara", "mara", { role })] };
  const { session, question } = first;
  return {
    you: "mara",
    here: [
      person("mara", "mara", { role }),
      person("5b21", "Mira Vogel", { sessions: [session], answering: [{ session, question: question.id }] }),
      person("a7c0", "Jonas", { sessions: [session] }),
      person("e913", "Wei Zhang", { role: "viewer" }),
    ],
  };
}
