import { statfs } from "node:fs/promises";

/** What has to stay free, so that what is under way can still be recorded; less on a small disk. */
const reserveBytes = 32 << 20;
const reserveShare = 0.05;
/** Room has to come back by more than a little, else work would begin and pause by turns. */
const recovery = 1.5;

/** Whether the disk of this folder is as good as full. False where nobody can say. */
export async function isShortOfRoom(folder: string, wasShort: boolean): Promise<boolean> {
  const facts = await statfs(folder).catch(() => null);
  if (!facts) return false;
  const reserve = Math.min(reserveBytes, facts.blocks * facts.bsize * reserveShare);
  return facts.bavail * facts.bsize < reserve * (wasShort ? recovery : 1);
}
