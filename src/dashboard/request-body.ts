/** Bodies of requests: only of a type that is read, and never more of them in memory than there is room for. */

import { quote } from '../lines/line.ts';
import { Refusal } from './responses.ts';

/** As lines of CSV or of JSON, whatever the type says: a row is known by how it begins. */
const types = new Set(['text/csv', 'application/x-ndjson', 'application/ndjson', 'application/json']);
const TYPE = /^([^\s;]+)\s*(?:;\s*charset\s*=\s*"?(utf-8|us-ascii)"?\s*)?;?\s*$/i;

/** So many bytes of all bodies together, or one that is as long as it may be. */
const MOST_HELD = 1 << 25;

export interface Body {
  readonly chunks: readonly Buffer[];
  /** Says that its bytes are no longer needed. */
  release(): void;
}

/** @throws Refusal (415) */
export function checkType({ headers }: Request): void {
  const type = headers.get('content-type') ?? '';
  if (!types.has(TYPE.exec(type)?.[1]?.toLowerCase() ?? ''))
    throw new Refusal(415, `neither text/csv nor application/x-ndjson in UTF-8: ${quote(type)}`);
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new Refusal(415, `the body is encoded: ${quote(encoding)}`);
}

export class Bodies {
  readonly #most: number;
  #held = 0;

  /** @param most bytes of one body */
  constructor(most: number) {
    this.#most = most;
  }

  /** @throws Refusal (413) when it is too long, (503) when too many come at once, (400) when it breaks off */
  async read(request: Request): Promise<Body> {
    if (Number(request.headers.get('content-length')) > this.#most) throw this.#tooLong();
    const chunks: Buffer[] = [];
    let size = 0;
    const release = () => {
      this.#held -= size;
      size = 0;
    };
    try {
      for await (const chunk of arriving(request)) {
        chunks.push(chunk);
        size += chunk.length;
        this.#held += chunk.length;
        if (size > this.#most) throw this.#tooLong();
        if (this.#held > Math.max(MOST_HELD, this.#most)) throw busy('too much is posted at once');
      }
    } catch (error) {
      release();
      throw error;
    }
    return { chunks, release };
  }

  #tooLong(): Refusal {
    return new Refusal(413, `the body is longer than ${this.#most} bytes`);
  }
}

async function* arriving({ body }: Request): AsyncGenerator<Buffer> {
  const reader = body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch(() => {
      throw new Refusal(400, 'the body broke off');
    });
    if (done) return;
    yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}

/** The client may try again soon. */
export function busy(reason: string): Refusal {
  return new Refusal(503, reason, { 'retry-after': '2' });
}
