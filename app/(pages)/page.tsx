"use client";

import { Board } from "#components/board/board.tsx";
import { DispatchAllButton } from "#components/dispatch/dispatch-all-button.tsx";
import { DispatchButton } from "#components/dispatch/dispatch-button.tsx";
import { LoopControl } from "#components/loop/loop-control.tsx";
import { MergeButton } from "#components/merge/merge-button.tsx";
import { FirstSteps } from "#components/repository/first-steps.tsx";
import { RepositorySwitch } from "#components/repository/repository-switch.tsx";

export default function BoardPage() {
  return (
    <Board
      Dispatch={DispatchButton}
      DispatchAll={DispatchAllButton}
      Merge={MergeButton}
      bar={
        <>
          <RepositorySwitch />
          <LoopControl />
        </>
      }
      firstSteps={<FirstSteps />}
    />
  );
}
