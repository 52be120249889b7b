import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { drawPng } from '../../src/plot/png.ts';
import { chartOf, day } from './hourly-chart.ts';
import { readPng } from './read-png.ts';

const SIZE = { width: 800, height: 120 };

/** What resvg was told of the system's fonts, picture by picture. */
const systemFonts: unknown[] = [];

vi.mock('../../src/load.ts', async (load) => {
  const original = await load<typeof import('../../src/load.ts')>();
  return {
    ...original,
    resvg: () => {
      const library = original.resvg();
      const Resvg = class extends library.Resvg {
        constructor(...[svg, options]: ConstructorParameters<typeof library.Resvg>) {
          systemFonts.push(options?.font?.loadSystemFonts);
          super(svg, options);
        }
      };
      return { ...library, Resvg };
    },
  };
});

beforeEach(() => {
  systemFonts.length = 0;
});

const dots = async (sensor: string) =>
  readPng(await drawPng(await chartOf([{ at: 0, sensor }]), SIZE)).count('#16202b');

describe('a PNG', () => {
  it('has two dots for each pixel, the band, the line and labels', async () => {
    const { width, height, count } = readPng(await drawPng(await chartOf(day), SIZE));
    expect([width, height]).toEqual([1600, 520]);
    expect(count('#0b62b5')).toBeGreaterThan(2000);
    expect(count('#c9e0f6')).toBeGreaterThan(100_000);
    expect(count('#16202b')).toBeGreaterThan(50);
    expect(count('#6b7885')).toBeGreaterThan(50);
    expect(count('#ffffff')).toBeGreaterThan(100_000);
  });

  it('is the same each time', async () => {
    const [one, other] = [await drawPng(await chartOf(day), SIZE), await drawPng(await chartOf(day), SIZE)];
    expect(one.equals(other)).toBe(true);
  });

  it('is refused where it would be too large', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ at: 0, sensor: String(at) }));
    await expect(drawPng(await chartOf(many), SIZE)).rejects.toThrow(
      'too many sensors for one picture: choose some with --sensor',
    );
  });
});

describe('the letters of a PNG', () => {
  it.each(['attic', 'Küche, 21.5 °C', 'Сарай', 'Θερμό', 'sauna – 5 µm → ∞'])(
    'come without the fonts of the system: %s',
    async (sensor) => {
      expect(await dots(sensor)).toBeGreaterThan((await dots('.')) + 50);
      expect(systemFonts).toEqual([false, false]);
    },
  );

  it.each(['温度', '🌡', 'อุณหภูมิ'])('come from the system where DejaVu Sans lacks them: %s', async (sensor) => {
    expect(await dots(sensor)).toBeGreaterThan(0);
    expect(systemFonts).toEqual([true]);
  });

  it('are shipped with their licence', async () => {
    const [plain, bold] = ['DejaVuSans', 'DejaVuSans-Bold'].map((name) =>
      readFileSync(new URL(`../../dist/fonts/${name}.ttf`, import.meta.url)),
    );
    expect([plain?.length, bold?.length].every((size) => (size ?? 0) > 500_000)).toBe(true);
    expect(readFileSync(new URL('../../dist/fonts/LICENSE', import.meta.url), 'utf8')).toContain('Bitstream');
  });
});
