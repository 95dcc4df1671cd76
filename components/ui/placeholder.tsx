import { classNames } from "./class-names.ts";

/** Quiet bars in the shape of what is on its way. */
export function Placeholder({ lines = 4, className }: { lines?: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className={classNames("flex flex-col gap-2 p-4", className)}>
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className="h-4 rounded bg-line opacity-60"
          style={{ width: `${String(88 - ((index * 23) % 45))}%` }}
        />
      ))}
    </div>
  );
}
