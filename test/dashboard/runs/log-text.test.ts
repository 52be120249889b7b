import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLogPart, textOf } from '../../../src/dashboard/runs/log-text.ts';
import type { LogPiece } from '../../../src/ledger/follow-log.ts';
import { privateFolder } from '../../harness.ts';

const TEXT = 'a é € 😀 \u001b[31m<script>\n';

describe('a part of a log', () => {
  const part = async (content: string | Buffer) => {
    const folder = await privateFolder();
    const path = join(folder, '1.log');
    writeFileSync(path, content);
    return (offset: number, limit: number, isComplete = true) => {
      const { bytes, ...rest } = readLogPart(path, { folder, offset, limit, isComplete });
      return { ...rest, text: bytes.toString() };
    };
  };

  it('ends where a character does, wherever the limit is', async () => {
    const read = await part(TEXT);
    const size = Buffer.byteLength(TEXT);
    for (let limit = 4; limit <= size; limit += 1) {
      let all = '';
      for (let offset = 0; offset < size; offset = Buffer.byteLength(all)) {
        const { text, ...rest } = read(offset, limit);
        expect(rest).toEqual({ offset, size });
        expect(text).not.toContain('\ufffd');
        all += text;
      }
      expect(all).toBe(TEXT);
    }
  });

  it('may be the end, and begins where a character does', async () => {
    const read = await part('x€y');
    expect([-1, -2, -3, -4, -5, -99].map((offset) => read(offset, 100))).toEqual(
      [
        [4, 'y'],
        [4, 'y'],
        [4, 'y'],
        [1, '€y'],
        [0, 'x€y'],
        [0, 'x€y'],
      ].map(([offset, text]) => ({ offset, size: 5, text })),
    );
    expect(read(99, 100)).toEqual({ offset: 5, size: 5, text: '' });
  });

  it('shows what is no character once nothing comes any more', async () => {
    const read = await part(Buffer.from([0x61, 0xe2, 0x82]));
    expect(read(0, 100, false).text).toBe('a');
    expect(read(0, 100, true).text).toBe('a\ufffd');
    expect(read(1, 1, false).text).toBe('\ufffd');
  });
});

describe('the text of a log that is followed', () => {
  async function texts(pieces: readonly LogPiece[]) {
    const found = [];
    for await (const one of textOf(
      (async function* () {
        yield* pieces;
      })(),
    ))
      found.push(one);
    return found;
  }

  it('is whole characters, wherever its pieces are cut, and says where they are', async () => {
    const bytes = Buffer.concat([Buffer.from(TEXT), Buffer.from([0xff, 0xf0, 0x9f])]);
    for (let step = 1; step <= 5; step += 1) {
      const pieces = [];
      for (let at = 0; at < bytes.length; at += step) {
        const piece = bytes.subarray(at, at + step);
        pieces.push({ bytes: piece, offset: 10 + at, next: 10 + at + piece.length });
      }
      const found = await texts(pieces);
      expect(found.map(({ text }) => text).join('')).toBe(bytes.toString());
      expect(found.at(-1)?.next).toBe(10 + bytes.length);
      for (const { text, offset, next } of found)
        expect(bytes.subarray(offset - 10, next - 10).toString()).toBe(text);
    }
  });

  it('goes on elsewhere after the middle has gone', async () => {
    const note = { bytes: Buffer.from('...\n'), offset: 50, next: 50 };
    const found = await texts([
      { bytes: Buffer.from([0x61, 0xe2]), offset: 0, next: 2 },
      note,
      { bytes: Buffer.from('b'), offset: 50, next: 51 },
    ]);
    expect(found).toEqual([
      { text: 'a', offset: 0, next: 1 },
      { text: '\ufffd', offset: 1, next: 2 },
      { text: '...\n', offset: 50, next: 50 },
      { text: 'b', offset: 50, next: 51 },
    ]);
  });
});
