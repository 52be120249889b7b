import { describe, expect, it } from 'vitest';
import type { Lake } from '../../src/lakes/lake.ts';
import { NameTemplate } from '../../src/lakes/object-name.ts';
import { RecordObjects } from '../../src/lakes/record-objects.ts';

/** Objects in memory, in the order in which they were completed, and the most that were open at once. */
function recorded() {
  const objects: string[] = [];
  let open = 0;
  const most = { open: 0 };
  const lake: Lake = {
    commitsAtOnce: 1,
    async begin() {
      most.open = Math.max(most.open, ++open);
      let text = '';
      return {
        async write(bytes) {
          text += bytes.toString();
        },
        async commit() {
          objects.push(text);
          open--;
          return 'stored';
        },
        async discard() {},
      };
    },
    async *get() {},
    addressOf: (name) => name,
  };
  return { lake, objects, most };
}

async function store(count: number, folders: number, length: number) {
  const { lake, objects, most } = recorded();
  const open = new RecordObjects({
    ...{ header: 'h\n', isDivided: true, batchName: (first) => `b-${first}` },
    objects: {
      ...{ lake, template: new NameTemplate('{batch}'), ext: '', isCompressed: false },
      ...{ now: () => 0, explain: () => {}, taken: new Set<string>() },
    },
  });
  const addresses: string[] = [];
  for (let at = 0; at < count; at++) {
    const text = `${at}`.padEnd(length, '.');
    const record = { text: `${text}\n`, folder: `f=${at % folders}/`, line: '{}' };
    for await (const complete of open.add(record, at) ?? []) addresses.push((await complete()).address);
  }
  for await (const complete of open.completeAll()) addresses.push((await complete()).address);
  const stored = objects.flatMap((text) => text.trimEnd().split('\n').slice(1)).map(Number.parseFloat);
  return { addresses, objects, most: most.open, stored: stored.sort((a, b) => a - b) };
}

describe('objects of records', () => {
  it('are one for each folder, when the records are few or short', async () => {
    const { objects, addresses, stored } = await store(10_000, 1000, 10);
    expect([objects.length, new Set(addresses).size]).toEqual([1000, 1000]);
    expect(stored).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  });

  it('are more when there are more records than fit into memory, each record in one', async () => {
    const { objects, addresses, most, stored } = await store(3000, 150, 20_000);
    expect(most).toBeLessThanOrEqual(101);
    expect(new Set(addresses).size).toBe(objects.length);
    expect(objects.every((text) => text.startsWith('h\n') && text.length > 3)).toBe(true);
    expect(stored).toEqual(Array.from({ length: 3000 }, (_, at) => at));
  });
});
