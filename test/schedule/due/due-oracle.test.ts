import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCrontab } from '../../../src/schedule/crontab/read-crontab.ts';
import { dueTimes } from '../../../src/schedule/due/due.ts';
import { root } from '../../harness.ts';

/** Answers of Debian's cron, as scripts/servers/cron.sh has recorded them. */
const folder = join(root, 'test/schedule/oracle');
const nights = readdirSync(folder).filter((name) => name.endsWith('.due'));
const MINUTE = 60_000;

interface Night {
  readonly zone: string;
  readonly from: number;
  readonly minutes: number;
  readonly lines: string[];
}

function readNight(name: string): Night {
  const text = readFileSync(join(folder, name), 'utf8');
  const [, zone = '', from = '', minutes = ''] = /cron\.sh due (\S+) (\S+) (\d+)/.exec(text) ?? [];
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { zone, from: Date.parse(`${from}Z`), minutes: Number(minutes), lines };
}

describe('a night in which clocks are changed', () => {
  it.each(nights)('has the due times of cron: %s', (name) => {
    const { zone, from, minutes, lines } = readNight(name);
    // cron takes half a second or more to start, and is stopped in the last minute.
    const span = { from: from + MINUTE, to: from + (minutes - 2) * MINUTE };
    const text = readFileSync(join(folder, 'lines.crontab'), 'utf8').replace(/^([^#].*)$/gm, '$1 true');
    const { jobs, problems } = readCrontab(text, 'lines.crontab', {}, { zone });
    expect(problems).toEqual([]);
    const due = jobs.flatMap(({ when, schedule }) =>
      [...dueTimes(when, span)].map((time) => `${new Date(time).toISOString().slice(0, 16)}Z ${schedule}`),
    );
    const inSpan = lines.filter((line) => {
      const time = Date.parse(line.slice(0, line.indexOf(' ')));
      return time > span.from && time <= span.to;
    });
    expect(due.sort()).toEqual(inSpan.sort());
    expect(due.length).toBeGreaterThan(30);
  });
});
