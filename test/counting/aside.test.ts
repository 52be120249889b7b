import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { BeltStart, beltMemory, takeBlocks } from '../../src/counting/belt.ts';
import { countSource } from '../../src/counting/count.ts';
import { Counter } from '../../src/counting/counter.ts';
import type { Plan } from '../../src/counting/plan.ts';
import { seeded } from '../random.ts';
import { inventInput } from './broken-input.ts';
import { Collected, count, rowsOf, WANTED } from './outcome.ts';

const SEEDS = Math.ceil(Number(process.env.FUZZ_SEEDS ?? 400) / 40);
const FIRST_SEED = Number(process.env.FUZZ_FIRST ?? 1);

const PLAN: Plan = {
  windows: [
    { label: 'all', lengthMs: undefined },
    { label: '1h', lengthMs: 3_600_000 },
  ],
  slideMs: undefined,
  zone: undefined,
  latenessMs: undefined,
  wanted: WANTED,
  lines: {
    delimiter: ',',
    range: undefined,
    names: { time: undefined, sensor: undefined, value: undefined },
  },
};

/** Lets a started thread say something before each of the chunks. */
async function* slowly(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield chunk;
  }
}

/** Counts sources of chunks, each by another thread as soon as it is there. */
async function countAside(plan: Plan, sources: readonly (readonly Buffer[])[], lists = true) {
  const collected = new Collected();
  const explained: string[] = [];
  const counter = new Counter(plan, collected, { kernelAfter: 0 });
  for (const [at, chunks] of sources.entries()) {
    const source = { name: `source-${at}`, file: undefined, chunks: () => slowly(chunks) };
    const options = {
      plan,
      threads: 2,
      sizes: { worth: 0, segment: 0, aside: 0 },
      lists,
      signal: new AbortController().signal,
      progress: () => {},
      accept: (lines: number) => collected.accept(lines),
      reject: collected.reject,
      explain: (message: string) => explained.push(message),
    };
    for await (const passed of countSource(counter, source, options)) expect(passed).toEqual([]);
  }
  const rows = rowsOf(counter.finish().closeAll(), plan);
  return { rows, rejected: collected.rejected, accepted: collected.accepted, explained };
}

function cut(bytes: Buffer, length: () => number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const next = at + length();
    chunks.push(bytes.subarray(at, next));
    at = next;
  }
  return chunks;
}

describe('a thread that counts aside', () => {
  it('gives the same rows and rejects the same lines as one thread, however the input is cut', async () => {
    let aside = 0;
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      const random = seeded(seed);
      const input = inventInput(seed, 4000 + Math.floor(random() * 3000));
      const plan = { ...PLAN, lines: { ...PLAN.lines, delimiter: input.delimiter, names: input.names } };
      const sources = [input, inventInput(seed, 200)].map(({ text }) =>
        cut(Buffer.from(text), () => 1 + Math.floor(random() * 6000)),
      );
      const exact = count(plan, sources, Number.POSITIVE_INFINITY);
      const { explained, ...result } = await countAside(plan, sources);
      const { plainLines: _, ...expected } = exact;
      expect(result, `seed ${seed}`).toEqual(expected);
      if (explained[0]?.includes('by 2 threads')) aside += 1;
    }
    // On a loaded machine some sources end before the thread is there.
    expect(aside).toBeGreaterThan(SEEDS / 2);
  }, 240_000);

  it('tells the first rejected line of each kind, and how many there are', async () => {
    const line = (at: number) => `2026-01-01T00:00:00Z,a,${at % 100 === 99 ? 'ERR' : at}\n`;
    const text = Array.from({ length: 50_000 }, (_, at) => line(at)).join('');
    const chunks = cut(Buffer.from(text), () => 10_000);
    const { rejected, accepted } = await countAside(PLAN, [chunks], false);
    expect(accepted).toBe(49_500);
    expect(rejected[0]).toMatch(/^source-0:100 not a number/);
    const times = rejected.map((entry) => Number(/ \((\d+)\) /.exec(entry)?.[1]));
    expect(times.reduce((a, b) => a + b)).toBe(500);
  });
});

describe('the belt', () => {
  it('hands over what was put, in its order, blocks full but for the last', () => {
    const memory = beltMemory();
    const start = new BeltStart(memory);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    expect(start.put(bytes.subarray(0, 100_001))).toBe(100_001);
    expect(start.put(bytes.subarray(100_001))).toBe(199_999);
    start.end();
    const blocks = [...takeBlocks(memory, () => {})].map((block) => Buffer.from(block));
    expect(blocks.map(({ length }) => length)).toEqual([1 << 17, 1 << 17, 300_000 - (1 << 18)]);
    expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
  });

  it('takes no more than there is room for, and tells when there is some again', () => {
    const memory = beltMemory();
    const start = new BeltStart(memory);
    const put = start.put(Buffer.alloc(10_000_000));
    expect(put).toBe(16 << 17);
    expect(start.put(Buffer.from('x'))).toBe(0);
    expect(start.awaitRoom()).toBe(true);
    let told = 0;
    const blocks = takeBlocks(memory, () => {
      told += 1;
    });
    blocks.next();
    blocks.next();
    blocks.next();
    expect(told).toBe(1);
    expect(start.awaitRoom()).toBe(false);
    expect(start.put(Buffer.from('x'))).toBe(1);
  });

  it('is not misled by a call to wake up that comes late', async () => {
    const memory = beltMemory();
    const code = `
      const { numbers, bytes } = require('node:worker_threads').workerData;
      while (Atomics.notify(numbers, 0) === 0);
      bytes.set(Buffer.from('whole'));
      numbers[4] = 5;
      Atomics.store(numbers, 2, 1);
      Atomics.store(numbers, 0, 1);
      Atomics.notify(numbers, 0);
    `;
    const worker = new Worker(code, { eval: true, workerData: memory });
    const blocks = takeBlocks(memory, () => {});
    expect(String(blocks.next().value)).toBe('whole');
    await worker.terminate();
  });

  it('ends at once when nothing was put', () => {
    const memory = beltMemory();
    new BeltStart(memory).end();
    expect([...takeBlocks(memory, () => {})]).toEqual([]);
  });
});
