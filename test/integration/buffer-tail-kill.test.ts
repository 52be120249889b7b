import { describe, it } from 'vitest';
import { privateFolder } from '../harness.ts';
import { killRounds } from '../tools/buffer-tail-kill.ts';

describe('buffer-tail, killed 500 times', () => {
  it.each([
    ['with a window', ['-n', '20'], 11, 150],
    ['with an overflow', ['-n', '20', '--overflow', 'old'], 12, 200],
    ['with all lines', ['-n', 'all'], 13, 150],
  ])('%s loses nothing', async (_, words, seed, rounds) => {
    await killRounds(await privateFolder(), { words, seed, rounds });
  });
});
