/**
 * The walls: an allow-list of who may import whom inside the house, and one door per library.
 * A room that is not listed may import nothing. docs/decisions/0002-rooms-and-walls.md says why.
 */
const rooms = [
  { from: "^lib/domain/", to: ["^lib/domain/"] },
  { from: "^lib/contract/", to: ["^lib/(contract|domain)/"] },
  { from: "^lib/client/", to: ["^lib/(client|contract|domain)/"] },
  { from: "^components/ui/", to: ["^components/ui/"] },
  { from: "^components/live/", to: ["^components/live/", "^components/ui/toast\\.ts$", "^lib/"] },
  {
    from: "^components/([^/]+)/",
    to: ["^components/($1|live|ui)/", "^lib/(contract|domain)/"],
    except: "^components/(ui|live)/",
  },
  { from: "^app/", to: ["^app/", "^components/"] },
  { from: "^server/ports\\.ts$", to: ["^lib/domain/"] },
  {
    from: "^server/(sessions|questions|merging|scheduling|team)/",
    to: [
      "^server/(sessions|questions|merging|scheduling|team)/",
      "^server/(ports|application|crash-point)\\.ts$",
      "^server/files/",
      "^lib/(domain|contract)/",
    ],
  },
  // Files that outlast a power loss, and what a disk answers: shared by the runner and the server, and knows neither.
  { from: "^server/files/", to: ["^server/files/", "^server/crash-point\\.ts$"] },
  {
    from: "^server/(gate|socket|api)/",
    to: [
      "^server/(gate|socket|api|sessions|questions|merging|scheduling|team)/",
      "^server/(ports|application)\\.ts$",
      "^lib/(domain|contract)/",
    ],
  },
  {
    from: "^server/store/",
    to: [
      "^server/store/",
      "^server/(ports|application)\\.ts$",
      "^lib/(domain|contract)/",
      "^server/(sessions|questions|merging|scheduling|team)/ports\\.ts$",
    ],
  },
  {
    from: "^server/adapters/(git|beads|backlog|agents|process|webhook)/",
    to: ["^server/adapters/$1/", "^server/ports\\.ts$", "^lib/domain/"],
  },
  {
    from: "^server/runner/",
    to: [
      "^server/runner/",
      "^server/(ports|crash-point)\\.ts$",
      "^lib/(domain|contract)/",
      "^server/files/",
      "^server/adapters/(agents|git|process)/",
    ],
  },
  { from: "^server/crash-point\\.ts$", to: [] },
  { from: "^server/web\\.ts$", to: [] },
  { from: "^server/logbook\\.ts$", to: [] },
  { from: "^server/lan/", to: ["^server/lan/", "^server/ports\\.ts$", "^server/gate/addresses\\.ts$"] },
  {
    from: "^server/config\\.ts$",
    to: ["^server/agent-roles\\.ts$", "^server/files/", "^lib/(domain|contract)/"],
  },
  { from: "^server/agent-roles\\.ts$", to: ["^server/files/"] },
  { from: "^server/application\\.ts$", to: ["^lib/(domain|contract)/"] },
  { from: "^server/(main|start|inside)\\.ts$", to: ["^server/", "^lib/"] },
  { from: "^cli/", to: ["^cli/", "^lib/(client|contract|domain)/"] },
  { from: "^bin/", to: ["^bin/"] },
];

const tests = "\\.test\\.tsx?$|\\.contract\\.ts$|/fixtures/";

const doors = [
  { library: "next", at: "^(server/web\\.ts$|app/|components/)" },
  { library: "@prisma", at: "^server/store/" },
  { library: "better-sqlite3", at: "^server/(store|adapters/process)/" },
  { library: "simple-git", at: "^server/adapters/git/" },
  { library: "execa", at: "^server/adapters/process/" },
  { library: "socket\\.io", at: "^server/socket/" },
  { library: "socket\\.io-client", at: "^lib/client/" },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms.map(({ from, to, except }) => ({
      name: `room ${from.replace(/[\\^$]/g, "")}`,
      comment: `This room may import only ${to.join(" or ") || "libraries"} of ours. Move the code, or pass what it needs in through a port.`,
      severity: "error",
      from: { path: from, pathNot: except ? [except, tests] : [tests] },
      to: {
        pathNot: ["node_modules", ...to],
        dependencyTypesNot: ["core", "npm", "npm-dev", "npm-peer", "npm-optional"],
      },
    })),
    ...doors.map(({ library, at }) => ({
      name: `door of ${library}`,
      comment: `Only ${at} may import ${library}: everyone else asks that room.`,
      severity: "error",
      from: { path: "^(app|components|lib|server|cli)/", pathNot: [at, tests] },
      to: { path: `node_modules/${library}/` },
    })),
    {
      name: "domain is pure",
      comment: "lib runs anywhere: domain and contract import no node module and no framework.",
      severity: "error",
      from: { path: "^lib/(domain|contract)/", pathNot: [tests] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no circles",
      comment: "Two files that need each other are one file, or miss a third.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "nothing unresolved",
      comment: "Every import resolves.",
      severity: "error",
      from: { pathNot: "^server/store/generated/" },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "server/store/generated/" },
    tsPreCompilationDeps: true,
    // The page's configuration: in the other one `next` stands for our own description of it.
    tsConfig: { fileName: "tsconfig.page.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs"],
    },
    combinedDependencies: true,
  },
};
