import { Copy } from "./copy.tsx";

/** A command to run in a terminal, copied with a click. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="flex h-9 min-w-0 items-center gap-2 rounded-md border border-line bg-sunken px-3 pointer-coarse:h-11">
      <span aria-hidden className="font-mono text-xs text-faint select-none">
        $
      </span>
      <Copy value={command} label="command" className="flex-1 justify-between text-text" />
    </div>
  );
}
