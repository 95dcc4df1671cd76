declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** A work item's id as its tracker gives it, such as `bd-auth.1`. */
export type ItemId = Branded<string, "ItemId">;
/** `session-<item>-<6 base36>`, such as `session-bd-auth-1-x7k2pq`. */
export type SessionId = Branded<string, "SessionId">;
/** `q-<n>`, counted per session from 1. */
export type QuestionId = Branded<string, "QuestionId">;
/** First 16 hex digits of the SHA-256 of the real path of the git common directory. */
export type RepositoryId = Branded<string, "RepositoryId">;
/** A branch that Amplify made: `amplify/<item>`. */
export type BranchName = Branded<string, "BranchName">;
/** A full git object id, 40 (SHA-1) or 64 (SHA-256) lower-case hex digits. */
export type ObjectId = Branded<string, "ObjectId">;
/** The UUID of the agent's own conversation; never shown as the session's id. */
export type AgentSessionId = Branded<string, "AgentSessionId">;

const itemPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;
const sessionPattern = /^session-[A-Za-z0-9][A-Za-z0-9-]{0,120}-[0-9a-z]{6}$/;
const questionPattern = /^q-[1-9][0-9]{0,5}$/;
const repositoryPattern = /^[0-9a-f]{16}$/;
const branchPattern = /^amplify\/[A-Za-z0-9][A-Za-z0-9._-]*$/;
const objectPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isItemId(text: string): text is ItemId {
  return itemPattern.test(text) && !text.includes("..") && !text.endsWith(".") && !text.endsWith(".lock");
}

export function isSessionId(text: string): text is SessionId {
  return sessionPattern.test(text);
}

export function isQuestionId(text: string): text is QuestionId {
  return questionPattern.test(text);
}

export function isRepositoryId(text: string): text is RepositoryId {
  return repositoryPattern.test(text);
}

export function isBranchName(text: string): text is BranchName {
  return branchPattern.test(text) && isItemId(text.slice("amplify/".length));
}

export function isObjectId(text: string): text is ObjectId {
  return objectPattern.test(text);
}

export function isAgentSessionId(text: string): text is AgentSessionId {
  return uuidPattern.test(text);
}

/** Thrown where a value that had to be an id is not one; `kind` and `value` say which and what. */
export class MalformedIdError extends Error {
  override readonly name = "MalformedIdError";
  readonly kind: string;
  readonly value: string;

  constructor(kind: string, value: string) {
    super(`${JSON.stringify(value)} is not a valid ${kind}.`);
    this.kind = kind;
    this.value = value;
  }
}

function parser<Id extends string>(kind: string, is: (text: string) => text is Id) {
  return (text: string): Id => {
    if (!is(text)) throw new MalformedIdError(kind, text);
    return text;
  };
}

export const parseItemId = parser("item id", isItemId);
export const parseSessionId = parser("session id", isSessionId);
export const parseQuestionId = parser("question id", isQuestionId);
export const parseRepositoryId = parser("repository id", isRepositoryId);
export const parseBranchName = parser("branch name", isBranchName);
export const parseObjectId = parser("git object id", isObjectId);
export const parseAgentSessionId = parser("agent session id", isAgentSessionId);

/** Six base36 digits tell two sessions of one item apart. */
export function sessionIdFor(item: ItemId, suffix: string): SessionId {
  return parseSessionId(`session-${item.replace(/[^A-Za-z0-9-]/g, "-")}-${suffix}`);
}

/** `random` yields numbers in [0, 1), as `Math.random` does; tests pass a seeded one. */
export function randomSuffix(random: () => number): string {
  return Array.from({ length: 6 }, () => Math.floor(random() * 36).toString(36)).join("");
}

export function questionIdFor(n: number): QuestionId {
  return parseQuestionId(`q-${String(n)}`);
}

export function branchFor(item: ItemId): BranchName {
  return parseBranchName(`amplify/${item}`);
}

/** The worktree's path, relative to the root of the repository's main checkout. */
export function worktreeFor(item: ItemId): string {
  return `.worktrees/${item}`;
}

/** The actor under which a session claims and comments, so that two sessions never share a claim. */
export function actorFor(session: SessionId): string {
  return `amplify/${session}`;
}

/** `auth` and `project:auth` name the same project. */
export function projectLabel(project: string): string {
  return project.startsWith("project:") ? project : `project:${project}`;
}
