"use client";

import { Workflow } from "lucide-react";
import { useMemo, useState } from "react";
import { Empty } from "#components/ui/empty.tsx";
import type { ItemView } from "#lib/contract/wire.ts";
import { chainOf, freedBy, keyOf, layoutOf } from "./dependency-layout.ts";
import { DependencyNode, nodeHeight, nodeWidth } from "./dependency-node.tsx";
import type { ItemPlace } from "./item-place.ts";

const columnStep = nodeWidth + 64;
const rowStep = nodeHeight + 12;
const margin = 20;

interface DependencyViewProps {
  /** In order of urgency. */
  items: readonly ItemView[];
  chosen: ItemPlace | null;
  onChoose: (place: ItemPlace) => void;
}

/** What blocks what, from left to right. Pointing at an item shows its chain, and what its landing sets free. */
export default function DependencyView({ items, chosen, onChoose }: DependencyViewProps) {
  const layout = useMemo(() => layoutOf(items), [items]);
  const [pointed, setPointed] = useState<string | null>(null);
  const { nodes, columns, rows, alone, left } = layout;
  const chosenKey = chosen && keyOf(chosen);
  const centre = pointed ?? (chosenKey !== null && nodes.has(chosenKey) ? chosenKey : null);
  const chain = useMemo(() => (centre === null ? null : chainOf(nodes, centre)), [nodes, centre]);
  const freed = useMemo(
    () => new Set(centre === null ? [] : freedBy(nodes, centre).map(keyOf)),
    [nodes, centre],
  );
  if (nodes.size === 0) {
    return (
      <Empty icon={Workflow} title="Nothing blocks anything">
        Say what an item needs in its panel, and the way through the backlog is drawn here.
      </Empty>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <p className="flex flex-wrap gap-x-3 border-b border-line px-4 py-1.5 text-xs text-muted" role="status">
        {centre === null ? (
          <span>An item lands before what stands right of it.</span>
        ) : (
          <Told centre={nodes.get(centre)?.item ?? null} freed={freed.size} />
        )}
        <span className="ml-auto text-faint max-sm:hidden">
          {alone > 0 && `${String(alone)} without dependencies are not drawn`}
          {left > 0 && ` · the ${String(left)} least urgent are left out: filter to see them`}
        </span>
      </p>
      <div className="min-h-0 flex-1 overflow-auto" onPointerLeave={() => setPointed(null)}>
        <div
          className="relative"
          style={{
            width: margin * 2 + columns * columnStep - (columnStep - nodeWidth),
            height: margin * 2 + rows * rowStep,
          }}
        >
          <svg aria-hidden className="pointer-events-none absolute inset-0 size-full" fill="none">
            <defs>
              <marker
                id="frees"
                viewBox="0 0 6 6"
                refX="5"
                refY="3"
                markerWidth="6"
                markerHeight="6"
                orient="auto"
              >
                <path d="M0.5 0.5 L5 3 L0.5 5.5" stroke="context-stroke" strokeWidth="1" />
              </marker>
            </defs>
            {[...nodes.values()].flatMap((node) =>
              node.needs.map((other) => {
                const from = nodes.get(other);
                if (!from) return null;
                const isLit = chain?.has(node.key) === true && chain.has(other);
                return (
                  <path
                    key={`${other} ${node.key}`}
                    d={curve(placeOf(from), placeOf(node))}
                    markerEnd="url(#frees)"
                    strokeWidth={isLit ? 2 : 1.25}
                    className={isLit ? "stroke-accent" : "stroke-line-strong"}
                    opacity={chain !== null && !isLit ? 0.35 : 1}
                  />
                );
              }),
            )}
          </svg>
          <ul aria-label="Dependencies">
            {[...nodes.values()].map((node) => (
              <li
                key={node.key}
                className="absolute"
                style={{ left: placeOf(node).x, top: placeOf(node).y, width: nodeWidth }}
              >
                <DependencyNode
                  node={node}
                  isChosen={node.key === chosenKey}
                  isFreed={freed.has(node.key)}
                  isDim={chain !== null && !chain.has(node.key)}
                  onPoint={setPointed}
                  onChoose={onChoose}
                />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

function Told({ centre, freed }: { centre: ItemView | null; freed: number }) {
  if (!centre) return null;
  const count = `${String(freed)} ${freed === 1 ? "item" : "items"}`;
  return (
    <span>
      Landing <span className="font-mono text-text">{centre.id}</span>{" "}
      {freed === 0 ? "sets nothing free by itself" : `sets ${count} free at once`}
      {centre.downstream > freed && `, ${String(centre.downstream)} wait for it in all`}.
    </span>
  );
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function placeOf({ column, row }: { column: number; row: number }): Point {
  return { x: margin + column * columnStep, y: margin + row * rowStep };
}

/** From the right edge of one node to the left edge of another. */
function curve(from: Point, to: Point): string {
  const start = { x: from.x + nodeWidth, y: from.y + nodeHeight / 2 };
  const end = { x: to.x, y: to.y + nodeHeight / 2 };
  const reach = Math.max(24, Math.abs(end.x - start.x) / 2);
  const at = ({ x, y }: Point) => `${String(Math.round(x))} ${String(Math.round(y))}`;
  return `M${at(start)} C${at({ ...start, x: start.x + reach })} ${at({ ...end, x: end.x - reach })} ${at(end)}`;
}
