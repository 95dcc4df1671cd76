import fc from "fast-check";
import { expect, test } from "vitest";
import { items } from "#e2e/fakes/dashboard/sessions.ts";
import type { ItemView } from "#lib/contract/wire.ts";
import { parseItemId } from "#lib/domain/ids.ts";
import { chainOf, freedBy, keyOf, layoutOf } from "./dependency-layout.ts";

const [some] = items as [ItemView, ...ItemView[]];
const item = (id: string, ...blockedBy: string[]): ItemView => ({
  ...some,
  id: parseItemId(id),
  blockedBy: blockedBy.map(parseItemId),
});
const key = (id: string) => `${some.repository}/${id}`;

test("[U235] an item stands right of all that hold it back, and what stands alone is only counted", () => {
  const { nodes, alone, columns } = layoutOf([
    item("a"),
    item("b", "a"),
    item("c", "a", "b"),
    item("d"),
    item("e", "gone"),
  ]);
  expect([...nodes.values()].map(({ item: { id }, column }) => [id, column])).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
  expect([alone, columns]).toEqual([2, 3]);
  expect(freedBy(nodes, key("a")).map(({ id }) => id)).toEqual(["b"]);
  expect([...chainOf(nodes, key("b"))].sort()).toEqual([key("a"), key("b"), key("c")]);
});

test("[U236] whatever blocks what, circles too, each item has a place of its own", () => {
  const graph = fc.array(fc.tuple(fc.nat({ max: 14 }), fc.nat({ max: 14 })), { maxLength: 50 });
  fc.assert(
    fc.property(graph, (edges) => {
      const all = Array.from({ length: 15 }, (_, index) =>
        item(
          `i${String(index)}`,
          ...edges.filter(([from]) => from === index).map(([, to]) => `i${String(to)}`),
        ),
      );
      const { nodes, alone, columns, rows } = layoutOf(all);
      expect(nodes.size + alone).toBe(all.length);
      const places = [...nodes.values()].map(({ column, row }) => `${String(column)} ${String(row)}`);
      expect(new Set(places).size).toBe(nodes.size);
      const isCircular = (from: string, to: string) => {
        const open = [to];
        const seen = new Set<string>();
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
          if (at === from) return true;
          if (seen.has(at)) continue;
          seen.add(at);
          open.push(...(nodes.get(at)?.needs ?? []));
        }
        return false;
      };
      for (const node of nodes.values()) {
        expect(node.column).toBeLessThan(columns);
        expect(node.row).toBeLessThan(rows);
        for (const other of node.needs) {
          if (!isCircular(node.key, other)) {
            expect(nodes.get(other)?.column).toBeLessThan(node.column);
          }
        }
      }
      expect(keyOf(some)).toContain(some.id);
    }),
  );
});
