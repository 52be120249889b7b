import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import parseLog from '../../src/tools/parse-log.ts';
import { DEFECTS } from '../../src/weblog/generate/break-line.ts';
import { type LogLine, lineGenerator } from '../../src/weblog/generate/generate-line.ts';
import { GroundTruth } from '../../src/weblog/generate/ground-truth.ts';
import { seededRandom } from '../../src/weblog/generate/seeded-random.ts';
import { fillValuePools, type ValuePools } from '../../src/weblog/generate/value-pools.ts';
import { LINE_FORMATS, type LineFormat } from '../../src/weblog/generate/write-line.ts';
import { privateFolder, shell } from '../harness.ts';
import { runInProcess } from '../in-process.ts';
import { FIRST_SEED, seedCount, sized } from '../thorough.ts';

const SEEDS = seedCount(20, 50);
/** To fill the pools takes longer than all else. */
const SEEDS_PER_POOLS = 20;

interface Row {
  readonly time: string;
  readonly method: string;
  readonly status: number;
  readonly bytes: number;
  readonly referer: string | null;
  readonly user_agent: string | null;
}

/** The rows that parse-log makes of a log, and how many lines it rejects. */
async function parse(log: Buffer, format: string): Promise<{ rows: Row[]; rejected: number }> {
  const { stdout, stderr } = await runInProcess(parseLog, ['--json', '--format', format], {
    now: 0,
    stdin: log,
  });
  const rows = stdout.split('\n').slice(0, -1);
  const [, rejected = '0'] = /(\d+) of \d+ lines rejected/.exec(stderr) ?? [];
  return { rows: rows.map((row) => JSON.parse(row)), rejected: Number(rejected) };
}

/** Lines with the options that this seed draws. */
function logOf(seed: number, format: LineFormat, pools: ValuePools): LogLine[] {
  const random = seededRandom(seed, 100);
  const invent = lineGenerator(
    {
      seed,
      format,
      statuses: [
        { status: 200, share: 0.5 },
        { status: 100 + random.below(100), share: 0.25 },
        { status: 300 + random.below(700), share: 0.25 },
      ],
      sessions: random.below(2) === 0,
      bursts: random.below(2) === 0,
      malformed: random.pick([0, 0.1, 0.5, 1]),
    },
    pools,
  );
  const [start, step] = [random.below(2 ** 32) * 1000, random.below(100_000) * 1000];
  // Few lines are read with care, many with the kernel.
  const length = random.pick([20, 40, 60, 500]);
  return Array.from({ length }, (_, at) => invent(start + at * step));
}

function truthOf(lines: readonly LogLine[]) {
  const truth = new GroundTruth();
  truth.add(lines, Number.POSITIVE_INFINITY);
  return JSON.parse(truth.format());
}

/** What a truth says, of rows. */
function counted({ rows, rejected }: { rows: readonly Row[]; rejected: number }) {
  const by = (keyOf: (row: Row) => string | number) => {
    const counts: Record<string, number> = {};
    for (const row of rows) counts[keyOf(row)] = (counts[keyOf(row)] ?? 0) + 1;
    return counts;
  };
  return {
    lines: rows.length + rejected,
    requests: rows.length,
    malformed: rejected,
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    by_status: by(({ status }) => status),
    by_method: by(({ method }) => method),
    by_hour: by(({ time }) => time.replace(/:\d\d:\d\d(?:Z|\+00:00)$/, ':00:00Z')),
  };
}

const bytesOf = (lines: readonly LogLine[]) => Buffer.from(lines.map(({ text }) => text).join(''), 'latin1');

describe('what log-gen writes', () => {
  it('is what parse-log reads, in every format, broken lines included', async () => {
    const kinds = new Set<string>();
    let pools = await fillValuePools(FIRST_SEED, true);
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      if (seed % SEEDS_PER_POOLS === 0) pools = await fillValuePools(seed, seed % 2 === 0);
      const said = logOf(seed, 'json', pools).filter(({ defect }) => defect === undefined);
      const requests = said.map(({ text }) => JSON.parse(text));
      for (const format of LINE_FORMATS) {
        const lines = logOf(seed, format, pools);
        for (const { defect } of lines) if (defect !== undefined) kinds.add(defect);
        const { by_malformed: _, ...truth } = truthOf(lines);
        for (const readAs of ['auto', format === 'nginx-json' ? 'json' : format]) {
          const parsed = await parse(bytesOf(lines), readAs);
          const place = `seed ${seed}, ${format} as ${readAs}`;
          expect(counted(parsed), place).toEqual(truth);
          const fields = format === 'common' ? requests.map(withoutReferer) : requests;
          expect(parsed.rows.map(inUtc), place).toEqual(fields);
        }
      }
    }
    expect([...kinds].sort()).toEqual([...DEFECTS].sort());
  }, 600_000);

  it('goes through the real programs', async () => {
    const cwd = await privateFolder();
    for (const format of LINE_FORMATS) {
      const gen = `log-gen -n ${sized(5000, 30_000)} --seed 9 --format ${format} --malformed 0.1 --sessions --bursts --ipv6 --truth truth`;
      const { stdout } = await shell(`${gen} | parse-log --json --rejects rejects`, { cwd });
      const rows: Row[] = stdout
        .split('\n')
        .slice(0, -1)
        .map((row) => JSON.parse(row));
      const { stdout: rejects } = await shell('wc -l < rejects; rm rejects; cat truth', { cwd });
      const [rejected = '', ...truth] = rejects.split('\n');
      const { by_malformed: _, ...expected } = JSON.parse(truth.join('\n'));
      expect(counted({ rows, rejected: Number(rejected) }), join(cwd, format)).toEqual(expected);
    }
  });
});

function inUtc(row: Row): Row {
  return { ...row, time: row.time.replace('+00:00', 'Z') };
}

function withoutReferer(row: Row): Row {
  return { ...row, referer: null, user_agent: null };
}
