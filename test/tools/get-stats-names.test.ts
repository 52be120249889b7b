/** Names of sensors among very many: which ones get-stats takes, refuses, and in which order their rows come. */

import { describe, expect, it } from 'vitest';
import getStats from '../../src/tools/get-stats.ts';
import { runInProcess } from '../in-process.ts';

const TIME = '2026-11-21T10:04:00Z';
/** In bytes; its lines are more than the kernel is made for. */
const LONGEST = 1 << 16;
const MANY = 2000;

/** Lines of many sensors, then those of these names, which may be any bytes, and many again. */
function linesOf(names: readonly (string | Buffer)[]): Buffer {
  const many = Array.from({ length: MANY }, (_, at) => `${TIME},s${at},1.5\n`).join('');
  const odd = names.map((name) => [Buffer.from(`${TIME},`), Buffer.from(name), Buffer.from(',2.5\n')]);
  return Buffer.concat([Buffer.from(many), ...odd.flat(), Buffer.from(many)]);
}

async function getRows(names: readonly (string | Buffer)[]) {
  const { stdout, stderr, status } = await runInProcess(getStats, ['-v'], { pipe: [linesOf(names)] });
  const odd = stdout.match(/^(?:"[^"]*"|[^"\n]*?),all,.*,1,2\.5,2\.5,2\.500$/gm) ?? [];
  const others = stdout.match(/^s\d+,all,.*,2,1\.5,1\.5,1\.500$/gm) ?? [];
  return { status, others: others.length, names: odd.map((row) => row.replace(/,all,.*/, '')), stderr };
}

describe('among very many sensors', () => {
  it('names are sorted by code points, however they are written', async () => {
    const names = [
      '',
      '\u0001',
      '!',
      'a',
      '"a\n\u0002"',
      'aa',
      'b',
      '~',
      '\u007f',
      'é',
      '\uffff',
      '\u{10000}',
    ];
    const sorted = await getRows(names.toReversed());
    expect(sorted).toMatchObject({ status: 0, others: MANY, names });
  });

  it('a name may be as long as a row has room for, and no longer', async () => {
    const stem = 'l'.repeat(LONGEST - 1);
    const { stderr, ...taken } = await getRows([`${stem}b`, `${stem}ab`, `${stem}a`, `${stem}é`, stem]);
    expect(taken).toEqual({ status: 0, others: MANY, names: [stem, `${stem}a`, `${stem}b`] });
    expect(stderr).toContain('stdin:2002: sensor is longer than 65536 bytes: "lll');
    expect(stderr).toContain('stdin:2004: sensor is longer than 65536 bytes: "lll');
    expect(stderr).toContain('get-stats: 2 of 4005 lines rejected: 2 too long\n');
  });

  it('what is no text is rejected, counted and named, line by line', async () => {
    const bad = ['61ff', 'eda080', 'f4908080', 'c080', '61e282', '80', '610062'].map((hex) =>
      Buffer.from(hex, 'hex'),
    );
    const good = ['\ud7ff', '\ue000', '\u{10ffff}', '\u0080'];
    const { stderr, ...taken } = await getRows([...bad, ...good, 'x'.repeat(1 << 20)]);
    const names = ['\u0080', '\ud7ff', '\ue000', '\u{10ffff}'];
    expect(taken).toEqual({ status: 0, others: MANY, names });
    const told = stderr.split('\n').map((line) => line.replace(/: "[^"]*"$/, ''));
    expect(told).toEqual([
      ...[2001, 2002, 2003, 2004, 2005, 2006].map((line) => `get-stats: stdin:${line}: sensor is not UTF-8`),
      'get-stats: stdin:2007: sensor has a NUL',
      'get-stats: stdin:2012: line is longer than 1048576 bytes',
      expect.stringMatching(
        /^get-stats: stdin: 4012 lines read by 1 thread, (?:39|40)\d\d of them by the fast kernel$/,
      ),
      'get-stats: 8 of 4012 lines rejected: 7 not text, 1 too long',
      '',
    ]);
  });
});
