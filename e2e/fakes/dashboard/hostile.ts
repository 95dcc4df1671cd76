/** What has been tried against pages that show other people's text; `N` becomes the number of the payload. */
const corpus = [
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

/** Fields that hold the words of agents, repositories and people. */
const words = new Set(
  "title text context label description summary message detail remedy problem why by body fix statement evidence labels conflicts obstacles path file claim".split(
    " ",
  ),
);
const personal = /^[\p{L}][\p{L} .'-]*$/u;

/** Puts a payload into whatever shows outside text, each with a mark of its own: `xss17x`. */
export class Hostile {
  #count = 0;

  /** Three of them, in a row of marks and attempts. */
  payload(): string {
    return this.#one() + this.#one() + this.#one();
  }

  #one(): string {
    const number = String(++this.#count);
    return ` xss${number}x ${(corpus[this.#count % corpus.length] ?? "").replaceAll("N", number)}`;
  }

  /** The same value, with payloads after its words; ids, states and times stay what they are. */
  dress<Value>(value: Value): Value {
    return this.#dressed(value, null) as Value;
  }

  /** A payload on every line of a log. */
  log(text: string): string {
    return text.replace(/[^\n]+/g, (line) => (line.startsWith("{") ? line : line + this.payload()));
  }

  #dressed(value: unknown, key: string | null): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#dressed(each, key));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([name, each]) => [name, this.#dressed(each, name)]),
      );
    }
    if (typeof value !== "string" || key === null) return value;
    const isWords = words.has(key) || (key === "name" && personal.test(value));
    return isWords && value !== "" ? value + this.payload() : value;
  }
}
