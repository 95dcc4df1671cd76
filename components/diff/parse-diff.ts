/** A unified diff as `git diff` prints it, in the form that is drawn. */
export interface DiffFile {
  readonly path: string;
  readonly lines: readonly DiffLine[];
}

export type DiffLine =
  | { readonly kind: "hunk"; readonly text: string }
  | {
      readonly kind: "context" | "added" | "removed";
      readonly before: number | null;
      readonly after: number | null;
      readonly text: string;
    }
  | { readonly kind: "note"; readonly text: string };

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/** Total: text that is no diff, or one that is cut off, gives what can be read of it. */
export function parseDiff(text: string): DiffFile[] {
  const files: { path: string; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  /** Lines that the hunk still holds; outside of hunks a line is a header, whatever it begins with. */
  let left = { before: 0, after: 0 };
  for (const line of text.split("\n")) {
    const file = files.at(-1);
    if (file && (left.before > 0 || left.after > 0)) {
      const mark = line[0];
      const rest = line.slice(1);
      if (mark === "+") {
        left.after--;
        file.lines.push({ kind: "added", before: null, after: after++, text: rest });
      } else if (mark === "-") {
        left.before--;
        file.lines.push({ kind: "removed", before: before++, after: null, text: rest });
      } else if (mark === "\\") {
        file.lines.push({ kind: "note", text: rest.trim() });
      } else {
        left.before--;
        left.after--;
        file.lines.push({ kind: "context", before: before++, after: after++, text: rest });
      }
      continue;
    }
    if (line.startsWith("diff --git ")) {
      files.push({ path: headPath(line), lines: [] });
      continue;
    }
    const hunk = hunkHead.exec(line);
    if (!file) continue;
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[3]);
      left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
      file.lines.push({ kind: "hunk", text: hunk[5] ?? "" });
    } else if (line.startsWith("+++ ") && line !== "+++ /dev/null") {
      file.path = unquoted(line.slice(4).replace(/\t$/, "")).replace(/^b\//, "");
    } else if (line.startsWith("Binary files ") || line.startsWith("\\")) {
      file.lines.push({ kind: "note", text: line });
    } else if (/^(?:old mode|new mode|similarity index|rename |copy )/.test(line)) {
      file.lines.push({ kind: "note", text: line });
    }
  }
  return files;
}

/** From `diff --git a/x b/x`: both halves are equal but for their first letter, unless it is a rename. */
function headPath(line: string): string {
  const names = line.slice("diff --git ".length);
  const quoted = /"((?:[^"\\]|\\.)*)"$/.exec(names);
  if (quoted) return unquoted(quoted[0]).replace(/^b\//, "");
  const half = names.slice(Math.ceil(names.length / 2));
  return names.length % 2 === 1 && half.startsWith("b/")
    ? half.slice(2)
    : (names.split(" b/").at(-1) ?? names);
}

/** git writes unusual names in C's quotes, bytes as octal. */
function unquoted(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"')) return name;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const inner = name.slice(1, -1);
  const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
  for (const [part] of inner.matchAll(/\\[0-7]{3}|\\.|[^\\]/gsu)) {
    if (/^\\[0-7]{3}$/.test(part)) bytes.push(parseInt(part.slice(1), 8));
    else if (part.startsWith("\\")) bytes.push(escapes[part[1] ?? ""] ?? part.codePointAt(1) ?? 0);
    else bytes.push(...encoder.encode(part));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}
