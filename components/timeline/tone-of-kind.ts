import { toneText } from "#components/ui/tone.ts";

const patterns: readonly (readonly [RegExp, string])[] = [
  [/fail|warn|interrupt|reject/, toneText.bad],
  [/ask|answer|withdraw/, toneText.attention],
  [/council|review|part-/, toneText.review],
  [/complete|approve|merge|land|validated/, toneText.good],
  [/start|spawn|prepared|resume/, toneText.info],
];

export function toneOfKind(kind: string): string {
  return patterns.find(([pattern]) => pattern.test(kind))?.[1] ?? "text-line-strong";
}
