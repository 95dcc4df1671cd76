/** What a colour means, wherever it appears. `attention` is kept for what needs a person. */
export type Tone = "neutral" | "info" | "attention" | "review" | "good" | "bad";

export const toneText: Readonly<Record<Tone, string>> = {
  neutral: "text-muted",
  info: "text-info",
  attention: "text-attention",
  review: "text-review",
  good: "text-good",
  bad: "text-bad",
};

export const toneFill: Readonly<Record<Tone, string>> = {
  neutral: "bg-sunken text-muted",
  info: "bg-info-soft text-info",
  attention: "bg-attention-soft text-attention",
  review: "bg-review-soft text-review",
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
};
