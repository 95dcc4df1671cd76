import { classNames } from "#components/ui/class-names.ts";
import { Until } from "#components/ui/until.tsx";
import { visibleText } from "#components/ui/visible-text.ts";
import type { SessionView } from "#lib/contract/wire.ts";

/** Why it stands still, and what helps. */
export function ReasonNote({ session: { reason, retry, status } }: { session: SessionView }) {
  // A conflict is told with its landing, and with the ways on.
  if (!reason || status === "merged" || reason.code === "merge-conflict") return null;
  const isBad = status === "failed" || status === "rejected" || status === "interrupted";
  return (
    <div
      className={classNames(
        "mt-2 max-h-36 overflow-y-auto rounded-md px-3 py-2 text-sm max-sm:max-h-32",
        isBad ? "bg-bad-soft" : "bg-sunken",
      )}
    >
      <p>
        <span className={classNames("font-medium", isBad && "text-bad")}>{visibleText(reason.text)}</span>{" "}
        <span className="text-muted">
          {visibleText(reason.remedy)}
          {retry?.waits && retry.at !== null && (
            <>
              {" "}
              {status === "interrupted" ? (
                "It goes on as soon as there is room."
              ) : (
                <>
                  Next attempt in <Until at={retry.at} />.
                </>
              )}
            </>
          )}
        </span>
      </p>
      {reason.detail !== "" && (
        <pre className="mt-1 font-mono text-xs whitespace-pre-wrap text-muted [overflow-wrap:anywhere]">
          {visibleText(reason.detail)}
        </pre>
      )}
    </div>
  );
}
