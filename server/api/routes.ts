import type { RoleName } from "#lib/contract/wire.ts";
import { reads } from "#lib/contract/wire.ts";
import type { Purpose } from "#server/gate/gate.ts";

/** Every way into the API. What is not here does not exist. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Null for nobody in particular: the route that signs in. */
  readonly least: RoleName | null;
  readonly purpose: Extract<Purpose, "read" | "effect" | "login">;
}

const routeList = [
  { method: "POST", path: "/api/login", least: null, purpose: "login" },
  { method: "POST", path: "/api/logout", least: "viewer", purpose: "effect" },
  /** A new header token in place of the one that asks. */
  { method: "POST", path: "/api/renew", least: "viewer", purpose: "effect" },
  /** The command's own least role is checked when it is known. */
  { method: "POST", path: "/api/commands", least: "viewer", purpose: "effect" },
  { method: "POST", path: "/api/leave", least: "owner", purpose: "effect" },
  { method: "GET", path: "/api/events", least: "viewer", purpose: "read" },
  { method: "GET", path: "/api/log", least: "viewer", purpose: "read" },
  { method: "GET", path: "/api/audit.jsonl", least: "owner", purpose: "read" },
] as const satisfies readonly Route[];

export type RoutePath = (typeof routeList)[number]["path"];

export const routes: readonly Route[] = [
  ...routeList,
  ...Object.entries(reads).map(([name, { role }]): Route => {
    return { method: "GET", path: `/api/${name}`, least: role, purpose: "read" };
  }),
];

const byAddress = new Map(routes.map((route) => [`${route.method} ${route.path}`, route]));

export function findRoute(method: string, path: string): Route | null {
  return byAddress.get(`${method} ${path}`) ?? null;
}

/** Whether any method is known at this path. */
export function isRoutePath(path: string): boolean {
  return routes.some((route) => route.path === path);
}
