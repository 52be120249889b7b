import { expect, test } from 'vitest';
import { random } from '../../src/files/random.ts';

test.each([
  ['the system', undefined],
  ["Node's library, where there is no such device", '/dev/missing'],
  ["Node's library, where the device gives nothing", '/dev/null'],
])('each draw from %s fills the space anew', (_, device) => {
  const draw = () => {
    const space = new Uint8Array(1024);
    random.fill(space, device);
    return space;
  };
  const first = draw();
  expect(new Set(first.subarray(0, 512)).size).toBeGreaterThan(100);
  expect(new Set(first.subarray(512)).size).toBeGreaterThan(100);
  expect(draw()).not.toEqual(first);
});
