/** Names that the host hands to the kernel arrive whole, however large its memory has grown. */

import { expect, it } from 'vitest';
import { type Exports, INPUT } from '../../../src/counting/kernel/readings-abi.ts';
import { RowWriter } from '../../../src/counting/kernel/row-writer.ts';

type Kept = ConstructorParameters<typeof RowWriter>[1];

it('a group is shared by its name in more than 2 GiB of memory, too', () => {
  // Zeros that nobody touches take no memory.
  const buffer = new ArrayBuffer(INPUT + 2 ** 31 + 2 ** 20);
  const names: string[] = [];
  const shareGroup = (length: number) => {
    names.push(Buffer.from(buffer, INPUT, length).toString());
    return INPUT;
  };
  const exports: Partial<Exports> = { memory: { buffer }, shareGroup };
  const writer = new RowWriter(exports as Exports, {} as Kept, () => {
    throw new Error('no group is read');
  });
  expect(writer.share('dach/küche', 0)).toBe(INPUT);
  expect(names).toEqual(['dach/küche']);
});
