import { useModel } from "#components/live/use-model.ts";
import { Priority } from "#components/ui/priority.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** Which item; and whose, where cards of several repositories stand side by side. */
export function CardHead({ item, repository }: { item: SessionView["item"]; repository: string | null }) {
  const name = useModel((model) =>
    repository === null ? null : (model.repositories.get(repository)?.name ?? null),
  );
  return (
    <div className="flex items-center gap-2">
      {name !== null && <span className="min-w-0 truncate text-2xs text-muted">{visibleText(name)}</span>}
      <span className="min-w-0 truncate font-mono text-2xs text-faint">{item.id}</span>
      <Priority level={item.priority} />
      <span className="ml-auto truncate text-2xs text-faint">{item.type}</span>
    </div>
  );
}
