import { describe, it } from 'vitest';
import { privateFolder } from '../harness.ts';
import { rounds } from '../thorough.ts';
import { killRounds } from '../tools/buffer-tail-kill.ts';

describe('buffer-tail, killed 200 times', () => {
  it.each([
    ['with a window', ['-n', '20'], 11, 60],
    ['with an overflow', ['-n', '20', '--overflow', 'old'], 12, 80],
    ['with all lines', ['-n', 'all'], 13, 60],
  ])('%s loses nothing', async (_, words, seed, kills) => {
    await killRounds(await privateFolder(), { words, seed, rounds: rounds(kills) });
  });
});
