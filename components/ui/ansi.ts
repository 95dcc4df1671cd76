import Anser from "anser";
import { visibleText } from "./visible-text.ts";

/** A stretch of text in one look. `color` and `background` are CSS colours, null for the page's own. */
export interface AnsiSpan {
  readonly text: string;
  readonly color: string | null;
  readonly background: string | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
}

/** Longer lines are cut: a terminal line of this length is no text for people. */
const longestLine = 20_000;
const colour = "(?:\\u001b\\[|\\u009b)[0-9;:]*m";
/** OSC, DCS, SOS, PM and APC strings with their content, ended by BEL, ST, or the end of the text. */
const strings =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c|$)?/g;
const otherCsi = /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-ln-~]/g;
const otherEscapes = /\u001b(?!\[[0-9;:]*m)[ -/]*[0-~]?/g;
const hasColour = new RegExp(colour);

/** Reads SGR colours and decorations; every other sequence is dropped with its content. */
export function ansiSpans(line: string): AnsiSpan[] {
  const kept = line
    .slice(0, longestLine)
    .replace(strings, "")
    .replace(otherCsi, "")
    .replace(otherEscapes, "")
    .replaceAll("\u009b", "\u001b[");
  const cut = line.length > longestLine ? ` … ${String(line.length - longestLine)} more characters` : "";
  if (!hasColour.test(kept)) return plain(kept + cut);
  return [
    ...Anser.ansiToJson(kept, { json: true, remove_empty: true }).map((part) => ({
      text: visibleText(part.content),
      color: cssColour(part.fg, part.fg_truecolor, "fg"),
      background: cssColour(part.bg, part.bg_truecolor, "bg"),
      bold: part.decorations.includes("bold"),
      dim: part.decorations.includes("dim"),
      italic: part.decorations.includes("italic"),
      underline: part.decorations.includes("underline"),
    })),
    ...plain(cut),
  ].filter(({ text }) => text !== "");
}

function plain(text: string): AnsiSpan[] {
  const shown = visibleText(text);
  if (shown === "") return [];
  const none = { color: null, background: null, bold: false, dim: false, italic: false, underline: false };
  return [{ text: shown, ...none }];
}

/** The 16 named colours become tokens that read well on both themes; others stay as they are. */
const named: Readonly<Record<string, string>> = {
  "0, 0, 0": "var(--faint)",
  "187, 0, 0": "var(--bad)",
  "255, 85, 85": "var(--bad)",
  "0, 187, 0": "var(--good)",
  "0, 255, 0": "var(--good)",
  "187, 187, 0": "var(--attention)",
  "255, 255, 85": "var(--attention)",
  "0, 0, 187": "var(--info)",
  "85, 85, 255": "var(--info)",
  "187, 0, 187": "var(--review)",
  "255, 85, 255": "var(--review)",
  "0, 187, 187": "var(--info)",
  "85, 255, 255": "var(--info)",
  "255,255,255": "var(--text)",
  "255, 255, 255": "var(--text)",
  "85, 85, 85": "var(--faint)",
};

function cssColour(short: string | null, full: string | null, side: "fg" | "bg"): string | null {
  const rgb = (full ?? short ?? "").replace(/\s*,\s*/g, ", ");
  const name = named[rgb];
  if (name !== undefined) return side === "fg" ? name : `color-mix(in srgb, ${name} 25%, transparent)`;
  return /^\d{1,3}, \d{1,3}, \d{1,3}$/.test(rgb) ? `rgb(${rgb})` : null;
}
