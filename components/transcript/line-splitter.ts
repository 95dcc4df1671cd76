/** Cuts a text that arrives in pieces into whole lines; the rest waits for its newline. */
export class LineSplitter {
  #rest = "";
  #skipping: boolean;

  /** `midLine`: the text may begin inside of a line, which is then left out. */
  constructor({ midLine = false }: { midLine?: boolean } = {}) {
    this.#skipping = midLine;
  }

  push(text: string): string[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#skipping && lines.length > 0) {
      this.#skipping = false;
      lines.shift();
    }
    return lines;
  }
}
