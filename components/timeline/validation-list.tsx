import { Check, X } from "lucide-react";
import type { SessionDetail } from "#components/live/use-session.ts";
import { AnsiText } from "#components/ui/ansi-text.tsx";
import { duration } from "#components/ui/since.tsx";
import { visibleText } from "#components/ui/visible-text.ts";

/** The commands that checked the work, with what they printed last. */
export function ValidationList({ validation }: { validation: NonNullable<SessionDetail["validation"]> }) {
  return (
    <section aria-label="Validation">
      <h2 className="mb-2 text-xs font-semibold text-muted">
        Validation {validation.passed ? "passed" : "failed"}{" "}
        <span className="font-mono font-normal text-faint">{validation.head.slice(0, 7)}</span>
      </h2>
      <ul className="overflow-hidden rounded-lg border border-line bg-surface">
        {validation.commands.map(({ name, command, exit, durationMs, tail }) => (
          <li key={name} className="border-b border-line last:border-0">
            <details>
              <summary className="flex h-9 items-center gap-2 px-3 text-sm select-none">
                {exit === 0 ? (
                  <Check className="size-3.5 text-good" aria-label="passed" />
                ) : (
                  <X className="size-3.5 text-bad" aria-label="failed" />
                )}
                <span className="font-medium">{visibleText(name)}</span>
                <span className="min-w-0 truncate font-mono text-xs text-faint">{visibleText(command)}</span>
                <span className="ml-auto text-xs whitespace-nowrap text-faint">{duration(durationMs)}</span>
              </summary>
              <pre className="max-h-64 overflow-auto border-t border-line bg-sunken p-3 font-mono text-xs whitespace-pre-wrap">
                {tail.split("\n").map((line, index) => (
                  <div key={index}>
                    <AnsiText line={line} />
                  </div>
                ))}
              </pre>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
