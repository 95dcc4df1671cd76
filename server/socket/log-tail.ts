import type { FSWatcher } from "node:fs";
import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import type { LogBytes, LogRef } from "#lib/contract/wire.ts";
import type { Generations, LogFile } from "./log-file.ts";
import { openLogFile } from "./log-file.ts";
import { readView } from "./log-view.ts";
import type { Redactor } from "./redact.ts";

/** One who follows a log. */
export interface Follower {
  /** Those who are up to date and have the same group are told at once; null is told alone. */
  readonly group: string | null;
  /** Called when it is up to date, and when it no longer is. */
  setUpToDate(isUpToDate: boolean): void;
  send(bytes: LogBytes): void;
  /** Bytes that were sent and have not left yet. */
  behindBytes(): number;
  /** Resolves when there is room again, or it is gone. */
  drained(): Promise<void>;
}

interface Member {
  readonly follower: Follower;
  generation: number;
  next: number;
  isUpToDate: boolean;
  isCatchingUp: boolean;
}

const chunkBytes = 262_144;
/** Who has more than this under way is taken out of the group and reads the file at its own pace. */
const slowBytes = 1_048_576;
/** A line that is not finished is shown when nothing was added to it for this long. */
const unfinishedLineMs = 60;
/** Watching is a doorbell that some file systems do not have; this is the fallback. */
const lookEveryMs = 1000;
const lookForFileEveryMs = 200;

/**
 * Follows one file for everybody who watches it: what is appended is read once, in chunks, and told once to all who are up to
 * date. The others read what they miss from the file, each at the pace of its own line, so no one's slowness is kept in memory.
 */
export class LogTail {
  readonly #ref: LogRef;
  readonly #path: { file: string; directory: string };
  readonly #redactor: Redactor;
  readonly #generations: Generations;
  readonly #tellGroup: (group: string, bytes: LogBytes) => void;
  readonly #members = new Set<Member>();
  #open: LogFile | null = null;
  #generation = 0;
  #position = 0;
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isLooking = false;
  #lookAgain = false;
  #isClosed = false;
  /** Size of the file when its unfinished last line was held back, and when that was. */
  #held: { size: number; since: number } | null = null;

  constructor(options: {
    ref: LogRef;
    path: { file: string; directory: string };
    redactor: Redactor;
    generations: Generations;
    tellGroup: (group: string, bytes: LogBytes) => void;
  }) {
    this.#ref = options.ref;
    this.#path = options.path;
    this.#redactor = options.redactor;
    this.#generations = options.generations;
    this.#tellGroup = options.tellGroup;
  }

  get isEmpty(): boolean {
    return this.#members.size === 0;
  }

