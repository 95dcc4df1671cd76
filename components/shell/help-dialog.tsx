"use client";

import { KeyCap } from "#components/ui/key-cap.tsx";
import { Modal } from "#components/ui/modal.tsx";

const keys: readonly (readonly [string, string])[] = [
  ["⌘K", "Search, jump and do"],
  ["g b", "Board"],
  ["g q", "Inbox"],
  ["g m", "Merges"],
  ["g l", "Backlog"],
  ["g r", "Repositories"],
  ["g a", "Activity"],
  ["g t", "Team"],
  ["c", "New item"],
  ["j", "Next in the list"],
  ["k", "Previous in the list"],
  ["Enter", "Open, or send the answer"],
  ["1 – 9", "Choose an option of a question"],
  ["?", "This help"],
];

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal open onOpenChange={(open) => !open && onClose()} title="Keyboard" className="max-w-sm">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2 px-5 pt-3 pb-5 text-sm">
        {keys.map(([key, what]) => (
          <div key={key} className="contents">
            <dt className="flex gap-1">
              {key.split(" ").map((cap, index) => (cap === "–" ? cap : <KeyCap key={index}>{cap}</KeyCap>))}
            </dt>
            <dd className="text-muted">{what}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
