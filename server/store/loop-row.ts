import { parseRepositoryId } from "#lib/domain/ids.ts";
import type { LoopRow } from "#server/sessions/ports.ts";
import type * as Model from "./generated/client.ts";

/** The columns of a loop. */
export function loopData({ repository, parked, ...rest }: LoopRow) {
  return { ...rest, repositoryId: repository, parked: JSON.stringify(parked) };
}

export function loopOf({ repositoryId, parked, ...rest }: Model.Loop): LoopRow {
  return {
    ...rest,
    repository: parseRepositoryId(repositoryId),
    landing: rest.landing as LoopRow["landing"],
    status: rest.status as LoopRow["status"],
    parked: JSON.parse(parked) as LoopRow["parked"],
  };
}
