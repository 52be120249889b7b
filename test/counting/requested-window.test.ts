import { describe, expect, it } from 'vitest';
import { parseWindows } from '../../src/counting/requested-window.ts';

describe('parseWindows', () => {
  it('reads one window, or several with commas between them', () => {
    expect(parseWindows('all')).toEqual([{ label: 'all', lengthMs: undefined }]);
    expect(parseWindows('1h, 1d,all')).toEqual([
      { label: '1h', lengthMs: 3_600_000 },
      { label: '1d', lengthMs: 86_400_000 },
      { label: 'all', lengthMs: undefined },
    ]);
  });

  it.each(['', ',', '1h,', '1h,,1d', '1h;1d', '1h 1d'])('refuses %j', (text) => {
    expect(() => parseWindows(text)).toThrow('not a duration: ');
  });
});
