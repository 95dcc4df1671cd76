import { expect, it } from "vitest";
import { bytesText } from "./bytes-text.ts";

it("[U150] sizes are told in the unit that people would choose", () => {
  expect([0, 999, 1000, 1_250_000, 48_000_000, 3.2e9, 7e15].map(bytesText)).toEqual([
    "0 B",
    "999 B",
    "1.0 KB",
    "1.3 MB",
    "48 MB",
    "3.2 GB",
    "7000 TB",
  ]);
});
