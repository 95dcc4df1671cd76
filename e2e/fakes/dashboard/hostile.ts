/** What has been tried against pages that show other people's text; `N` becomes the number of the form. */
const attempts = [
  "<script>__pwn(N)</script>",
  "<img src=x onerror=__pwn(N)>",
  '"><svg/onload=__pwn(N)>',
  "'-__pwn(N)-'",
  "javascript:__pwn(N)",
  "[click](javascript:__pwn(N))",
  "[click](JaVaScRiPt:__pwn(N))",
  "[click](&#106;avascript:__pwn(N))",
  "[click](data:text/html,<script>opener.__pwn(N)</script>)",
  "[click](vbscript:__pwn(N))",
  '![x](x"onerror="__pwn(N))',
  "<javascript:__pwn(N)>",
  '<a href="javascript:__pwn(N)">click</a>',
  '<iframe srcdoc="<script>parent.__pwn(N)</script>"></iframe>',
  "<iframe src=javascript:parent.__pwn(N)></iframe>",
  "<details open ontoggle=__pwn(N)>",
  "<math><mtext></p><img src onerror=__pwn(N)>",
  "<svg><animate onbegin=__pwn(N) attributeName=x dur=1s>",
  "<svg><script>__pwn(N)</script></svg>",
  "<input autofocus onfocus=__pwn(N)>",
  "<video><source onerror=__pwn(N)></video>",
  "<body onload=__pwn(N)>",
  "</textarea><script>__pwn(N)</script>",
  "</title><script>__pwn(N)</script>",
  "</script><script>__pwn(N)</script>",
  "<!--><img src=x onerror=__pwn(N)>-->",
  "<style>@import 'javascript:__pwn(N)';</style>",
  "<base href=//evil.example/>",
  "<form action=javascript:__pwn(N)><button autofocus>x</button></form>",
  "<object data=javascript:__pwn(N)></object>",
  '<meta http-equiv=refresh content="0;url=javascript:__pwn(N)">',
  "<link rel=stylesheet href=//evil.example/N.css>",
  "{{constructor.constructor('__pwn(N)')()}}",
  "${__pwn(N)}",
  '<IMG """><SCRIPT>__pwn(N)</SCRIPT>">',
  "\u202e<b onmouseover=__pwn(N)>nimda</b>",
  "\u0000<scr\u0000ipt>__pwn(N)</scr\u0000ipt>",
  "\u001b]8;;javascript:__pwn(N)\u0007click\u001b]8;;\u0007",
] as const;

/** How each of them is hidden from whoever looks for it: all on one line, so that any field and any log may hold it. */
const disguises: readonly ((attempt: string) => string)[] = [
  (attempt) => attempt,
  // Case
  (attempt) =>
    attempt.replace(/<\/?[a-z]+|\bon[a-z]+=|\b(?:javascript|vbscript|data):/gi, (word) => word.toUpperCase()),
  (attempt) => attempt.replace(/<\/?[a-z]+|\bon[a-z]+=|\b(?:javascript|vbscript|data):/gi, alternating),
  // Entities and other ways to write a character
  (attempt) => attempt.replaceAll(":", "&#x3a;"),
  (attempt) => attempt.replaceAll(":", "&colon;"),
  (attempt) => attempt.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (attempt) => attempt.replaceAll("<", "&#60;").replaceAll(">", "&#0062"),
  (attempt) => attempt.replaceAll("<", "\\u003c"),
  (attempt) => attempt.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (attempt) => attempt.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e"),
  (attempt) => attempt.replaceAll("(", "&lpar;").replaceAll(")", "&rpar;"),
  (attempt) => attempt.replaceAll('"', "&quot;").replaceAll("'", "&apos;"),
  // Whitespace and what nobody sees
  (attempt) => attempt.replaceAll(" ", "\t"),
  (attempt) => attempt.replaceAll(" ", "/"),
  (attempt) => attempt.replaceAll("=", " = "),
  (attempt) => attempt.replaceAll("script", "scr\tipt"),
  (attempt) => attempt.replaceAll("script", "scr\u0000ipt"),
  (attempt) => attempt.replaceAll("script", "scr\u200bipt"),
  (attempt) => attempt.replaceAll("javascript", "\u0001javascript"),
  (attempt) => attempt.replaceAll("script", "scr<!---->ipt"),
  // Within something else
  (attempt) => `<div title="${attempt}">`,
  (attempt) => `<b>${attempt}</b>`,
  (attempt) => `<<${attempt}>>`,
  (attempt) => `--> ${attempt}`,
  (attempt) => `]]> ${attempt}`,
  (attempt) => `*/ ${attempt} /*`,
  (attempt) => `"'> ${attempt}`,
  (attempt) => `</p></div> ${attempt}`,
  (attempt) => `<svg><style> ${attempt}`,
  (attempt) => `<math><mi> ${attempt}`,
  (attempt) => `<noscript><p title="</noscript>${attempt}">`,
  (attempt) => `\\" ${attempt}`,
  (attempt) => `**${attempt}**`,
  (attempt) => `> ${attempt}`,
  (attempt) => `- [ ] ${attempt}`,
  (attempt) => `| ${attempt} |`,
  (attempt) => `### ${attempt}`,
  (attempt) => `[${attempt}](https://example.org)`,
  (attempt) => `[x](https://example.org/${attempt})`,
  (attempt) => `\u001b[31m${attempt}\u001b[0m`,
];

