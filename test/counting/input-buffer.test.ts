import { describe, expect, it } from 'vitest';
import { InputBuffer } from '../../src/counting/input-buffer.ts';
import { CHUNK } from '../../src/counting/kernel/readings-abi.ts';
import { LONGEST_LINE } from '../../src/lines/limits.ts';
import { seeded } from '../random.ts';

/** Adds chunks, and takes out all lines: whole ones, beginnings of lines that are too long, and the rest. */
function linesOf(input: InputBuffer, chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const long = (beginning: string | undefined) => {
    if (beginning !== undefined) lines.push(`too long: ${beginning.length} ${beginning[0]}`);
  };
  for (const chunk of chunks) {
    long(input.add(input.space.write(chunk), 0));
    for (let line = input.takeLine(); line !== undefined; line = input.takeLine())
      lines.push(line.hasReturn ? `${line.text}<CR>` : line.text);
    long(input.keepRest());
  }
  const rest = input.takeRest();
  if (rest !== undefined) lines.push(`rest: ${rest.text}`);
  return lines;
}

/** In pieces of at most a chunk. */
function cut(text: string, length: number): string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  );
}

describe('InputBuffer', () => {
  it('gives whole lines, and the rest in the end', () => {
    expect(linesOf(new InputBuffer(), ['a\nb\r\n\n', 'c'])).toEqual(['a', 'b<CR>', '', 'rest: c']);
    expect(linesOf(new InputBuffer(), ['a\n'])).toEqual(['a']);
    expect(linesOf(new InputBuffer(), [])).toEqual([]);
  });

  it('puts lines together, wherever chunks cut them', () => {
    const random = seeded(1);
    const text = Array.from({ length: 200 }, (_, at) => `${'ä'.repeat(at % 50)}${at}\n`).join('');
    for (let times = 0; times < 50; times++)
      expect(linesOf(new InputBuffer(), cut(text, 1 + Math.floor(random() * 300)))).toEqual(
        text.trimEnd().split('\n'),
      );
  });

  it.each([LONGEST_LINE - 1, LONGEST_LINE])('takes a line of %d bytes', (length) => {
    expect(
      linesOf(new InputBuffer(), cut(`a\n${'x'.repeat(length)}\nb\n`, CHUNK)).map((line) => line.length),
    ).toEqual([1, length, 1]);
  });

  it.each([LONGEST_LINE + 1, LONGEST_LINE + 65_536, 3 * LONGEST_LINE])(
    'shows how a line of %d bytes begins, and skips it',
    (length) => {
      for (const piece of [CHUNK, CHUNK - 1, 77_777]) {
        const lines = linesOf(new InputBuffer(), cut(`a\n${'x'.repeat(length)}\nb\n`, piece));
        expect(lines).toEqual(['a', 'too long: 1024 x', 'b']);
      }
    },
  );

  it('skips to the end a line that is too long and has no newline', () => {
    const input = new InputBuffer();
    expect(linesOf(input, cut('x'.repeat(2 * LONGEST_LINE), CHUNK))).toEqual(['too long: 1024 x']);
    expect(linesOf(input, ['a\n'])).toEqual(['a']);
  });

  it('leaves out bytes that are not input', () => {
    const input = new InputBuffer();
    expect(input.add(input.space.write('no\nyes\n'), 3)).toBe(undefined);
    expect(input.takeLine()?.text).toBe('yes');
    expect([input.takeLine(), input.length]).toEqual([undefined, 0]);
  });

  it('moves to another memory with what is not counted yet', () => {
    const input = new InputBuffer();
    input.add(input.space.write('a\nhalf'), 0);
    expect(input.takeLine()?.text).toBe('a');
    const bytes = Buffer.alloc(input.end + CHUNK);
    input.moveTo({ bytes });
    input.keepRest();
    expect(linesOf(input, [' and half\n'])).toEqual(['half and half']);
    expect(bytes.includes('half and half')).toBe(true);
  });
});
