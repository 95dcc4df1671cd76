#!/usr/bin/env node
import { setTimeout as wait } from "node:timers/promises";
import { askTool } from "../claude/ask.ts";
import { readCommandLine, spokenVersion, UsageError, type CommandLine } from "./command-line.ts";
import {
  beginConversation,
  keepConversation,
  readDefaultScript,
  recallConversation,
  type Conversation,
} from "./conversation.ts";
import { holdCouncil } from "./council.ts";
import { findScript, readScript } from "./directives.ts";
import { speaksNoStream } from "./fail.ts";
import { createHooks } from "./hooks.ts";
import { readOrder } from "./read-order.ts";
import type { Scene } from "./scene.ts";
import { Over, Stream } from "./stream.ts";
import { work } from "./work.ts";

/**
 * A program with the command line and the stream of the Claude CLI, and a script in the place of a
 * model: docs/rehearsal.md. It talks to nobody and runs nothing but git and the hooks it was given.
 */
try {
  const command = readCommandLine(process.argv.slice(2), process.env);
  if (command.version) process.stdout.write(`${spokenVersion} (rehearsal of Claude Code)\n`);
  else await rehearse(command);
} catch (error) {
  process.exitCode = error instanceof Over ? error.exit : 1;
  if (!(error instanceof Over)) process.stderr.write(`Error: ${messageOf(error)}\n`);
}

async function rehearse(command: CommandLine): Promise<void> {
  const { env } = process;
  const conversation = command.resumes
    ? recallConversation(env, command.session)
    : beginConversation(env, command.session);
  const stream = new Stream({
    ...command,
    cwd: process.cwd(),
    tools: ["Bash", "Edit", "Read", "Write", askTool, ...(command.subagents.length > 0 ? ["Agent"] : [])],
    agents: command.subagents,
    spentUsd: conversation?.spentUsd ?? 0,
    print: (line) => process.stdout.write(line),
  });
  if (!conversation) {
    const lost = `No conversation found with session ID: ${command.session}`;
    return stream.fail("error_during_execution", "", lost);
  }
  if (command.prompt.trim() === "" && !conversation.deferred)
    throw new UsageError("A prompt has to come as an argument or through standard input.");
  const scene = sceneOf(command, conversation, stream);
  if (!speaksNoStream(scene)) stream.begin(command.prompt);
  try {
    if (scene.order && command.subagents.length > 0) await holdCouncil(scene, scene.order);
    else await work(scene);
  } finally {
    conversation.spentUsd += stream.costUsd;
    scene.keep();
  }
}

function sceneOf(command: CommandLine, conversation: Conversation, stream: Stream): Scene {
  const order = command.prompt.trim() === "" ? null : readOrder(command.prompt);
  conversation.item = order?.item ?? conversation.item;
  conversation.script = findScript(command.prompt) ?? conversation.script;
  const worktree = process.cwd();
  const script = readScript(conversation.script ?? readDefaultScript(process.env));
  const keep = () => keepConversation(process.env, conversation);
  keep();
  return {
    command,
    conversation,
    script,
    order,
    stream,
    hooks: createHooks(command.settings, { session: command.session, cwd: worktree }),
    worktree,
    keep,
    pause: () => wait(script.pauseMs),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
