declare module "litellm" {
  // ---- the runtime's own --------------------------------------------------------------------------------------------

  /** What a write did. `planned` under --dry-run: then the record has no more than what is known before the write. */
  type Result = "created" | "exists" | "updated" | "unchanged" | "deleted" | "not_found" | "planned" | "failed";
  type Done<T> = T & { readonly result: Result };
  /** `await` it for all rows, or `for await` over it to hold one page at a time. Never a part. Asked again, it asks again. */
  interface Listing<T> extends Pick<Promise<T[]>, "then" | "catch" | "finally">, AsyncIterable<T> {}
  /** Prints as `sk-…9Qx2`, also in templates and JSON; only results, sinks and `reveal` open it. */
  interface Secret {
    readonly hint: string;
    /** The secret itself. Why it is needed is written to the log. */
    reveal(why: string): string;
  }
  /** `30m` `24h` `7d` `1mo`; the words daily, weekly and monthly differ by server version: refused. */
  type Duration = `${number}${"s" | "m" | "h" | "d" | "w"}` | "1mo";
  /** One target, or several of them. */
  type Targets = string | readonly string[];
  /** One record for the one target that was named; a list of them where a list was named, or a filter has selected. */
  type Each<T, R> = T extends string ? R : R[];

  /** The same functions for another profile: `const b = gateway("prod-b"); b.keys.list()`. It must be the value of an
   *  argument of type profile, or be allowed by --allow-profile. @throws Error without a profile's name */
  function gateway(profile: string | undefined): Gateway;

  /** What the command line gives to the script. Once, before anything else, at the top of the script that is run. */
  function args<const A extends { readonly [name: string]: Arg }>(spec: A): { readonly [K in keyof A]: ArgOf<A[K]> };
  /** One argument. `max_age` is the flag --max-age. */
  interface Arg {
    /** `profile` names another gateway, which `gateway()` may then speak to. */
    readonly type: "file" | "text" | "number" | "bool" | "list" | "duration" | "profile";
    /** By its place, and not as a flag. Required, unless it has a default or `required: false`. */
    readonly positional?: boolean;
    readonly required?: boolean;
    /** Without one, an argument that is not given is `undefined`; a bool is false and a list is empty. */
    readonly default?: unknown;
    /** The only values that are taken. */
    readonly enum?: readonly string[];
    /** Shown by `litellm-proxy script run NAME --help`. */
    readonly help: string;
  }
  type ArgOf<A extends Arg> = A extends { readonly type: "list" } ? ArgValue<A>[]
    : A extends { readonly type: "bool" } | { readonly required: true } ? ArgValue<A>
    : A extends { readonly default: undefined } ? ArgValue<A> | undefined
    : A extends { readonly default: unknown } ? ArgValue<A>
    : A extends { readonly required: false } ? ArgValue<A> | undefined
    : A extends { readonly positional: true } ? ArgValue<A>
    : ArgValue<A> | undefined;
  type ArgValue<A extends Arg> = A["type"] extends "file" ? File
    : A["type"] extends "number" ? number
    : A["type"] extends "bool" ? boolean
    : A["type"] extends "duration" ? Duration
    : A extends { readonly enum: readonly (infer E)[] } ? E
    : string;

  /** A run that is killed at any point goes on where it stopped: `litellm-proxy job resume`. */
  namespace job {
    interface Options<T> {
      /** What tells an item from all others, in this run and in the one that resumes it: an e-mail, an id. */
      key(item: T): string;
      /** How many items are worked on at once: 8 if not given. Fewer while the gateway is in trouble. */
      readonly concurrency?: number;
      /** Begin no more items than this: `100/m`. */
      readonly rate?: `${number}/${"s" | "m" | "h"}`;
      /** Begin no more items after so many failures. */
      readonly max_errors?: number;
      /** Refuse to begin when there are more items than this. */
      readonly max_items?: number;
    }
    /** Name a step whose work is not one command; its value is kept, and given back when the run is resumed. */
    type Step = <V>(name: string, work: () => Promise<V> | V) => Promise<V>;
    /** A line of results.csv. A `Secret` reaches that file and nothing else. */
    type Row = Record<string, Cell>;
    type Cell = string | number | boolean | null | undefined | Secret;
    interface Tally { readonly ok: number; readonly failed: number; readonly left: number }
    /** Works on each item. Every write of a command in there is a step by itself, which a run that is resumed does not do
     *  again. An item that throws has failed; the others go on. */
    function each<T>(items: Iterable<T> | AsyncIterable<T>, options: Options<T>,
      work: (item: T, step: Step) => Promise<Row | void> | Row | void): Promise<Tally>;
  }

