import { columnNames } from "./columns.ts";

/** The board's own shape, so that nothing moves when the cards arrive. */
export function BoardPlaceholder() {
  return (
    <div role="status" aria-label="Loading the board" className="flex h-full gap-2.5 overflow-hidden p-3">
      {columnNames.map((name) => (
        <div key={name} className="min-w-46 flex-1 basis-0">
          <div className="flex h-8 items-center px-1.5 text-xs font-semibold text-faint">{name}</div>
          <div className="h-20 rounded-lg border border-line opacity-50" />
        </div>
      ))}
    </div>
  );
}
