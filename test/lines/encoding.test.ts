import { describe, expect, it } from 'vitest';
import { decoded, mayNeedDecoding, parseEncoding } from '../../src/lines/encoding.ts';
import { decodeText } from '../../src/lines/text.ts';

const TEXT = 'Malmö,Køge €,温度 🌡\n1,2\r\n';

async function* inPieces(bytes: Buffer, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function read(bytes: Buffer, encoding?: string, length = 1 << 16): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of decoded(inPieces(bytes, length), 'in', encoding)) parts.push(part);
  return decodeText(Buffer.concat(parts));
}

const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('input that is not UTF-8', () => {
  it.each([
    ['UTF-16LE by its mark', utf16le(`\ufeff${TEXT}`), undefined],
    ['UTF-16BE by its mark', utf16be(`\ufeff${TEXT}`), undefined],
    ['UTF-16LE by its mark, whatever the user says', utf16le(`\ufeff${TEXT}`), 'windows-1252'],
    ['UTF-16LE by its name', utf16le(TEXT), 'utf-16le'],
    ['UTF-16BE by its name', utf16be(TEXT), 'utf-16be'],
    ['UTF-8', Buffer.from(TEXT), undefined],
  ])('is decoded wherever it is cut: %s', async (_, bytes, encoding) => {
    for (let length = 1; length <= bytes.length; length++)
      expect(await read(bytes, encoding, length), `${length}`).toBe(TEXT);
  });

  it('keeps its own mark when it is UTF-8, whatever the user says', async () => {
    expect(await read(Buffer.from(`\ufeff${TEXT}`), 'windows-1252')).toBe(`\ufeff${TEXT}`);
  });

  it.each([
    ['latin1', 'Malm\xf6 \x80\x9f\xff', 'Malmö €Ÿÿ'],
    ['windows-1252', '\x92\x81\xa0', '’\x81\xa0'],
    ['iso-8859-15', '\xa4', '€'],
    ['koi8-r', '\xc1', 'а'],
    ['shift_jis', '\x89\xb7\x93x', '温度'],
    ['gbk', '\xce\xc2', '温'],
  ])('is read as %s', async (name, bytes, text) => {
    expect(await read(latin1(bytes), parseEncoding(name), 1)).toBe(text);
  });

  it('has another character for each byte of windows-1252', async () => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(new Set(await read(all, 'windows-1252')).size).toBe(256);
  });

  it.each([
    ['half a character', utf16le('\ufeffa\n').subarray(0, -1), undefined, 'a\udcff'],
    ['an unpaired surrogate', utf16le('\ufeffa\ud800b\n'), undefined, 'a\udcffb\n'],
    ['bytes of no character', latin1('a\xff\n'), 'shift_jis', 'a\udcff\n'],
  ])('has a byte that is not UTF-8 where it cannot be decoded: %s', async (_, bytes, encoding, text) => {
    expect(await read(bytes, encoding)).toBe(text);
  });

  it.each([
    ['UTF-16LE', utf16le('1\n')],
    ['UTF-16BE', utf16be('1\n')],
    ['UTF-32', latin1('\xff\xfe\0\0\x31\0\0\0')],
  ])('is refused as %s when nothing tells how to read it', async (name, bytes) => {
    for (const length of [1, 2, 3, 100])
      await expect(read(bytes, undefined, length)).rejects.toMatchObject({
        status: 65,
        message: `in: is ${name}: convert it first with: iconv -f ${name} -t UTF-8`,
      });
  });

  it.each(['', '5', '5\n', '\0\0\0\0\n', 'a\0', 'a\0b\n', '\0a\0\0', '\xff\n'])(
    'is left to the readers otherwise: %j',
    async (text) => {
      expect(await read(latin1(text), undefined, 1)).toBe(decodeText(latin1(text)));
    },
  );

  it('is not waited for longer than for two bytes', async () => {
    const endless = (async function* () {
      yield Buffer.from('5\n');
      await new Promise(() => {});
    })();
    const { value } = await decoded(endless, 'in', 'windows-1252').next();
    expect(String(value)).toBe('5\n');
  });
});

it('plain text is read the fast way', () => {
  expect(mayNeedDecoding(Buffer.from('1,'), undefined)).toBe(false);
  expect(mayNeedDecoding(Buffer.from('\ufeff1'), undefined)).toBe(false);
  expect(mayNeedDecoding(Buffer.from('\0\0'), undefined)).toBe(false);
  expect(mayNeedDecoding(Buffer.from('1,'), 'windows-1252')).toBe(true);
});

describe('--encoding', () => {
  it.each([
    ['utf8', undefined],
    ['UTF-8', undefined],
    ['latin1', 'windows-1252'],
    ['ISO-8859-1', 'windows-1252'],
    ['utf-16', 'utf-16le'],
  ])('takes %s for %s', (name, encoding) => expect(parseEncoding(name)).toBe(encoding));

  it.each(['', 'foo', 'utf-32'])('refuses %j', (name) =>
    expect(() => parseEncoding(name)).toThrow(`unknown encoding: ${JSON.stringify(name)} (known: latin1, `),
  );
});
