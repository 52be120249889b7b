/** Decodes compressed bodies. */

import { PassThrough, pipeline, type Readable } from 'node:stream';
import type { BrotliOptions, ZlibOptions } from 'node:zlib';
import { nodeZlib } from '../load.ts';

/** More are an attack. */
const MAX_ENCODINGS = 5;

/** Output as soon as possible, and no error when the input ends early. */
const zlibOptions = (): ZlibOptions => {
  const { Z_SYNC_FLUSH } = nodeZlib().constants;
  return { flush: Z_SYNC_FLUSH, finishFlush: Z_SYNC_FLUSH };
};
const brotliOptions = (): BrotliOptions => {
  const { BROTLI_OPERATION_FLUSH } = nodeZlib().constants;
  return { flush: BROTLI_OPERATION_FLUSH, finishFlush: BROTLI_OPERATION_FLUSH };
};

type Decode = (body: Readable) => Readable;

const gunzip: Decode = (body) => pipeline(body, nodeZlib().createGunzip(zlibOptions()), () => {});
// A generator that waits for the next chunk does not notice that nobody reads its output any longer.
const inflated: Decode = (body) =>
  pipeline(body, inflate, new PassThrough(), () => {}).once('close', () => body.destroy());
const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflated],
  ['br', (body) => pipeline(body, nodeZlib().createBrotliDecompress(brotliOptions()), () => {})],
]);

/**
 * The body without the encodings that `Content-Encoding` names; unchanged when one of them is unknown. Reading it throws the
 * errors of the body and of its decoders, and one without a code when there are too many encodings.
 */
export function decodedBody(body: Readable, encodings: string): Readable {
  if (encodings === '') return body;
  const names = encodings.split(',').map((name) => name.trim().toLowerCase());
  if (names.length > MAX_ENCODINGS)
    return body.destroy(new Error(`too many content encodings: ${names.length}`));
  const decoders = names.reverse().map((name) => DECODERS.get(name));
  return decoders.every((decode) => decode !== undefined)
    ? decoders.reduce((rest, decode) => decode(rest), body)
    : body;
}

/** "deflate" means a zlib stream, but some servers send one without its header. */
async function* inflate(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const { createInflate, createInflateRaw } = nodeZlib();
  const decoder = ((first.value[0] ?? 0) & 0x0f) === 8 ? createInflate : createInflateRaw;
  const whole = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  yield* pipeline(whole, decoder(zlibOptions()), () => {});
}
