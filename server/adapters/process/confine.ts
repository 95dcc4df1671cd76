import type { Confinement } from "#server/ports.ts";
import { findProgram } from "./find-program.ts";

/**
 * The same command inside bubblewrap: it reads the machine but for what is hidden, writes where it may, has a temp folder and
 * process numbers of its own, and sees and signals no process outside, nor asks one by a socket in /run to act for it. Throws ProgramNotFoundError without bubblewrap: what
 * is to be confined never runs free.
 */
export function confined(
  command: { readonly file: string; readonly args: readonly string[] },
  confinement: Confinement,
  path: string,
): { file: string; args: string[] } {
  const { writable, readable, hidden, kept } = confinement;
  return {
    file: findProgram("bwrap", path),
    args: [
      ...["--ro-bind", "/", "/", "--dev", "/dev", "--unshare-pid", "--unshare-ipc", "--proc", "/proc"],
      ...[...temporary, running].flatMap((folder) => ["--tmpfs", folder]),
      ...looked.flatMap((each) => ["--ro-bind-try", each, each]),
      ...hidden.flatMap((folder) => ["--tmpfs", folder]),
      // What lies in a hidden or temporary folder comes back; what may be written comes over it, and what is kept over that.
      ...readable.flatMap((each) => ["--ro-bind", each, each]),
      ...writable.flatMap((each) => ["--bind-try", each, each]),
      ...kept.flatMap((each) => ["--ro-bind-try", each, each]),
      ...["--setenv", "TMPDIR", "/tmp", "--", command.file, ...command.args],
    ],
  };
}

const temporary = ["/tmp", "/var/tmp"];
/** Buses and container daemons listen here; they run whatever their user asks for, outside of any sandbox. */
const running = "/run";
/** What of it names and programs are looked up in. */
const looked = ["systemd/resolve", "nscd", "NetworkManager/resolv.conf", "resolvconf", "current-system"].map(
  (name) => `${running}/${name}`,
);
