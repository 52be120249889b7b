import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from './examination.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  mkdirSync(join(folder, 'zones/Europe'), { recursive: true });
  writeFileSync(join(folder, 'zones/Europe/Berlin'), '');
});

afterAll(() => rmSync(folder, { recursive: true }));

const LINE = '* * * * * true\n';

describe('time zones of the system', () => {
  const withZones = (env: Record<string, string>) => ({ env: { TZDIR: join(folder, 'zones'), ...env } });

  it.each<[string, Record<string, string>, ...string[]]>([
    [LINE, { TZ: 'Europe/Berlin' }],
    [LINE, { TZ: 'UTC' }],
    [LINE, { TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' }],
    [LINE, { TZ: 'Asia/Tokyo' }, '- Asia/Tokyo'],
    [`CRON_TZ=Asia/Tokyo\n${LINE}`, {}, '- Asia/Tokyo'],
    [`CRON_TZ=Europe/Berlin\n${LINE}`, {}],
    [`TZ=Asia/Tokyo\n${LINE}`, {}, '2 Asia/Tokyo'],
  ])('%j with %j', (text, env, ...zones) => {
    const messages = zones.map((zone) => {
      const why = `${zone.slice(2)} is not in ${folder}/zones: date and the other programs of jobs take it for UTC`;
      return `${zone[0]} tzdata: ${why} (install tzdata)`;
    });
    expect(examine(text, withZones(env))).toEqual(messages);
  });
});

it('PID 1', () => {
  expect(examine(LINE, { pid: 1 })).toEqual([expect.stringMatching(/^- pid-1: schedule is PID 1 here/)]);
});

describe('where the ledger and the logs are to be', () => {
  it('a folder that is not there', () => {
    expect(examine(LINE, { ledger: join(folder, 'no/runs.db') })).toEqual([
      `- disk: the ledger at ${folder}/no/runs.db: there is no folder ${folder}/no`,
    ]);
  });

  it('is fine', () => {
    expect(examine(LINE, { ledger: join(folder, 'runs.db') })).toEqual([]);
  });
});
