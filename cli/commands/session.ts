import type { Command } from "commander";
import { addAnswer } from "./session/answer.ts";
import { addCleanup } from "./session/cleanup.ts";
import { addComment } from "./session/comment.ts";
import { addDiff } from "./session/diff.ts";
import { addDispatch } from "./session/dispatch.ts";
import { addDispatchReady } from "./session/dispatch-ready.ts";
import { addExecute } from "./session/execute.ts";
import { addLogs } from "./session/logs.ts";
import { addMerge } from "./session/merge.ts";
import { addMessage } from "./session/message.ts";
import { addOverlaps } from "./session/overlaps.ts";
import { addOverrule } from "./session/overrule.ts";
import { addQuestions } from "./session/questions.ts";
import { addResume } from "./session/resume.ts";
import { addRevert } from "./session/revert.ts";
import { addReview } from "./session/review.ts";
import { addRework } from "./session/rework.ts";
import { addSendBack } from "./session/send-back.ts";
import { addStatus } from "./session/status.ts";
import { addStop } from "./session/stop.ts";

export function addSession(program: Command): void {
  const session = program
    .command("session")
    .description("dispatch work to isolated sessions, watch, answer, merge");
  addDispatch(session);
  addDispatchReady(session);
  addExecute(session);
  addStatus(session);
  addLogs(session);
  addDiff(session);
  addOverlaps(session);
  addQuestions(session);
  addAnswer(session);
  addReview(session);
  addComment(session);
  addOverrule(session);
  addMerge(session);
  addSendBack(session);
  addRevert(session);
  addStop(session);
  addResume(session);
  addRework(session);
  addMessage(session);
  addCleanup(session);
}
