import { X } from "lucide-react";
import type { ItemId } from "#lib/domain/ids.ts";

/** Picked items, each to be taken away again. */
export function ItemChips({
  ids,
  label,
  onRemove,
}: {
  ids: readonly ItemId[];
  label: string;
  onRemove: (id: ItemId) => void;
}) {
  if (ids.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap gap-1.5">
      {ids.map((id) => (
        <li
          key={id}
          className="flex h-7 items-center rounded-md border border-line bg-sunken pl-2 font-mono text-xs"
        >
          {id}
          <button
            type="button"
            aria-label={`Take ${id} away`}
            onClick={() => onRemove(id)}
            className="grid size-7 place-items-center text-faint hover:text-text pointer-coarse:size-10"
          >
            <X className="size-3" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
