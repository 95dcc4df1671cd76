import type { QuestionView } from "#lib/contract/wire.ts";

export function questionKeyOf({ session, question }: QuestionView): string {
  return `${session}/${question.id}`;
}
