import { useModel } from "#components/live/use-model.ts";
import { classNames } from "#components/ui/class-names.ts";
import { Priority } from "#components/ui/priority.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** Which item; and whose in place of its type, where cards of several repositories stand side by side. */
export function CardHead({ item, repository }: { item: SessionView["item"]; repository: string | null }) {
  const name = useModel((model) =>
    repository === null ? null : (model.repositories.get(repository)?.name ?? null),
  );
  return (
    <div className="flex items-center gap-2">
      <span className="min-w-0 truncate font-mono text-2xs text-faint">{item.id}</span>
      <Priority level={item.priority} />
      <span
        className={classNames(
          "ml-auto min-w-0 truncate text-2xs",
          name === null ? "text-faint" : "text-muted",
        )}
      >
        {name === null ? item.type : visibleText(name)}
      </span>
    </div>
  );
}
