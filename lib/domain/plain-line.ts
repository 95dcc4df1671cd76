/** The first words of a Markdown text without its marks, for one line of a list: what is code or further down is left out. */
export function plainLine(markdown: string): string {
  const [before = ""] = markdown.split(/^\s*(?:```|~~~)/m);
  return (
    before
      .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
      .replace(/^\s{0,3}(?:#{1,6}|>|[-*+]|\d{1,3}[.)])\s+/gm, "")
      // A row of stars with nothing between them is a secret that was covered.
      .replace(/(?<![*_~])(\*\*|__|~~)(?=[^\s*_~])([^\n]*?[^\s*_~])\1(?![*_~])/g, "$2")
      .replace(/(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])/g, "$1")
      .replace(/`([^`\n]+)`/g, "$1")
      .replace(/\s+/g, " ")
      .trim()
  );
}
