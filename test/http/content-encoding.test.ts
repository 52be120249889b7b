import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodedBody } from '../../src/http/content-encoding.ts';

const LONG = 'attic,21.5\n'.repeat(50_000);

/** A body that comes in chunks of some bytes. */
function sent(bytes: Buffer, size = bytes.length): Readable {
  const chunks = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return Readable.from(chunks, { objectMode: false });
}

describe('a body', () => {
  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    [' GZIP ', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['deflate, gzip', (text) => gzipSync(deflateSync(text))],
    ['gzip, deflate', (text) => deflateRawSync(gzipSync(text))],
  ])('encoded as %j is decoded', async (encodings, encode) => {
    expect(await text(decodedBody(sent(encode(LONG)), encodings))).toBe(LONG);
    expect(await text(decodedBody(sent(encode('21.5'), 1), encodings))).toBe('21.5');
  });

  it.each(['', 'identity', 'zip', 'zip, gzip', 'gzip, zip'])(
    'of the encodings %j stays as it is',
    async (encodings) => {
      expect(await text(decodedBody(sent(Buffer.from('21.5')), encodings))).toBe('21.5');
    },
  );

  it.each(['gzip', 'deflate', 'br'])('of %s may be empty', async (encoding) => {
    expect(await text(decodedBody(sent(Buffer.alloc(0)), encoding))).toBe('');
  });

  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('of %s that ends early throws: 21.53 must not become 21', async (encoding, encode) => {
    const whole = encode('21.53');
    for (let length = 1; length < whole.length; length++) {
      const body = decodedBody(sent(whole.subarray(0, length)), encoding);
      await expect(text(body), `${length}`).rejects.toMatchObject({ code: 'Z_BUF_ERROR' });
    }
  });

  it('comes as soon as it can be decoded', async () => {
    const packer = createGzip();
    packer.write('21.5\n');
    packer.flush();
    const body = decodedBody(packer, 'gzip');
    const first = await body[Symbol.asyncIterator]().next();
    expect(String(first.value)).toBe('21.5\n');
    body.destroy();
  });

  it.each(['gzip', 'deflate'])('that is no %s throws', async (encoding) => {
    const body = decodedBody(sent(Buffer.from('xxxxxx')), encoding);
    await expect(text(body)).rejects.toMatchObject({ code: 'Z_DATA_ERROR' });
  });

  it('of more than five encodings throws', async () => {
    const body = sent(Buffer.from('21.5'));
    await expect(text(decodedBody(body, Array(6).fill('gzip').join()))).rejects.toThrow(
      'too many content encodings: 6',
    );
    expect(body.destroyed).toBe(true);
  });

  it.each(['gzip', 'deflate', 'br'])(
    'of %s throws the error of its connection, and ends it when it is left',
    async (encoding) => {
      const broken = new Readable({ read() {} });
      const decoded = decodedBody(broken, encoding);
      broken.destroy(new Error('broken'));
      await expect(text(decoded)).rejects.toThrow('broken');

      const left = new Readable({ read() {} });
      const closed = new Promise((resolve) => left.once('close', resolve));
      decodedBody(left, encoding)
        .on('error', () => {})
        .destroy(new Error('enough'));
      await closed;
    },
  );
});
