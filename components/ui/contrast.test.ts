import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");

/** The tokens' colours as `[light, dark]`; those with an alpha are washes, not grounds. */
const tokens = new Map(
  [
    ...css.matchAll(/^ {2}--([a-z-]+): (?:light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)|(#[0-9a-f]{6}));/gm),
  ].map(([, name = "", light, dark, both = ""]) => [name, [light ?? both, dark ?? both]] as const),
);

/** Relative luminance and contrast as in WCAG 2.2. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const grounds = ["bg", "surface", "raised", "sunken"];
const inks = ["text", "muted", "faint", "accent", "info", "attention", "review", "good", "bad"];
const pairs: (readonly [ink: string, ground: string, least: number])[] = [
  ...inks.flatMap((ink) => grounds.map((ground) => [ink, ground, 4.5] as const)),
  ...["info", "attention", "review", "good", "bad"].flatMap((tone) => [
    [tone, `${tone}-soft`, 4.5] as const,
    ["text", `${tone}-soft`, 4.5] as const,
    ["muted", `${tone}-soft`, 4.5] as const,
  ]),
  ["on-accent", "accent-solid", 4.5],
  ["on-accent", "good-solid", 4.5],
  ["on-attention", "attention-solid", 4.5],
  ["muted", "line", 4.5],
  ...["added", "added-strong", "removed", "removed-strong"].map((ground) => ["text", ground, 4.5] as const),
  // What is no text but has to be seen: the focus ring.
  ...grounds.map((ground) => ["accent", ground, 3] as const),
];

test.each([
  ["light", 0],
  ["dark", 1],
] as const)("[U39] every pair of ink and ground is AA in the %s theme", (_theme, index) => {
  expect(tokens.size).toBeGreaterThan(25);
  const weak = pairs.flatMap(([ink, ground, least]) => {
    const [a, b] = [tokens.get(ink)?.[index], tokens.get(ground)?.[index]];
    if (!a || !b) return [`${ink} or ${ground} is no token`];
    const ratio = contrast(a, b);
    return ratio < least ? [`${ink} on ${ground}: ${ratio.toFixed(2)}`] : [];
  });
  expect(weak).toEqual([]);
});
