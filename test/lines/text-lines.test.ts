import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../src/lines/line.ts';
import { splitLines } from '../../src/lines/text-lines.ts';

interface Result {
  readonly lines: Line[];
  readonly rejected: (Line & { readonly kind: string })[];
}

async function split(chunks: Iterable<Buffer | string>): Promise<Result> {
  const result: Result = { lines: [], rejected: [] };
  const source = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  const reject = (line: Line, { kind }: { kind: string }) => result.rejected.push({ ...line, kind });
  for await (const lines of splitLines(source(), 'log', reject)) result.lines.push(...lines);
  return result;
}

const texts = async (chunks: Iterable<Buffer | string>) =>
  (await split(chunks)).lines.map(({ text }) => text);

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(ends[at - 1] ?? 0, end));
}

describe('splitLines', () => {
  it('gives nothing for nothing', async () => {
    expect(await split([])).toEqual({ lines: [], rejected: [] });
    expect(await split(['', ''])).toEqual({ lines: [], rejected: [] });
  });

  it('numbers lines from 1, empty ones too', async () => {
    expect((await split(['a\n\nb\n'])).lines).toEqual([
      { text: 'a', source: 'log', number: 1, torn: false, hasReturn: false },
      { text: '', source: 'log', number: 2, torn: false, hasReturn: false },
      { text: 'b', source: 'log', number: 3, torn: false, hasReturn: false },
    ]);
  });

  it('says of the last line that it had no newline', async () => {
    expect((await split(['a\nb'])).lines.map(({ torn }) => torn)).toEqual([false, true]);
  });

  it('takes CRLF for LF, and keeps other carriage returns', async () => {
    expect(await texts(['a\r\nb\rc\n\r\nd\r\r\n'])).toEqual(['a', 'b\rc', '', 'd\r']);
  });

  it('takes off a BOM at the beginning, and nowhere else', async () => {
    expect(await texts(['\ufeffa\n\ufeffb\n'])).toEqual(['a', '\ufeffb']);
    expect(await texts([Buffer.of(0xef), Buffer.of(0xbb), Buffer.of(0xbf), 'a\n'])).toEqual(['a']);
    expect(await texts(['\ufeff'])).toEqual(['']);
  });

  it('splits after newlines only', async () => {
    expect(await texts(['a\u2028b\u0085c\fd\ve\0f\n'])).toEqual(['a\u2028b\u0085c\fd\ve\0f']);
  });

  it('keeps UTF-8 that is cut anywhere', async () => {
    const bytes = Buffer.from('Wohnzimmer süd,€,🌡\nküche\n');
    expect(await texts(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual([
      'Wohnzimmer süd,€,🌡',
      'küche',
    ]);
  });

  it('decodes a byte that is not UTF-8 to a surrogate of its own', async () => {
    expect(await texts([Buffer.from('a\xe9b\nc\n', 'latin1')])).toEqual(['a\udce9b', 'c']);
  });

  it('does not depend on how the bytes come in pieces', async () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', '\ufeff', 'ü', '€', '🌡', '\0', ''),
      fc.string({ unit: 'binary', maxLength: 8 }),
    );
    const input = fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join('')));
    await fc.assert(
      fc.asyncProperty(input, fc.array(fc.nat(), { maxLength: 30 }), async (bytes, places) => {
        expect(await split(cut(bytes, places))).toEqual(await split([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  it('is what splitting a string is', async () => {
    const input = fc.array(fc.constantFrom('\n', 'a', 'é', ','), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(input, fc.array(fc.nat(), { maxLength: 10 }), async (characters, places) => {
        const text = characters.join('');
        const expected = text.split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(await texts(cut(Buffer.from(text), places))).toEqual(expected);
      }),
    );
  });

  it('gives all lines of a chunk that holds very many', async () => {
    const lines = Array.from({ length: 100_000 }, (_, at) => String(at));
    expect(await texts([`${lines.join('\n')}\n`])).toEqual(lines);
  });

  it('rejects a line beyond a mebibyte with its beginning, and goes on with the next', async () => {
    const block = 'x'.repeat(1 << 16);
    const { lines, rejected } = await split(['a\n', ...Array<string>(80).fill(block), 'x\nb\n', 'c']);
    expect(lines).toEqual([
      { text: 'a', source: 'log', number: 1, torn: false, hasReturn: false },
      { text: 'b', source: 'log', number: 3, torn: false, hasReturn: false },
      { text: 'c', source: 'log', number: 4, torn: true, hasReturn: false },
    ]);
    expect(rejected).toEqual([
      { text: 'x'.repeat(1024), source: 'log', number: 2, torn: true, hasReturn: false, kind: 'too long' },
    ]);
  });

  it('rejects a line beyond a mebibyte once, also when it never ends', async () => {
    const { lines, rejected } = await split(Array<string>(64).fill('x'.repeat(1 << 16)));
    expect(lines).toEqual([]);
    expect(rejected).toHaveLength(1);
  });

  it('gives lines as soon as they are whole', async () => {
    const asked: string[] = [];
    const source = async function* () {
      for (const chunk of ['a\nb', '\nc\n']) {
        asked.push(chunk);
        yield Buffer.from(chunk);
      }
    };
    const batches = splitLines(source(), 'log', () => {});
    const first = await batches.next();
    expect([first.value?.map(({ text }: Line) => text), asked]).toEqual([['a'], ['a\nb']]);
    await batches.return(undefined);
  });

  it('passes on an error of its source after the lines before it', async () => {
    const source = async function* () {
      yield Buffer.from('a\nb');
      throw new Error('broken');
    };
    const seen: string[] = [];
    const work = (async () => {
      for await (const lines of splitLines(source(), 'log', () => {}))
        seen.push(...lines.map(({ text }) => text));
    })();
    await expect(work).rejects.toThrow('broken');
    expect(seen).toEqual(['a']);
  });
});
