import { expect, test } from "vitest";
import { initials } from "./avatar.tsx";

test.each([
  ["Mira Vogel", "MV"],
  ["mira", "MI"],
  ["Jean-Luc Anton Picard", "JL"],
  ["İ", "İ"],
  ["𝒜𝒷 𝒞", "𝒜𝒞"],
  ["<script>", "SC"],
  ["\u202e", "U2"],
  ["…", "?"],
  ["", "?"],
])("[U100] %s is drawn as %s: one or two letters, whatever a name holds", (name, drawn) => {
  expect(initials(name)).toBe(drawn);
});
