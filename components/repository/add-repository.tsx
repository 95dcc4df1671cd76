"use client";

import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/field.tsx";
import { Locked } from "#components/ui/locked.tsx";

/** Registers a repository by its path on the server's machine. */
export function AddRepository() {
  const { run, busy } = useCommand("repository:add");
  const may = useMay();
  const [path, setPath] = useState("");
  const whyNot = may.whyNot("repository:add");
  if (whyNot !== null)
    return <Locked>{`Agents work in repositories with this machine's rights. ${whyNot}`}</Locked>;
  const add = async () => {
    const done = await run({ path: path.trim() });
    if (!done) return;
    setPath("");
    toast.success(
      done.added ? `${done.repository.name} is registered` : `${done.repository.name} was registered already`,
    );
  };
  return (
    <form
      className="flex gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== "") void add();
      }}
    >
      <Input
        aria-label="Path of the repository on the server's machine"
        placeholder="/path/to/repository"
        autoCapitalize="off"
        autoComplete="off"
        spellCheck={false}
        value={path}
        onChange={(event) => setPath(event.target.value)}
        className="min-w-0 flex-1 font-mono"
      />
      <Button
        size="md"
        kind="primary"
        type="submit"
        busy={busy}
        disabled={path.trim() === ""}
        className="!h-9 pointer-coarse:!h-11"
      >
        <FolderPlus aria-hidden /> Add
      </Button>
    </form>
  );
}
