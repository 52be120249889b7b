/** The units of the series that plot-stats draws. */

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import loadStats from '../../src/tools/load-stats.ts';
import plotStats from '../../src/tools/plot-stats.ts';
import { privateFolder } from '../harness.ts';
import { runHere } from '../in-process.ts';
import { csv, HEADER, hourly } from '../stores/rows.ts';

const FURTHER = `${HEADER},unit`;
const MIXED = csv(
  FURTHER,
  `${hourly('attic', 0)},°C`,
  `${hourly('attic', 1)},°C`,
  `${hourly('attic humidity', 0)},%`,
  'bytes,1h,2026-01-01T00:00:00Z,2026-01-01T01:00:00Z,60,512,1213400000,5210000,B',
  `${hourly('plain', 0)},`,
);

/** The lines of summaries, without the sensors. */
async function summaries(words: readonly string[], stdin: string): Promise<string[]> {
  const { stdout } = await runHere(plotStats, words, { stdin });
  return [...stdout.matchAll(/ {2}(min .*)$/gm)].map(([, summary = '']) => summary);
}

const celsius = 'min 20.5  max 21.75  avg 21.125  last 21.125';
const kelvin = 'min 293.65  max 294.90  avg 294.275  last 294.275';
const bytes = 'min 512  max 1.21 GB  avg 5.21 MB  last 5.21 MB';

describe('plot-stats', () => {
  it.each([
    ['as the rows say', [], [`${celsius} °C`, `${celsius} %`, bytes, celsius]],
    ['as the names say', ['--units', 'plain=V'], [`${celsius} °C`, `${celsius} %`, bytes, `${celsius} V`]],
    [
      'converted, where it is °C or unknown',
      ['--unit', 'K', '--units', 'a*=V'],
      [`${kelvin} K`, `${celsius} %`, bytes, `${kelvin} K`],
    ],
    [
      'without units',
      ['--unit', 'none', '--units', 'plain=V'],
      [celsius, celsius, 'min 512  max 1213400000  avg 5210000  last 5210000', celsius],
    ],
  ])('has units %s', async (_, words, expected) => {
    const shown = await summaries(words, MIXED);
    expect(shown).toEqual(expected.map((each) => each.replaceAll('20.5  ', '20.50  ')));
  });

  it('has them on the axis, and in pictures', async () => {
    const { stdout } = await runHere(plotStats, ['--sensor', 'bytes', '--axis', '0..2e9'], {
      stdin: MIXED,
    });
    expect(stdout.match(/^.* ┤/gm)).toEqual(['2.0 GB ┤', '1.5 GB ┤', '1.0 GB ┤', '0.5 GB ┤', '   0 B ┤']);
    const svg = await runHere(plotStats, ['--svg', '-', '--sensor', 'attic'], { stdin: MIXED });
    expect(svg.stdout).toContain('>21.0 °C</text>');
  });

  it('takes that of the newest row, wherever the rows are, and in whatever order', async () => {
    const rows = ['%', '', '°C', 'B'].map((unit, hour) => `${hourly('attic', 3 - hour)},${unit}`);
    for (const stdin of [csv(FURTHER, ...rows), csv(FURTHER, ...rows.reverse())])
      expect((await summaries([], stdin))[0]).toMatch(/ %$/);
    const store = join(await privateFolder(), 'stats.db');
    await runHere(loadStats, ['--to', store], { stdin: csv(FURTHER, ...rows) });
    expect((await summaries([store], ''))[0]).toMatch(/ %$/);
  });

  it('takes other text in that column for no unit', async () => {
    for (const unit of ['x'.repeat(1000), '\u202eB', '\x1b[31m', 'a=b', ' ']) {
      const stdin = csv(FURTHER, `${hourly('attic', 0)},${unit}`);
      expect((await runHere(plotStats, [], { stdin })).stdout).toMatch(/last 21\.125\n/);
    }
  });
});
