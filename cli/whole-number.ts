import { InvalidArgumentError } from "commander";

/** An option's value as a number that counts something. */
export function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is a whole number.");
}
