"use client";

import { Repeat } from "lucide-react";
import { useMemo, useState } from "react";
import { toast } from "#components/ui/toast.ts";
import { useCommand } from "#components/live/use-command.ts";
import { useMay } from "#components/live/use-may.ts";
import { useModel } from "#components/live/use-model.ts";
import { useRepositoryChoice } from "#components/live/use-repository-choice.ts";
import { Button } from "#components/ui/button.tsx";
import { Field, Input, Select } from "#components/ui/field.tsx";
import { Locked } from "#components/ui/locked.tsx";
import { Modal } from "#components/ui/modal.tsx";
import { Segments } from "#components/ui/segments.tsx";
import { isInProject } from "#lib/domain/scheduling.ts";
import { projectNames } from "./project-names.ts";
import { useLoops } from "./use-loops.ts";

/** Asks what to work through, how approved work lands, and where it ends by itself. */
export default function StartLoopDialog({ onClose }: { onClose: () => void }) {
  const { all, chosen } = useRepositoryChoice();
  const [repository, setRepository] = useState(chosen?.id ?? all[0]?.id ?? null);
  const { running } = useLoops(repository);
  const taken = new Set(running.map(({ project: name }) => name));
  const [wanted, setProject] = useState("");
  const [landing, setLanding] = useState<"ask" | "auto">("ask");
  const [maxSessions, setMaxSessions] = useState(200);
  const [maxFailures, setMaxFailures] = useState(10);
  const items = useModel((model) => model.items);
  const start = useCommand("loop:start");
  const whyNotLand = useMay().whyNot("merge:start", repository ?? undefined);
  const ours = useMemo(
    () => [...(items?.values() ?? [])].filter((item) => item.repository === repository),
    [items, repository],
  );
  const { projects, labels } = useMemo(() => projectNames(ours), [ours]);
  // A loop over everything and one over a part would work on the same items.
  const free = [...projects, ...labels].filter((name) => !taken.has(name));
  const isWholeFree = taken.size === 0;
  const project = wanted === "" && !isWholeFree ? (free[0] ?? "") : wanted;
  const meant = project === "" ? ours : ours.filter((item) => isInProject(item, project));
  const ready = meant.filter(({ unready }) => unready === null).length;

  const begin = async () => {
    const done = await start.run({
      repository,
      project: project === "" ? null : project,
      landing,
      maxSessions,
      maxFailures,
    });
    if (!done) return;
    onClose();
    toast.success(done.started ? "On its way." : "It was running already.");
  };
  return (
    <Modal
      open
      onOpenChange={(open) => !open && onClose()}
      title="Work through the backlog"
      description="Starts a session for whatever is ready, and again whenever landed work unblocks more, until nothing is left. It goes on when you close this page."
    >
      <form
        className="flex min-h-0 flex-col gap-4 overflow-y-auto p-5 pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          {all.length > 1 && (
            <Field label="Repository">
              {(described) => (
                <Select
                  {...described}
                  value={repository ?? ""}
                  onChange={(event) => {
                    setRepository(all.find(({ id }) => id === event.target.value)?.id ?? null);
                    setProject("");
                  }}
                >
                  {all.map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Field label="Project" className={all.length > 1 ? "" : "sm:col-span-2"}>
            {(described) => (
              <Select {...described} value={project} onChange={(event) => setProject(event.target.value)}>
                <option value="" disabled={!isWholeFree}>
                  The whole backlog{!isWholeFree && " (a part of it is being worked through)"}
                </option>
                {projects.map((name) => (
                  <option key={name} disabled={taken.has(name)}>
                    {name}
                  </option>
                ))}
                {labels.length > 0 && (
                  <optgroup label="Labels">
                    {labels.map((name) => (
                      <option key={name} disabled={taken.has(name)}>
                        {name}
                      </option>
                    ))}
                  </optgroup>
                )}
              </Select>
            )}
          </Field>
        </div>
        <p className="-mt-1 text-xs text-muted" aria-live="polite">
          {ready === 0 ? "Nothing is ready now" : `${String(ready)} ready now`}, {meant.length} open in all.
          What is over the limit of sessions at once waits in the queue.
        </p>
        <div className="flex flex-col gap-1.5">
          <p className="text-xs font-medium text-muted">When work is approved</p>
          <Segments
            label="When work is approved"
            choices={[
              ["ask", "Ask before landing"],
              ...(whyNotLand === null ? ([["auto", "Land by itself"]] as const) : []),
            ]}
            value={landing}
            onChange={setLanding}
          />
          {whyNotLand === null ? (
            <p className="text-xs text-faint">
              {landing === "ask"
                ? "Each approved change waits under Ready to merge for a click."
                : "Whatever its council approves is merged into the base without a person."}
            </p>
          ) : (
            <Locked>{`Landing by itself merges without a person. ${whyNotLand}`}</Locked>
          )}
        </div>
        <div className="grid grid-cols-2 gap-4">
          <Field label="Sessions at most" hint="Dispatches in all.">
            {(described) => (
              <Input
                {...described}
                type="number"
                min={1}
                max={10_000}
                required
                value={maxSessions || ""}
                onChange={(event) => setMaxSessions(event.target.valueAsNumber || 0)}
              />
            )}
          </Field>
          <Field label="Failures at most" hint="Then it begins nothing new.">
            {(described) => (
              <Input
                {...described}
                type="number"
                min={1}
                max={10_000}
                required
                value={maxFailures || ""}
                onChange={(event) => setMaxFailures(event.target.valueAsNumber || 0)}
              />
            )}
          </Field>
        </div>
        <div className="flex justify-end gap-2">
          <Button size="md" kind="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button size="md" kind="primary" type="submit" busy={start.busy}>
            <Repeat aria-hidden /> Start
          </Button>
        </div>
      </form>
    </Modal>
  );
}