  namespace csv {
    /** Reads one cell; what it throws is told with the line. */
    interface Column<V> { readonly parse: (text: string) => V }
    const text: Column<string>, number: Column<number>, integer: Column<number>, bool: Column<boolean>;
    const email: Column<string>, date: Column<Date>;
    /** Texts between commas; none in an empty cell. */
    const list: Column<string[]>;
    /** `null` for an empty cell. */
    function optional<V>(column: Column<V>): Column<V | null>;
    type RowOf<C> = { [K in keyof C]: C[K] extends Column<infer V> ? V : never };
    /** The whole file is checked before the first row is given; all bad lines are told together. */
    function read<C extends Record<string, Column<unknown>>>(file: File | string,
      options: { readonly columns: C; readonly unique?: keyof C & string; readonly delimiter?: string }): Listing<RowOf<C>>;
    /** The columns are the names of the first row. A Secret is masked. Needs --allow-write. */
    function write(file: File | string, rows: Iterable<job.Row> | AsyncIterable<job.Row>): Promise<void>;
  }

  /** Standard output. */
  namespace output {
    /** A record, in the format that the command line asks for: `-o csv`, `--jq`. A Secret is shown masked. */
    function record(row: object): void;
    function text(text: string): void;
    /** Horizontal bars, as wide as the terminal. */
    function bars<T extends object>(rows: Iterable<T>,
      options: { readonly label: keyof T & string; readonly value: keyof T & string; readonly title?: string; readonly unit?: string }): void;
  }

  /** A file that the command line names, or that `files.open` has found. */
  interface File { readonly path: string }
  /** To read a File that the command line names needs no permission. All else needs --allow-read or --allow-write of its
   *  directory. */
  namespace files {
    function read(file: File | string): Promise<string>;
    /** The lines, without their ends. */
    function lines(file: File | string): Listing<string>;
    function write(file: File | string, text: string): Promise<void>;
    /** A File for a flag that takes one. */
    function open(path: string): File;
  }
  namespace env {
    /** Needs --allow-env=NAME. */
    function get(name: string): string | undefined;
  }
  /** This run. */
  const run: {
    /** Nothing is written: what a write would do is shown. */
    readonly dry_run: boolean;
    /** Empty for a gateway that was given by its address. */
    readonly profile: string;
    /** Its address. */
    readonly gateway: string;
  };

  /** What the gateway, or the program, has to say against a call. */
  class ApiError extends Error {
    /** Of HTTP; 0 where there was no answer. */
    readonly status: number;
    readonly code: "not_found" | "denied" | "refused" | "unreachable" | "timed_out" | "usage" | "failed" | "guarded"
      | "interrupted" | "plugin" | "partial";
    /** What to do. */
    readonly hint?: string;
    /** The gateway's own words. */
    readonly said?: string;
    /** What is now true: "nothing was changed". */
    readonly state?: string;
    /** The same call may succeed later. */
    readonly retryable: boolean;
  }
  class NotFound extends ApiError {}
  class Denied extends ApiError {}
  /** Several things have the name. */
  class Ambiguous extends ApiError {}

  interface Http {
    get<T = unknown>(path: string, query?: Query): Promise<T>;
    post<T = unknown>(path: string, body?: unknown): Promise<T>;
    put<T = unknown>(path: string, body?: unknown): Promise<T>;
    patch<T = unknown>(path: string, body?: unknown): Promise<T>;
    delete<T = unknown>(path: string, body?: unknown): Promise<T>;
  }
  type Query = { readonly [name: string]: string | number | boolean | null | undefined };
}

// ---- what else there is: nothing of a browser's or of Node's --------------------------------------------------------

/** Writes to standard error. A Secret is shown masked. */
declare const console: {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
};
declare function setTimeout<A extends unknown[]>(work: (...values: A) => void, milliseconds?: number, ...values: A): number;
declare function clearTimeout(timer: number | undefined): void;
declare function setInterval<A extends unknown[]>(work: (...values: A) => void, milliseconds?: number, ...values: A): number;
declare function clearInterval(timer: number | undefined): void;
declare function setImmediate<A extends unknown[]>(work: (...values: A) => void, ...values: A): number;
declare function clearImmediate(timer: number | undefined): void;
declare function queueMicrotask(work: () => void): void;
declare function structuredClone<T>(value: T): T;
declare class URL {
  constructor(url: string | URL, base?: string | URL);
  static canParse(url: string | URL, base?: string | URL): boolean;
  href: string;
  readonly origin: string;
  protocol: string;
  username: string;
  password: string;
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  search: string;
  hash: string;
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(from?: string | Record<string, string> | Iterable<[string, string]>);
  readonly size: number;
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  forEach(work: (value: string, name: string) => void): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  [Symbol.iterator](): IterableIterator<[string, string]>;
  toString(): string;
}
declare class TextEncoder {
  readonly encoding: "utf-8";
  encode(text?: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: "utf-8" | "utf8", options?: { readonly fatal?: boolean });
  readonly encoding: "utf-8";
  decode(bytes?: Uint8Array | ArrayBuffer): string;
}
declare class AbortSignal {
  private constructor();
  static abort(reason?: unknown): AbortSignal;
  static timeout(milliseconds: number): AbortSignal;
  onabort: (() => void) | null;
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", work: () => void): void;
  removeEventListener(type: "abort", work: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
