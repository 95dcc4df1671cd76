"use client";

import dynamic from "next/dynamic";
import { use } from "react";
import { SessionArchives } from "#components/archive/session-archives.tsx";
import { DiffPanel } from "#components/diff/diff-panel.tsx";
import { LogPanel } from "#components/log/log-panel.tsx";
import { MergeButton } from "#components/merge/merge-button.tsx";
import { SessionLanding } from "#components/merge/session-landing.tsx";
import { SessionQuestions } from "#components/question/session-questions.tsx";
import { ReviewPanel } from "#components/review/review-panel.tsx";
import { SessionScreen } from "#components/session/session-screen.tsx";
import { Timeline } from "#components/timeline/timeline.tsx";
import { TranscriptPanel } from "#components/transcript/transcript-panel.tsx";

const DispatchDialog = dynamic(() => import("#components/dispatch/dispatch-dialog.tsx"), { ssr: false });

const panels = {
  transcript: TranscriptPanel,
  output: LogPanel,
  diff: DiffPanel,
  review: ReviewPanel,
  questions: SessionQuestions,
  timeline: Timeline,
};

interface SessionPageProps {
  params: Promise<{ id: string }>;
  searchParams: Promise<{ tab?: string | string[]; file?: string | string[] }>;
}

export default function SessionPage({ params, searchParams }: SessionPageProps) {
  const { id } = use(params);
  const { tab, file } = use(searchParams);
  return (
    <SessionScreen
      key={id}
      id={id}
      tab={typeof tab === "string" ? tab : undefined}
      file={typeof file === "string" ? file : undefined}
      Merge={MergeButton}
      Dispatch={DispatchDialog}
      Landing={SessionLanding}
      Archives={SessionArchives}
      panels={panels}
    />
  );
}
