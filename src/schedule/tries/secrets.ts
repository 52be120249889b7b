/** Redacts secrets, which neither logs nor the ledger may show. */

/** Shorter values are not hidden: they would match everywhere. */
const SHORTEST = 8;
const STARS = Buffer.from('***');
const NOTHING = Buffer.alloc(0);

/** Hides values wherever they appear. */
export class Secrets {
  /** Longest first, since one may be a prefix of another. */
  readonly #values: readonly Buffer[];

  /** @param values those of at least 8 bytes are hidden */
  constructor(values: Iterable<string>) {
    this.#values = [...new Set(values)]
      .map((value) => Buffer.from(value))
      .filter((value) => value.length >= SHORTEST)
      .sort((one, other) => other.length - one.length);
  }

  /** The text with `***` for each secret. */
  hide(text: string): string {
    if (this.#values.length === 0) return text;
    return hidden(Buffer.from(text), this.#values, true).shown.toString();
  }

  /** For bytes that arrive in chunks, across which a secret may be split. */
  stream(): SecretStream {
    return new SecretStream(this.#values);
  }
}

/** Hides secrets in one stream. Memory: less than the longest secret. */
export class SecretStream {
  readonly #values: readonly Buffer[];
  #held = NOTHING;

  constructor(values: readonly Buffer[]) {
    this.#values = values;
  }

  /** What can be shown by now; an end that may be the beginning of a secret is held back. */
  take(chunk: Buffer): Buffer {
    if (this.#values.length === 0) return chunk;
    const { shown, held } = hidden(Buffer.concat([this.#held, chunk]), this.#values, false);
    this.#held = Buffer.from(held);
    return shown;
  }

  /** What was held back. */
  end(): Buffer {
    const { shown } = hidden(this.#held, this.#values, true);
    this.#held = NOTHING;
    return shown;
  }
}

/** Replaces each secret by `***`, from left to right. @param isAll whether nothing follows, so that nothing is held back */
function hidden(bytes: Buffer, values: readonly Buffer[], isAll: boolean): { shown: Buffer; held: Buffer } {
  const found = values.map((value) => ({ value, at: bytes.indexOf(value) }));
  const parts: Buffer[] = [];
  for (let from = 0; ; ) {
    const hold = isAll ? bytes.length : beginningOfSecret(bytes, from, values);
    const first = found.reduce(earlier, undefined);
    if (first === undefined || first.at >= hold) {
      const shown = Buffer.concat([...parts, bytes.subarray(from, hold)]);
      return { shown, held: bytes.subarray(hold) };
    }
    parts.push(bytes.subarray(from, first.at), STARS);
    from = first.at + first.value.length;
    for (const one of found) if (one.at >= 0 && one.at < from) one.at = bytes.indexOf(one.value, from);
  }
}

interface Match {
  readonly value: Buffer;
  /** -1 for none. */
  at: number;
}

function earlier(first: Match | undefined, other: Match): Match | undefined {
  if (other.at < 0) return first;
  return first === undefined || other.at < first.at ? other : first;
}

/** Start of the longest suffix of the bytes that is a proper prefix of a secret; their length if there is none. */
function beginningOfSecret(bytes: Buffer, from: number, values: readonly Buffer[]): number {
  return values.reduce((least, value) => Math.min(least, beginningOf(value, bytes, from)), bytes.length);
}

function beginningOf(value: Buffer, bytes: Buffer, from: number): number {
  const first = value[0] ?? 0;
  const start = Math.max(from, bytes.length - value.length + 1);
  for (let at = bytes.indexOf(first, start); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (bytes.compare(value, 0, bytes.length - at, at) === 0) return at;
  }
  return bytes.length;
}