  /** From the byte `next` of that generation on. The first to join says where the tail begins. */
  join(follower: Follower, place: { generation: number; next: number }): () => void {
    const member = { follower, ...place, isUpToDate: false, isCatchingUp: false };
    if (this.isEmpty && !this.#open) {
      this.#generation = place.generation;
      this.#position = place.next;
    }
    this.#members.add(member);
    this.#catchUp(member);
    this.#look();
    return () => {
      this.#members.delete(member);
      this.#setUpToDate(member, false);
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#watcher?.close();
    if (this.#timer) clearTimeout(this.#timer);
    for (const member of this.#members) this.#setUpToDate(member, false);
    this.#members.clear();
    if (!this.#isLooking) void this.#release();
  }

  /** Looks at the file now; one look at a time, and once more if something rang meanwhile. */
  #look(): void {
    if (this.#isClosed) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    this.#isLooking = true;
    this.#lookAgain = false;
    this.#advance()
      // The file may be gone or be something else now; the next look finds out.
      .catch(() => this.#release())
      .finally(() => {
        this.#isLooking = false;
        if (this.#isClosed) void this.#release();
        else if (this.#lookAgain) this.#look();
        else this.#lookLater();
      });
  }

  #lookLater(): void {
    if (this.#timer) clearTimeout(this.#timer);
    const wait = this.#held ? unfinishedLineMs : this.#open ? lookEveryMs : lookForFileEveryMs;
    this.#timer = setTimeout(() => this.#look(), wait);
    this.#timer.unref();
  }

  async #advance(): Promise<void> {
    const { file, directory } = this.#path;
    const now = this.#open ? await stat(file, { bigint: true }) : null;
    if (now && (now.ino !== this.#open?.stats.ino || now.dev !== this.#open.stats.dev)) await this.#release();
    this.#open ??= await openLogFile(file, directory);
    if (!this.#open) return;
    this.#watch();
    const stats = await this.#open.handle.stat({ bigint: true });
    const generation = this.#generations.of(file, stats);
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#position = 0;
      this.#held = null;
    }
    await this.#tellUpTo(Number(stats.size), this.#open);
    for (const member of this.#members) this.#catchUp(member);
  }

  async #tellUpTo(size: number, { handle }: LogFile): Promise<void> {
    while (this.#position < size && !this.#isClosed) {
      const to = Math.min(size, this.#position + chunkBytes);
      const isQuiet = this.#held?.size === size && performance.now() - this.#held.since >= unfinishedLineMs;
      const view = await readView(handle, this.#redactor, {
        from: this.#position,
        to,
        size,
        cut: isQuiet ? "character" : "line",
      });
      const isUnfinished = to === size && !isQuiet && !view.text.endsWith("\n");
      if (isUnfinished) {
        if (this.#held?.size !== size) this.#held = { size, since: performance.now() };
        return;
      }
      this.#held = null;
      // Only the beginning of a character is left: it waits for its other bytes.
      if (view.next === this.#position) return;
      this.#tell({ ...this.#ref, generation: this.#generation, ...view, offset: this.#position });
    }
  }

  #tell(bytes: LogBytes): void {
    const groups = new Set<string>();
    for (const member of this.#members) {
      if (!member.isUpToDate) continue;
      if (member.follower.behindBytes() > slowBytes) {
        this.#setUpToDate(member, false);
        continue;
      }
      member.generation = bytes.generation;
      member.next = bytes.next;
      if (member.follower.group === null) member.follower.send(bytes);
      else groups.add(member.follower.group);
    }
    for (const group of groups) this.#tellGroup(group, bytes);
    this.#position = bytes.next;
  }

  #setUpToDate(member: Member, isUpToDate: boolean): void {
    if (member.isUpToDate === isUpToDate) return;
    member.isUpToDate = isUpToDate;
    member.follower.setUpToDate(isUpToDate);
  }

  #catchUp(member: Member): void {
    if (member.isUpToDate || member.isCatchingUp) return;
    member.isCatchingUp = true;
    // A file that went away under the read is found gone by the next look.
    this.#readMissed(member).catch(() => undefined);
  }

  async #readMissed(member: Member): Promise<void> {
    try {
      while (await this.#readOneMissed(member));
    } finally {
      member.isCatchingUp = false;
    }
  }

  /** False when there is nothing more to read for it now. */
  async #readOneMissed(member: Member): Promise<boolean> {
    const { follower } = member;
    if (follower.behindBytes() > chunkBytes) await follower.drained();
    if (!this.#members.has(member)) return false;
    if (member.generation !== this.#generation) {
      member.generation = this.#generation;
      member.next = 0;
    }
    if (member.next === this.#position) this.#setUpToDate(member, true);
    // Beyond: it read an unfinished line in its window that the others are still to get.
    if (member.next >= this.#position || !this.#open) return false;
    const { next, generation } = member;
    const to = Math.min(this.#position, next + chunkBytes);
    const { handle } = this.#open;
    const size = Number((await handle.stat({ bigint: true })).size);
    const view = await readView(handle, this.#redactor, { from: next, to, size, cut: "character" });
    if (!this.#members.has(member)) return false;
    if (generation !== this.#generation) return true;
    if (view.next <= next) return false;
    member.next = view.next;
    follower.send({ ...this.#ref, generation, ...view });
    return true;
  }

  #watch(): void {
    if (this.#watcher) return;
    try {
      this.#watcher = watch(this.#path.file, { persistent: false }, () => this.#look());
      this.#watcher.on("error", () => this.#unwatch());
    } catch {
      // Too many watches, or none on this file system: the timer looks.
    }
  }

  #unwatch(): void {
    this.#watcher?.close();
    this.#watcher = null;
  }

  async #release(): Promise<void> {
    this.#unwatch();
    const open = this.#open;
    this.#open = null;
    await open?.handle.close().catch(() => undefined);
  }
}
