import type { PostWebhook } from "../ports.ts";
import { createAnswerAlike } from "../questions/answer-alike.ts";
import { createAnswerQuestion } from "../questions/answer-question.ts";
import { createStandingAnswers } from "../questions/standing-answers.ts";
import { createWebhookCommands } from "../questions/webhook-commands.ts";
import { createDispatchReady } from "../scheduling/dispatch-ready.ts";
import { createItemCommands } from "../scheduling/item-commands.ts";
import { createStartLoop, createStopLoop } from "../scheduling/loop-commands.ts";
import type { Retries } from "../scheduling/retries.ts";
import type { TeamStore } from "../team/ports.ts";
import { createTeamCommands } from "../team/team-commands.ts";
import type { Team } from "../team/team.ts";
import type { Archives } from "./archives.ts";
import type { Handlers } from "./command.ts";
import { createAcknowledge } from "./commands/acknowledge.ts";
import { createAddRepository } from "./commands/add-repository.ts";
import { createArchiveCommands } from "./commands/archives.ts";
import { createCancelMerge } from "./commands/cancel-merge.ts";
import { createCleanup } from "./commands/cleanup.ts";
import { createResumeInterrupted } from "../scheduling/resume-interrupted.ts";
import { createCommentCommands } from "./commands/comments.ts";
import { createDispatch } from "./commands/dispatch.ts";
import { createOverrule } from "./commands/overrule.ts";
import { createRemoveRepository } from "./commands/remove-repository.ts";
import { createRevertMerge } from "./commands/revert-merge.ts";
import { createStartMerge } from "./commands/start-merge.ts";
import { createSteering } from "./commands/steer.ts";
import { createStorageCommands } from "./commands/storage.ts";
import type { Retention, Upkeep } from "./ports.ts";
import type { Witness } from "./evidence.ts";
import type { Room } from "./room.ts";

/** What carries out each command. */
export function createCommandHandlers(
  room: Room & {
    readonly archives: Archives;
    readonly witness: Witness;
    readonly retries: Retries;
    readonly post: PostWebhook;
    readonly team: Team;
    readonly teamStore: TeamStore;
    readonly upkeep: Upkeep;
    readonly retention: Retention;
    /** What is stored has changed. */
    measured(): void;
  },
): Handlers {
  const dispatch = createDispatch(room);
  return {
    "repository:add": createAddRepository(room),
    "repository:remove": createRemoveRepository(room),
    "repository:acknowledge": createAcknowledge(room),
    "session:dispatch": dispatch,
    "session:dispatch-ready": createDispatchReady(room, dispatch),
    ...createSteering(room),
    ...createCommentCommands(room),
    "session:overrule": createOverrule(room),
    "session:cleanup": createCleanup(room),
    "question:answer": createAnswerQuestion(room),
    "question:answer-alike": createAnswerAlike(room),
    ...createStandingAnswers(room),
    ...createWebhookCommands(room),
    "merge:start": createStartMerge(room),
    "merge:cancel": createCancelMerge(room),
    "merge:revert": createRevertMerge(room),
    "loop:start": createStartLoop(room),
    "loop:stop": createStopLoop(room),
    ...createItemCommands(room),
    ...createArchiveCommands(room),
    ...createTeamCommands({
      store: room.teamStore,
      repositories: () => room.store.repositories(),
      team: room.team,
    }),
    "session:resume-interrupted": createResumeInterrupted(room),
    "queue:resume": room.retries.resumeQueue,
    ...createStorageCommands(room),
  };
}
