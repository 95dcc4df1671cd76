import type { Command } from "commander";

export const shells = ["bash", "zsh", "fish"] as const;

interface Place {
  /** The words that lead there, such as `session status`. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly description: string }[];
}

/** The completion of a shell, made from the commands as they are. */
export function completionScript(shell: (typeof shells)[number], program: Command): string {
  const places = placesOf(program, []);
  const name = program.name();
  switch (shell) {
    case "bash":
      return `_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" at="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
${descend(places)}
  done
${choose(places)}
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _${name} ${name}
`;
    case "zsh":
      return `#compdef ${name}
_${name}() {
  local at="" word choices=""
  for word in \${words[2,CURRENT-1]}; do
${descend(places)}
  done
${choose(places, "choices")}
  compadd -- \${=choices}
  _files
}
compdef _${name} ${name}
`;
    case "fish":
      return fishScript(name, places);
  }
}

function placesOf(command: Command, path: readonly string[]): Place[] {
  const words = [
    ...command.commands.map((each) => ({ word: each.name(), description: each.description() })),
    ...command.options.map((each) => ({
      word: each.long ?? each.short ?? "",
      description: each.description,
    })),
    { word: "--help", description: "what it does, and how" },
  ];
  const below = command.commands.flatMap((each) => placesOf(each, [...path, each.name()]));
  return [{ path: path.join(" "), words }, ...below];
}

/** Follows the words that are commands; options and values stay where they are. */
function descend(places: readonly Place[]): string {
  const known = places.filter(({ path }) => path !== "").map(({ path }) => `"${path}"`);
  return `    case "\${at:+$at }$word" in
      ${known.join("|")}) at="\${at:+$at }$word" ;;
    esac`;
}

function choose(places: readonly Place[], variable = "words"): string {
  const cases = places.map(
    ({ path, words }) => `    "${path}") ${variable}="${words.map(({ word }) => word).join(" ")}" ;;`,
  );
  return `  case "$at" in\n${cases.join("\n")}\n  esac`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const known = places.filter(({ path }) => path !== "").map(({ path }) => quote(path));
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, description }) => {
      const what = word.startsWith("--")
        ? `-l ${word.slice(2)}`
        : word.startsWith("-")
          ? `-s ${word.slice(1)}`
          : `-f -a ${word}`;
      return `complete -c ${name} -n ${quote(`__${name}_at ${quote(path)}`)} ${what} -d ${quote(description)}`;
    }),
  );
  return `function __${name}_at
  set -l at ""
  for word in (commandline -opc)[2..]
    set -l next (string trim "$at $word")
    if contains -- "$next" ${known.join(" ")}
      set at "$next"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join("\n")}
`;
}
