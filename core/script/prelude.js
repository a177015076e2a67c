// What scripts have beyond the engine's own globals. native is the Go side.
(function (native) {
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(Symbol, "asyncIterator", { value: Symbol("Symbol.asyncIterator") });

  // ---- errors of calls
  const named = (Class, name) => {
    Object.defineProperty(Class.prototype, "name", { value: name, writable: true, configurable: true });
    return Class;
  };
  class ApiError extends Error {}
  class NotFound extends ApiError {}
  class Denied extends ApiError {}
  class Ambiguous extends ApiError {}
  named(ApiError, "ApiError"), named(NotFound, "NotFound"), named(Denied, "Denied"), named(Ambiguous, "Ambiguous");

  // ---- objects of the host
  class Secret {
    get hint() { return native.hint(this); }
    reveal(why) { return native.reveal(this, why); }
    toString() { return native.hint(this); }
    toJSON() { return native.hint(this); }
    [Symbol.toPrimitive]() { return native.hint(this); }
  }
  class File {
    toString() { return this.path; }
  }

  // A listing asks when it is awaited or iterated, and asks again each time.
  class Listing {
    then(done, failed) { return native.open(this, true).then(done, failed); }
    catch(failed) { return this.then(undefined, failed); }
    finally(last) { return this.then().finally(last); }
    [Symbol.asyncIterator]() {
      const from = native.open(this, false);
      let page = [], at = 0, ended = false, asking = Promise.resolve();
      const next = async () => {
        while (at >= page.length) {
          if (ended) return { value: undefined, done: true };
          page = [], at = 0;
          const more = await from.next();
          if (more === undefined) ended = true;
          else page = more;
        }
        return { value: page[at++], done: false };
      };
      return {
        next() {
          if (at < page.length) return Promise.resolve({ value: page[at++], done: false });
          const answer = asking.then(next);
          asking = answer.then(() => {}, () => { ended = true; });
          return answer;
        },
        return(value) {
          ended = true, page = [], at = 0;
          from.close();
          return Promise.resolve({ value, done: true });
        },
        [Symbol.asyncIterator]() { return this; },
      };
    }
  }

  // pages(items) gives some items at a time to add, and then says whether there are more.
  const pages = (items, refusal) => {
    let iterator, sync = false;
    if (items && typeof items[Symbol.asyncIterator] === "function") iterator = items[Symbol.asyncIterator]();
    else if (items != null && typeof items[Symbol.iterator] === "function") iterator = items[Symbol.iterator](), sync = true;
    else throw new TypeError(refusal);
    return {
      async next(n, add) {
        for (let i = 0; i < n; i++) {
          let step = iterator.next();
          if (!sync) step = await step;
          if (step.done) return false;
          add(sync && step.value instanceof Promise ? await step.value : step.value);
        }
        return true;
      },
      close() { if (typeof iterator.return === "function") return iterator.return(); },
    };
  };

  // ---- console
  const key = (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
  const inspect = (value, depth = 0, above = []) => {
    switch (typeof value) {
      case "string": return depth === 0 ? value : JSON.stringify(value);
      case "bigint": return `${value}n`;
      case "symbol": return value.toString();
      case "function": return `[function ${value.name || "without a name"}]`;
      case "object": break;
      default: return Object.is(value, -0) ? "-0" : String(value);
    }
    if (value === null) return "null";
    if (native.isSecret(value)) return native.hint(value);
    if (above.includes(value)) return "[circular]";
    if (value instanceof Error) {
      const text = `${value.name}: ${value.message}`;
      return depth === 0 ? String(value.stack || text).replace(/\(\d+\)(\)?)$/gm, "$1").trim() : `[${text}]`;
    }
    if (value instanceof Date) return isNaN(value) ? "[no date]" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (value instanceof Promise) return "[promise]";
    if (value instanceof Listing) return "[listing]";
    if (depth > 3) return Array.isArray(value) ? "[…]" : "{…}";
    const inner = (v) => inspect(v, depth + 1, [...above, value]);
    const some = (all, show) => {
      const out = all.slice(0, 100).map(show);
      if (all.length > 100) out.push(`… ${all.length - 100} more`);
      return out.join(", ");
    };
    if (Array.isArray(value)) return `[${some(value, inner)}]`;
    if (value instanceof Map) return `Map {${some([...value], ([k, v]) => `${inner(k)} => ${inner(v)}`)}}`;
    if (value instanceof Set) return `Set {${some([...value], inner)}}`;
    const proto = Object.getPrototypeOf(value);
    const name = proto && proto !== Object.prototype && proto.constructor ? `${proto.constructor.name} ` : "";
    const all = Object.keys(value);
    return all.length ? `${name}{ ${some(all, (k) => `${key(k)}: ${inner(value[k])}`)} }` : `${name}{}`;
  };
  const say = (...values) => native.say(values.map((v) => inspect(v)).join(" "));
  define("console", { log: say, info: say, warn: say, error: say, debug: say });

  // ---- timers
  const callable = (f) => { if (typeof f !== "function") throw new TypeError("a timer needs a function"); };
  const timer = (repeat) => (f, ms, ...values) => {
    callable(f);
    return native.setTimer(() => f(...values), Number(ms) || 0, repeat);
  };
  define("setTimeout", timer(false));
  define("setInterval", timer(true));
  define("setImmediate", (f, ...values) => { callable(f); return native.setTimer(() => f(...values), 0, false); });
  for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) define(name, (id) => native.clearTimer(Number(id) || 0));
  define("queueMicrotask", (f) => { callable(f); Promise.resolve().then(() => f()); });

  // ---- texts and bytes
  define("TextEncoder", class TextEncoder {
    get encoding() { return "utf-8"; }
    encode(text = "") { return new Uint8Array(native.encodeUTF8(String(text))); }
  });
  define("TextDecoder", class TextDecoder {
    constructor(label = "utf-8", options) {
      if (!/^utf-?8$/i.test(String(label).trim())) throw new RangeError(`TextDecoder knows utf-8, and not ${label}`);
      this.fatal = Boolean(options && options.fatal);
    }
    get encoding() { return "utf-8"; }
    decode(bytes) {
      if (bytes === undefined) return "";
      const whole = bytes instanceof ArrayBuffer;
      return native.decodeUTF8(whole ? bytes : bytes.buffer, whole ? 0 : bytes.byteOffset, bytes.byteLength, this.fatal);
    }
  });

  // ---- URL
  const encodePart = (text) => encodeURIComponent(text).replace(/%20/g, "+")
    .replace(/[!'()~]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());
  const decodePart = (text) => {
    text = text.replace(/\+/g, " ");
    try { return decodeURIComponent(text); } catch { return text; }
  };
  class URLSearchParams {
    #pairs = [];
    #changed = () => {};
    constructor(from = "", changed) {
      if (changed) this.#changed = changed;
      if (typeof from === "object" && from !== null) {
        const pairs = typeof from[Symbol.iterator] === "function" ? from : Object.entries(from);
        for (const [k, v] of pairs) this.#pairs.push([String(k), String(v)]);
        return;
      }
      for (const part of String(from).replace(/^\?/, "").split("&")) {
        if (!part) continue;
        const at = part.indexOf("=");
        this.#pairs.push(at < 0 ? [decodePart(part), ""] : [decodePart(part.slice(0, at)), decodePart(part.slice(at + 1))]);
      }
    }
    append(k, v) { this.#pairs.push([String(k), String(v)]); this.#changed(this); }
    delete(k) { this.#pairs = this.#pairs.filter((p) => p[0] !== String(k)); this.#changed(this); }
    get(k) { const p = this.#pairs.find((p) => p[0] === String(k)); return p ? p[1] : null; }
    getAll(k) { return this.#pairs.filter((p) => p[0] === String(k)).map((p) => p[1]); }
    has(k) { return this.#pairs.some((p) => p[0] === String(k)); }
    set(k, v) {
      const p = this.#pairs.find((p) => p[0] === String(k));
      if (!p) return this.append(k, v);
      p[1] = String(v);
      this.#pairs = this.#pairs.filter((other) => other === p || other[0] !== p[0]);
      this.#changed(this);
    }
    sort() { this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)); this.#changed(this); }
    forEach(f) { for (const [k, v] of this.#pairs) f(v, k, this); }
    keys() { return this.#pairs.map((p) => p[0])[Symbol.iterator](); }
    values() { return this.#pairs.map((p) => p[1])[Symbol.iterator](); }
    entries() { return this.#pairs.map((p) => [...p])[Symbol.iterator](); }
    [Symbol.iterator]() { return this.entries(); }
    get size() { return this.#pairs.length; }
    toString() { return this.#pairs.map(([k, v]) => `${encodePart(k)}=${encodePart(v)}`).join("&"); }
  }
  define("URLSearchParams", URLSearchParams);
  class URL {
    #parts;
    #params;
    constructor(url, base) {
      this.#parts = native.parseURL(String(url), base === undefined ? "" : String(base));
    }
    static canParse(url, base) { try { new URL(url, base); return true; } catch { return false; } }
    get href() {
      const p = this.#parts;
      const user = p.username ? p.username + (p.password ? `:${p.password}` : "") + "@" : "";
      return p.opaque ? p.protocol + p.opaque + p.search + p.hash : `${p.protocol}//${user}${this.host}${p.pathname}${p.search}${p.hash}`;
    }
    set href(url) { this.#parts = native.parseURL(String(url), ""); this.#params = undefined; }
    get host() { return this.#parts.hostname + (this.#parts.port ? `:${this.#parts.port}` : ""); }
    get origin() { return this.#parts.opaque ? "null" : `${this.#parts.protocol}//${this.host}`; }
    get searchParams() {
      return this.#params ??= new URLSearchParams(this.#parts.search, (params) => {
        const text = params.toString();
        this.#parts.search = text && `?${text}`;
      });
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    static {
      const change = (url, name, value) => {
        const next = { ...url.#parts, [name]: value };
        const was = url.#parts;
        url.#parts = next;
        try { url.#parts = native.parseURL(url.href, ""); } catch { url.#parts = was; }
        if (name === "search") url.#params = undefined;
      };
      for (const name of ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"]) {
        Object.defineProperty(URL.prototype, name, {
          get() { return this.#parts[name]; },
          set(value) {
            value = String(value);
            if (name === "protocol" && !value.endsWith(":")) value += ":";
            if (name === "search" && value && value[0] !== "?") value = "?" + value;
            if (name === "hash" && value && value[0] !== "#") value = "#" + value;
            if (name === "pathname" && value[0] !== "/") value = "/" + value;
            if (name === "username" || name === "password") value = encodeURIComponent(value);
            change(this, name, value);
          },
          configurable: true, enumerable: true,
        });
      }
      Object.defineProperty(URL.prototype, "host", {
        get() { return this.#parts.hostname + (this.#parts.port ? `:${this.#parts.port}` : ""); },
        set(value) {
          const at = String(value).lastIndexOf(":");
          change(this, "hostname", at < 0 ? String(value) : String(value).slice(0, at));
          if (at >= 0) change(this, "port", String(value).slice(at + 1));
        },
        configurable: true, enumerable: true,
      });
    }
  }
  define("URL", URL);

  // ---- abort
  class AbortSignal {
    #aborted = false;
    #reason;
    #work = [];
    onabort = null;
    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    addEventListener(type, f) { if (type === "abort" && typeof f === "function" && !this.#work.includes(f)) this.#work.push(f); }
    removeEventListener(type, f) { this.#work = this.#work.filter((other) => other !== f); }
    static abort(reason) { const c = new AbortController(); c.abort(reason); return c.signal; }
    static timeout(ms) {
      const c = new AbortController();
      setTimeout(() => c.abort(named2("TimeoutError", `${ms} ms have passed`)), ms);
      return c.signal;
    }
    static fire(signal, reason) {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason === undefined ? named2("AbortError", "it was aborted") : reason;
      const event = { type: "abort", target: signal };
      if (typeof signal.onabort === "function") signal.onabort(event);
      for (const f of signal.#work.splice(0)) f.call(signal, event);
    }
  }
  const named2 = (name, text) => Object.defineProperty(new Error(text), "name", { value: name, configurable: true });
  const fire = AbortSignal.fire;
  delete AbortSignal.fire;
  class AbortController {
    #signal = new AbortSignal();
    get signal() { return this.#signal; }
    abort(reason) { fire(this.#signal, reason); }
  }
  define("AbortSignal", AbortSignal);
  define("AbortController", AbortController);

  // ---- structuredClone
  const clone = (value, seen) => {
    if (typeof value === "function" || typeof value === "symbol") throw named2("DataCloneError", `${inspect(value)} cannot be cloned`);
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return seen.get(value);
    const keep = (copy) => { seen.set(value, copy); return copy; };
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof ArrayBuffer) return keep(value.slice(0));
    if (ArrayBuffer.isView(value)) return keep(new value.constructor(clone(value.buffer, seen), value.byteOffset, value.length));
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [k, v] of value) copy.set(clone(k, seen), clone(v, seen));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const v of value) copy.add(clone(v, seen));
      return copy;
    }
    if (value instanceof Error) {
      const copy = keep(new (globalThis[value.name] || Error)(value.message));
      Object.defineProperty(copy, "stack", { value: value.stack, writable: true, configurable: true });
      if ("cause" in value) copy.cause = clone(value.cause, seen);
      return copy;
    }
    if (native.isSecret(value) || value instanceof Promise || value instanceof Listing) {
      throw named2("DataCloneError", `${inspect(value)} cannot be cloned`);
    }
    const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
    for (const k of Object.keys(value)) {
      Object.defineProperty(copy, k, { value: clone(value[k], seen), writable: true, enumerable: true, configurable: true });
    }
    return copy;
  };
  define("structuredClone", (value) => clone(value, new Map()));

  const then = Promise.prototype.then;
  return {
    ApiError, NotFound, Denied, Ambiguous, pages,
    inspect: (value) => inspect(value, 1),
    objectPrototype: Object.prototype,
    secretPrototype: Secret.prototype, filePrototype: File.prototype, listingPrototype: Listing.prototype,
    iterate: Listing.prototype[Symbol.asyncIterator], asyncIterator: Symbol.asyncIterator,
    then: (promise, done, failed) => { then.call(promise, done, failed); },
    resolve: (value) => Promise.resolve(value),
  };
})
