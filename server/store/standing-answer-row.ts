import { parseRepositoryId } from "#lib/domain/ids.ts";
import type { StandingAnswerRow } from "#server/sessions/ports.ts";
import type * as Model from "./generated/client.ts";

/** The columns of a standing answer. */
export function standingAnswerData({ repository, rule, choices, ...rest }: StandingAnswerRow) {
  return {
    ...rest,
    repositoryId: repository,
    rule: JSON.stringify(rule),
    choices: JSON.stringify(choices),
  };
}

export function standingAnswerOf({
  repositoryId,
  rule,
  choices,
  ...rest
}: Model.StandingAnswer): StandingAnswerRow {
  return {
    ...rest,
    repository: parseRepositoryId(repositoryId),
    rule: JSON.parse(rule) as StandingAnswerRow["rule"],
    choices: JSON.parse(choices) as StandingAnswerRow["choices"],
  };
}
