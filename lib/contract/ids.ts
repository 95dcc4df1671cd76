import { z } from "zod";
import {
  isAgentSessionId,
  isBranchName,
  isItemId,
  isObjectId,
  isQuestionId,
  isRepositoryId,
  isSessionId,
} from "#lib/domain/ids.ts";

export const itemId = z.string().refine(isItemId, "is not a valid item id");
export const sessionId = z.string().refine(isSessionId, "is not a valid session id");
export const questionId = z.string().refine(isQuestionId, "is not a valid question id");
export const repositoryId = z.string().refine(isRepositoryId, "is not a valid repository id");
export const branchName = z.string().refine(isBranchName, "is not a valid branch name");
export const objectId = z.string().refine(isObjectId, "is not a git object id");
export const agentSessionId = z.string().refine(isAgentSessionId, "is not a UUID");
/** RFC 3339, UTC. */
export const instant = z.iso.datetime();