function alternating(word: string): string {
  return word.replace(/./g, (letter, at: number) =>
    at % 2 === 0 ? letter.toLowerCase() : letter.toUpperCase(),
  );
}

/** All attempts in one disguise, then in the next; few of them are the same in two. */
export const payloads: readonly string[] = disguises.flatMap((disguise) => attempts.map(disguise));
export const attemptCount = attempts.length;

/** Fields that hold the words of agents, repositories and people. */
const words = new Set(
  "title text context label description summary message detail remedy problem why by body fix statement evidence labels conflicts obstacles path file claim said files uncommitted header reason actor target tail subject branches root project command".split(
    " ",
  ),
);
const personal = /^[\p{L}][\p{L} .'-]*$/u;
/** The words in the stream of an agent. */
const spoken = new Set(
  "text thinking content command file_path pattern old_string new_string description prompt result".split(
    " ",
  ),
);

/** Those of them that are Markdown somewhere: each payload begins a paragraph there. */
const paragraphs = new Set(
  "context text description summary said claim evidence reason content prompt result".split(" "),
);

/**
 * Puts payloads into whatever shows outside text, each behind a mark of its field and its form: `xss-title-17x`. Every value
 * gets all attempts, in another disguise than the one before it.
 */
export class Hostile {
  readonly #used = new Map<string, number>();

  /** The same value, with payloads after its words; ids, states and times stay what they are. `way` goes before the field. */
  dress<Value>(value: Value, way = ""): Value {
    return this.#dressed(value, "", (key, text) => this.#view(key, text, way)) as Value;
  }

  /** A log with payloads on every line; in an agent's stream in every text that is said in it. */
  log(text: string): string {
    return text.replace(/[^\n]+/g, (line) => {
      if (!line.startsWith("{")) return line + this.#row("log", " ");
      const said = this.#dressed(JSON.parse(line), "", (key, word) =>
        spoken.has(key) ? word + this.#row(`agent.${key}`, paragraphs.has(key) ? "\n\n" : " ") : word,
      );
      return JSON.stringify(said);
    });
  }

  #view(key: string, text: string, way: string): string {
    // A diff is read by its lines: payloads stand on those that came or went, but for the many of a lock file.
    if (key === "text" && text.startsWith("diff --git "))
      return text.replace(/^[+-](?![+-]{2} )(?!.*"version").*$/gm, (line) => line + this.#row("diff", " "));
    const isWords = words.has(key) || (key === "name" && personal.test(text));
    if (!isWords || (text === "" && key !== "detail")) return text;
    return text + this.#row(way + key, paragraphs.has(key) ? "\n\n" : " ");
  }

  #row(key: string, gap: string): string {
    const turn = this.#used.get(key) ?? key.length * 7;
    this.#used.set(key, turn + 1);
    const first = (turn % disguises.length) * attemptCount;
    return payloads
      .slice(first, first + attemptCount)
      .map((payload, at) => {
        const number = String(first + at);
        return `${gap}xss-${key}-${number}x${gap}${payload.replace(/\bN\b/g, number)}`;
      })
      .join("");
  }

  #dressed(value: unknown, key: string, dress: (key: string, text: string) => string): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#dressed(each, key, dress));
    if (typeof value === "object" && value !== null) {
      // The diff's text is cut by the paths of its files.
      if ("text" in value && "files" in value) return { ...value, text: dress("text", String(value.text)) };
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, this.#dressed(each, name, dress)]),
      );
    }
    return typeof value === "string" ? dress(key, value) : value;
  }
}
