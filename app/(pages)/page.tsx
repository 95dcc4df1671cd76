"use client";

import { Board } from "#components/board/board.tsx";
import { DispatchButton } from "#components/dispatch/dispatch-button.tsx";
import { MergeButton } from "#components/merge/merge-button.tsx";

export default function BoardPage() {
  return <Board Dispatch={DispatchButton} Merge={MergeButton} />;
}
