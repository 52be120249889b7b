/** Reads request bodies: CSV and JSON only, with a limit on bytes in memory. */

import { quote } from '../lines/line.ts';
import { typeAndParameters } from './header-values.ts';
import { HttpError } from './responses.ts';
import { Shares } from './shares.ts';

/** Any of these will do: the format of a row shows in its first character. */
const types = new Set(['text/csv', 'application/x-ndjson', 'application/ndjson', 'application/json']);
const jsonType = new Set(['application/json']);
const charsets = new Set(['charset=utf-8', 'charset=us-ascii']);

/** Bytes of bodies in memory, of all clients and of each, unless a single body may be longer. */
const MAX_HELD = 1 << 25;
const MAX_HELD_EACH = 1 << 23;

/** A body in memory. */
export interface Body {
  readonly chunks: readonly Buffer[];
  /** To be called when the chunks are no longer needed. */
  release(): void;
}

/** Checks for a type of rows. @throws HttpError (415) */
export function checkType(request: Request): void {
  checkTypeIn(request, types, 'neither text/csv nor application/x-ndjson in UTF-8');
}

/** Checks for JSON, which a page of another site cannot post without a CORS preflight. @throws HttpError (415) */
export function checkJsonType(request: Request): void {
  checkTypeIn(request, jsonType, 'not application/json in UTF-8');
}

function checkTypeIn({ headers }: Request, known: ReadonlySet<string>, refusal: string): void {
  const header = headers.get('content-type') ?? '';
  const { type, parameters } = typeAndParameters(header);
  if (!known.has(type) || !parameters.every((parameter) => charsets.has(parameter)))
    throw new HttpError(415, `${refusal}: ${quote(header)}`);
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new HttpError(415, `the body is encoded: ${quote(encoding)}`);
}

/** Reads bodies, and counts the bytes that are in memory. */
export class BodyReader {
  readonly #most: number;
  readonly #held: Shares;

  /** @param most bytes of one body */
  constructor(most: number) {
    this.#most = most;
    this.#held = new Shares({ all: Math.max(MAX_HELD, 2 * most), each: Math.max(MAX_HELD_EACH, most) });
  }

  /**
   * The whole body.
   *
   * @throws HttpError (413) when it is too long, (429, 503) when too much comes at once, (400) when it breaks off
   */
  async read(request: Request, client: string): Promise<Body> {
    if (Number(request.headers.get('content-length')) > this.#most) throw this.#tooLong();
    const chunks: Buffer[] = [];
    let size = 0;
    const release = () => {
      this.#held.give(client, size);
      size = 0;
    };
    try {
      for await (const chunk of arriving(request)) {
        if (size + chunk.length > this.#most) throw this.#tooLong();
        this.#held.mustTake(client, 'bytes of posts', chunk.length);
        size += chunk.length;
        chunks.push(chunk);
      }
    } catch (error) {
      release();
      throw error;
    }
    return { chunks, release };
  }

  #tooLong(): HttpError {
    return new HttpError(413, `the body is longer than ${this.#most} bytes`);
  }
}

async function* arriving({ body }: Request): AsyncGenerator<Buffer> {
  const reader = body?.getReader();
  while (reader !== undefined) {
    const { done, value } = await reader.read().catch(() => {
      throw new HttpError(400, 'the body ended early');
    });
    if (done) return;
    yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
}
