"use client";

import { useRef, useState } from "react";
import { useLog } from "#components/live/use-log.ts";
import type { Problem } from "#lib/contract/wire.ts";
import { parseClaudeLine } from "#lib/domain/claude-stream.ts";
import type { LogRef } from "#lib/contract/wire.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { Transcript } from "./transcript.ts";
import { emptyTranscript, withEvents } from "./transcript.ts";

/** The newest part of a step's stream that is shown; a step's own log holds the rest. */
const shownBytes = 1_048_576;

export interface StepTranscript {
  readonly transcript: Transcript;
  readonly problem: Problem | null;
  /** The stream is longer than what is shown. */
  readonly isCut: boolean;
  readonly hasBegun: boolean;
}

/** Follows the stream of one step; each byte is parsed once. Null follows nothing. */
export function useStepTranscript(ref: LogRef | null): StepTranscript {
  const splitter = useRef<LineSplitter | null>(null);
  const [state, setState] = useState<StepTranscript>({
    transcript: emptyTranscript,
    problem: null,
    isCut: false,
    hasBegun: false,
  });
  useLog(ref, shownBytes, {
    onChunk(chunk) {
      if (chunk.kind === "gap") {
        splitter.current = null;
        setState((old) => ({ ...old, transcript: emptyTranscript, isCut: false }));
        return;
      }
      const isFirst = splitter.current === null;
      const cut = isFirst && chunk.offset > 0;
      splitter.current ??= new LineSplitter({ midLine: cut });
      const events = splitter.current.push(chunk.text).flatMap(parseClaudeLine);
      setState((old) => ({
        transcript: withEvents(isFirst ? emptyTranscript : old.transcript, events),
        problem: null,
        isCut: isFirst ? cut : old.isCut,
        hasBegun: true,
      }));
    },
    onProblem: (problem) => setState((old) => ({ ...old, problem })),
  });
  return state;
}
