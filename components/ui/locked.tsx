import { Lock } from "lucide-react";

/** Why something is not for this person. */
export function Locked({ children }: { children: string }) {
  return (
    <p className="flex items-start gap-1.5 text-xs text-muted">
      <Lock className="mt-0.5 size-3 shrink-0" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
