/** Decodes compressed bodies. */

import { PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import type { ZlibOptions } from 'node:zlib';
import { nodeZlib } from '../load.ts';

/** More are an attack. */
const MAX_ENCODINGS = 5;

/** Makes the decoder of a body that begins with these bytes. All give their output as soon as they can. */
type MakeDecoder = (first: Buffer) => Transform;

const gunzip: MakeDecoder = () => nodeZlib().createGunzip(zlibOptions());
const MAKERS: ReadonlyMap<string, MakeDecoder> = new Map<string, MakeDecoder>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', () => nodeZlib().createBrotliDecompress({ flush: nodeZlib().constants.BROTLI_OPERATION_FLUSH })],
]);

function zlibOptions(): ZlibOptions {
  return { flush: nodeZlib().constants.Z_SYNC_FLUSH };
}

/** "deflate" means a zlib stream, but some servers send one without its header. */
function inflate(first: Buffer): Transform {
  const hasHeader = ((first[0] ?? 0) & 0x0f) === 8;
  return hasHeader ? nodeZlib().createInflate(zlibOptions()) : nodeZlib().createInflateRaw(zlibOptions());
}

/**
 * The body without the encodings that `Content-Encoding` names; unchanged when one of them is unknown. Reading it throws the
 * errors of the body and of its decoders, also when it ends early, and one without a code when there are too many encodings.
 */
export function decodedBody(body: Readable, encodings: string): Readable {
  if (encodings === '') return body;
  const names = encodings.split(',').map((name) => name.trim().toLowerCase());
  if (names.length > MAX_ENCODINGS)
    return body.destroy(new Error(`too many content encodings: ${names.length}`));
  const makers = names.reverse().map((name) => MAKERS.get(name));
  return makers.every((make) => make !== undefined) ? makers.reduce(decoded, body) : body;
}

function decoded(body: Readable, make: MakeDecoder): Readable {
  const decode = (bytes: AsyncIterable<Buffer>) => decodedChunks(bytes, make);
  // A generator that waits for the next chunk does not notice that nobody reads its output any longer.
  return pipeline(body, decode, new PassThrough(), () => {}).once('close', () => body.destroy());
}

/** None for an empty body, which is not in its encoding. */
async function* decodedChunks(body: AsyncIterable<Buffer>, make: MakeDecoder): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  yield* pipeline(whole, make(first.value), () => {});
}
