/** An item of the demo; `after` names others by their keys. */
export interface SampleItem {
  readonly key: string;
  readonly title: string;
  readonly priority: number;
  readonly labels: readonly string[];
  readonly after: readonly string[];
  readonly why: string;
  /** The lines that the rehearsal agent follows; docs/rehearsal.md describes them. */
  readonly script: string;
}

const module = (name: string, body: string, test: string) => `write: src/${name}.js
${indent(body)}
write: test/${name}.test.js
${indent(`import assert from "node:assert/strict";
import { test } from "node:test";
import * as ${name} from "../src/${name}.js";

${test}`)}
`;

/** Eight items: what can happen to a piece of work happens to one of them. */
export const sampleBacklog: readonly SampleItem[] = [
  {
    key: "rounding",
    title: "Round prices to whole cents",
    priority: 0,
    labels: ["project:till", "agent:backend-engineer"],
    after: [],
    why: "Discounts leave fractions of a cent. Somebody has to decide what becomes of half a cent.",
    script: `say: Two ways are common, and the books have to match. I ask.
ask: Rounding | How shall half a cent be rounded?
  - half up: what customers expect
  - half even: what accountants expect
  > It shows on every receipt, so changing it later is a bother.
${module(
  "rounding",
  `/** Whole cents; half a cent is rounded "{answer}". */
export function toCents(value) {
  return Math.round(value);
}`,
  `test("whole cents stay as they are", () => {
  assert.equal(rounding.toCents(250), 250);
});`,
)}commit: Round prices to whole cents`,
  },
  {
    key: "hours",
    title: "Say when the shop is open",
    priority: 0,
    labels: ["project:till", "docs"],
    after: [],
    why: "People call to ask. It belongs at the top of the README, where another item writes too.",
    script: `conflict: README.md
write: docs/hours.md
  # Opening hours

  Monday to Saturday, 8 to 20.
commit: Say when the shop is open`,
  },
  {
    key: "address",
    title: "Say where the shop is",
    priority: 0,
    labels: ["project:till", "docs"],
    after: [],
    why: "It belongs at the top of the README too, so one of the two is overtaken and checked again.",
    script: `conflict: README.md
write: docs/address.md
  # Address

  1 Corner Street
commit: Say where the shop is`,
  },
  {
    key: "money",
    title: "Add amounts of money",
    priority: 1,
    labels: ["project:till", "agent:backend-engineer"],
    after: [],
    why: "Amounts are whole cents; adding them must never give a fraction.",
    script: `${module(
      "money",
      `/** The sum of amounts in cents. */
export function sum(amounts) {
  return amounts.reduce((total, amount) => total + amount, 0);
}`,
      `test("the sum of nothing is nothing", () => {
  assert.equal(money.sum([]), 0);
});

test("amounts add up", () => {
  assert.equal(money.sum([199, 250]), 449);
});`,
    )}commit: Add amounts of money`,
  },
  {
    key: "catalogue",
    title: "List the products",
    priority: 1,
    labels: ["project:till", "agent:backend-engineer"],
    after: [],
    why: "The till has to know what can be sold, and for how much.",
    script: `${module(
      "catalogue",
      `/** Products by their code; prices in cents. */
export const catalogue = new Map([
  ["bread", { name: "Bread", price: 250 }],
  ["milk", { name: "Milk", price: 119 }],
]);`,
      `test("every price is whole cents", () => {
  for (const { price } of catalogue.catalogue.values()) assert.ok(Number.isInteger(price));
});`,
    )}commit: List the products
leave-uncommitted: docs/catalogue.md
  # Products

  Bread and milk.`,
  },
  {
    key: "basket",
    title: "Sell a basket of products",
    priority: 1,
    labels: ["project:till", "agent:backend-engineer"],
    after: ["money", "catalogue"],
    why: "The heart of the till. Implementer and reviewer disagree here, and the tech lead settles it.",
    script: `${module(
      "basket",
      `import { catalogue } from "./catalogue.js";
import { sum } from "./money.js";

/** The price of the products with these codes, in cents. */
export function priceOf(codes) {
  return sum(codes.map((code) => catalogue.get(code)?.price ?? 0));
}`,
      `test("a basket costs what is in it", () => {
  assert.equal(basket.priceOf(["bread", "milk"]), 369);
});`,
    )}commit: Sell a basket of products
review: dissent
  src/basket.js: An unknown product is sold for nothing.
rework:
edit: src/basket.js
  -   return sum(codes.map((code) => catalogue.get(code)?.price ?? 0));
  +   return sum(
  +     codes.map((code) => {
  +       const product = catalogue.get(code);
  +       if (!product) throw new RangeError("There is no product " + code);
  +       return product.price;
  +     }),
  +   );
commit: Refuse products that there are not`,
  },
  {
    key: "receipt",
    title: "Print a receipt",
    priority: 2,
    labels: ["project:till", "agent:frontend-engineer"],
    after: ["basket", "rounding"],
    why: "The council wants changes here, and approves the rework.",
    script: `${module(
      "receipt",
      `import { shop } from "./shop.js";

/** The last line of a receipt. */
export function total(cents) {
  return "Total " + cents / 100 + " " + shop.currency;
}`,
      `test("a receipt names the currency", () => {
  assert.match(receipt.total(369), /EUR$/);
});`,
    )}commit: Print a receipt
review: changes-then-approve
  src/receipt.js: Two and a half euros are printed as 2.5.
rework:
edit: src/receipt.js
  -   return "Total " + cents / 100 + " " + shop.currency;
  +   return "Total " + (cents / 100).toFixed(2) + " " + shop.currency;
commit: Print both decimals`,
  },
  {
    key: "notes",
    title: "Write the release notes",
    priority: 2,
    labels: ["project:till", "docs"],
    after: ["receipt", "hours", "address"],
    why: "The last one: it waits for all others.",
    script: `write: CHANGES.md
  # 1.0

  The till sells baskets, rounds to whole cents, and prints receipts.
commit: Write the release notes`,
  },
];

export function descriptionOf({ why, script }: SampleItem, pauseMs: number): string {
  return `${why}\n\n\`\`\`rehearsal\npause: ${pauseMs}\n${script}\n\`\`\`\n`;
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `  ${line}`))
    .join("\n");
}
