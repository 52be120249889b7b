/** What the server answers: JSON in one line, text as it is made, or a refusal with its reason. */

/** Ends a request with this status, and says why in one line. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}

/** Nobody keeps what was true a moment ago. */
const fresh = { 'cache-control': 'no-store' };

/** `text` is JSON. */
export function json(text: string, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'content-type': 'application/json', ...fresh, ...headers },
  });
}

export function refuse({ status, message, headers }: Refusal): Response {
  return json(JSON.stringify({ error: message }), status, headers);
}

/** So many characters are sent at once. */
const BLOCK = 1 << 16;

/**
 * Text that is sent as it is made, no faster than the client takes it. Its beginning is made before the answer begins,
 * so that what fails at once still has a status of its own.
 *
 * @param broken hears of an error after the beginning; the client must see then that the answer is not whole
 */
export async function streamed(
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
