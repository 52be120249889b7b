import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSplitter, splitBytes } from '../../src/lines/byte-splitter.ts';
import { SHOWN_OF_LONG } from '../../src/lines/limits.ts';

/** All pieces, neighbours of one kind `lines` together. */
function split(chunks: readonly Buffer[], limit: number): string[] {
  const splitter = new ByteSplitter(limit);
  const pieces = chunks.flatMap((chunk) => [...splitter.take(chunk)].map(copied));
  const all: { kind: string; text: string }[] = [];
  for (const piece of [...pieces, ...[...splitter.end()].map(copied)]) {
    const last = all.at(-1);
    if (piece.kind === 'lines' && last?.kind === 'lines') last.text += piece.text;
    else all.push(piece);
  }
  return all.map(({ kind, text }) => `${kind} ${JSON.stringify(text)}`);
}

const copied = ({ kind, bytes }: { kind: string; bytes: Buffer }) => ({
  kind,
  text: bytes.toString('latin1'),
});

const cut = (bytes: Buffer, places: readonly number[]): Buffer[] => {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
};

/** The same from the whole text, slow and obvious. */
function expected(text: string, limit: number): string[] {
  if (text === '\xef\xbb\xbf') return ['torn ""'];
  const parts = text.replace(/^\xef\xbb\xbf/, '').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const all: { kind: string; text: string }[] = [];
  for (const part of parts) {
    const line = part.replace(/\n$/, '');
    const kind = line.replace(/\r$/, '').length > limit ? 'long' : part.endsWith('\n') ? 'lines' : 'torn';
    const last = all.at(-1);
    if (kind === 'lines' && last?.kind === 'lines') last.text += part;
    else all.push({ kind, text: kind === 'long' ? line.slice(0, Math.min(limit, SHOWN_OF_LONG)) : part });
  }
  return all.map(({ kind, text: some }) => `${kind} ${JSON.stringify(some)}`);
}

describe('ByteSplitter', () => {
  it('gives nothing for nothing', () => {
    expect(split([], 4)).toEqual([]);
    expect(split([Buffer.of(), Buffer.of()], 4)).toEqual([]);
  });

  it('counts neither BOM nor carriage return nor newline to the length of a line', () => {
    const text = '\xef\xbb\xbfabcd\r\nefgh\r\n\xef\xbb\xbfi\r\njklmn\r\nopqr\r';
    for (let at = 0; at <= text.length; at++)
      expect(split(cut(Buffer.from(text, 'latin1'), [at]), 4)).toEqual(
        ['lines "abcd\\r\\nefgh\\r\\nï»¿i\\r\\n"', 'long "jklm"', 'torn "opqr\\r"'].map((line) =>
          line.replace('"jklmn"', '"jklmn"'),
        ),
      );
  });

  it('says that a line is too long before its end has come, and leaves the rest of it out', () => {
    const splitter = new ByteSplitter(4);
    expect([...splitter.take(Buffer.from('abcde'))].map(copied)).toEqual([{ kind: 'long', text: 'abcd' }]);
    expect([...splitter.take(Buffer.from('xxxxxxxx'))]).toEqual([]);
    expect([...splitter.take(Buffer.from('x\nb\n'))].map(copied)).toEqual([{ kind: 'lines', text: 'b\n' }]);
    expect([...splitter.end()]).toEqual([]);
  });

  it('does not keep a chunk, which may be gone when the next one comes', () => {
    const splitter = new ByteSplitter();
    const chunk = Buffer.from('ab');
    expect([...splitter.take(chunk)]).toEqual([]);
    chunk.fill('x');
    expect([...splitter.take(Buffer.from('c\n'))].map(copied)).toEqual([{ kind: 'lines', text: 'abc\n' }]);
  });

  it('gives the same however the bytes arrive', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom('\n', '\r\n', '\r', '\xef\xbb\xbf', 'a', 'bcd', 'x'.repeat(1100))), {
        maxLength: 40,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.oneof(fc.integer({ min: 3, max: 9 }), fc.constant(1100)),
        (all, places, limit) => {
          expect(split(cut(Buffer.from(all, 'latin1'), places), limit)).toEqual(expected(all, limit));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('splitBytes', () => {
  it('gives lines that are the whole when put together', () => {
    const bytes = fc
      .uint8Array({ maxLength: 60 })
      .map((array) => Buffer.from(array.map((byte) => (byte < 60 ? 10 : byte))));
    fc.assert(
      fc.property(bytes, (lines) => {
        const split = splitBytes(lines);
        expect(Buffer.concat(split)).toEqual(lines);
        for (const [number, line] of split.entries())
          expect([line.indexOf(10), number]).toEqual([
            number < split.length - 1 || lines.at(-1) === 10 ? line.length - 1 : -1,
            number,
          ]);
      }),
    );
  });
});
