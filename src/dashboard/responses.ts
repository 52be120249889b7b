/** Answers of the server: one line of JSON, streamed text, or an error with its reason. */

/** Ends a request with this HTTP status; the message, one line, is for the client. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}

/** Browsers and proxies must not cache: the answer may differ a moment later. */
const fresh = { 'cache-control': 'no-store' };

/** @param text JSON in one line, without the newline */
export function jsonResponse(
  text: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'application/json', ...fresh, ...headers },
  });
}

/** One line of JSON: `{"error":...}`. */
export function errorResponse({ status, message, headers }: HttpError): Response {
  return jsonResponse(JSON.stringify({ error: message }), status, headers);
}

/** Characters per chunk. */
const BLOCK = 1 << 16;

/**
 * Streams text as it is made, with backpressure. The first chunk is made before the answer begins, so that an early error is
 * thrown, and still has a status of its own.
 *
 * @param broken called with a later error; it must break the connection, so that the client sees that the answer is incomplete
 */
export async function streamResponse(
  pieces: AsyncGenerator<string>,
  headers: Readonly<Record<string, string>>,
  broken: (error: unknown) => void,
): Promise<Response> {
  const encoder = new TextEncoder();
  const blocks = inBlocks(pieces);
  let next = await blocks.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        if (next.done) return controller.close();
        controller.enqueue(encoder.encode(next.value));
        next = await blocks.next();
      } catch (error) {
        broken(error);
      }
    },
    async cancel() {
      await blocks.return(undefined);
    },
  });
  return new Response(body, { headers: { ...fresh, ...headers } });
}

async function* inBlocks(pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  let block = '';
  for await (const piece of pieces) {
    block += piece;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  if (block !== '') yield block;
}

/** A 503: the client may try again soon. */
export function busy(reason: string): HttpError {
  return new HttpError(503, reason, { 'retry-after': '2' });
}
