/** `**` is any number of folders, `*` and `?` stay within a name; a folder's name stands for all in it. */
export function patternOf(glob: string): RegExp {
  const anchored = glob.replace(/^\.?\//, "").replace(/\/$/, "/**");
  const source = anchored
    .split(/(\*\*\/|\/\*\*$|\*\*|\*|\?)/)
    .map((part) => {
      if (part === "**/") return "(?:[^/]+/)*";
      if (part === "/**") return "(?:/.*)?";
      if (part === "**") return ".*";
      if (part === "*") return "[^/]*";
      if (part === "?") return "[^/]";
      return part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
    })
    .join("");
  // Without a slash it is a name anywhere, as in `.gitignore`.
  const prefix = anchored.includes("/") || glob.startsWith("/") ? "" : "(?:.*/)?";
  return new RegExp(`^${prefix}${source}(?:/.*)?$`, "is");
}

/** What in a text looks like a path of a repository: with a folder, or a name with an ending. */
export function pathsIn(text: string): string[] {
  return text.match(/(?:[\w.@-]+\/)+[\w.@-]*|[\w@-]+\.[a-z][a-z0-9]{0,7}\b/gi) ?? [];
}
