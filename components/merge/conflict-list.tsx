import { visibleText } from "#components/ui/visible-text.ts";
import type { ConflictView } from "#lib/contract/wire.ts";

/** The files that two sides cannot agree on; each opens to what both say. */
export function ConflictList({
  conflicts,
  ours,
  theirs,
}: {
  conflicts: readonly ConflictView[];
  /** Whose the two versions are. */
  ours: string;
  theirs: string;
}) {
  return (
    <ul className="flex flex-col gap-0.5 text-xs">
      {conflicts.map(({ path, kind, hunks }) => (
        <li key={path}>
          {hunks.length === 0 ? (
            <p className="py-0.5 pl-3.5">
              <FileName path={path} kind={kind} />
            </p>
          ) : (
            <details>
              <summary className="cursor-pointer rounded-sm py-0.5 marker:text-faint">
                <FileName path={path} kind={kind} />{" "}
                <span className="text-faint">
                  {hunks.length === 1 ? "1 place" : `${String(hunks.length)} places`}
                </span>
              </summary>
              {hunks.map((hunk) => (
                <div
                  key={hunk.from}
                  className="my-1 grid gap-px overflow-hidden rounded-md border border-line bg-line font-mono sm:grid-cols-2"
                >
                  <Version of={ours} text={hunk.ours} />
                  <Version of={theirs} text={hunk.theirs} />
                </div>
              ))}
            </details>
          )}
        </li>
      ))}
    </ul>
  );
}

function FileName({ path, kind }: Pick<ConflictView, "path" | "kind">) {
  return (
    <>
      <span className="font-mono [overflow-wrap:anywhere]">{visibleText(path)}</span>
      {kind !== "contents" && <span className="text-faint"> {visibleText(kind)}</span>}
    </>
  );
}

function Version({ of, text }: { of: string; text: string }) {
  return (
    <div className="min-w-0 bg-surface">
      <p className="border-b border-line px-2 py-0.5 text-2xs text-faint">{of}</p>
      <pre className="overflow-x-auto px-2 py-1 leading-[1.45]">{visibleText(text) || "nothing"}</pre>
    </div>
  );
}
