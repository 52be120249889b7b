import { describe, expect, it } from 'vitest';
import { type Frame, makeChart } from '../../src/plot/chart.ts';
import { Collection } from '../../src/plot/collection.ts';
import { drawPng } from '../../src/plot/png.ts';
import { drawSvg, heightOf } from '../../src/plot/svg.ts';
import { READER_FONTS } from '../../src/plot/svg-parts.ts';
import { formatTime } from '../../src/readings/time.ts';
import { readPng } from './png.ts';
import { all } from './wanted.ts';
import { allOf, parseXml } from './xml.ts';

const HOUR = 3_600_000;
const SIZE = { width: 800, height: 120 };
const frame: Frame = {
  title: undefined,
  axes: { from: undefined, to: undefined, low: undefined, high: undefined },
  offsetAt: () => 0,
  zone: 'UTC',
  unit: ' °C',
};

interface Hour {
  readonly at: number;
  readonly sensor?: string;
  readonly min?: string;
  readonly missing?: string;
}

function chartOf(hours: readonly Hour[], changes: Partial<Frame> = {}) {
  const collection = new Collection(all);
  for (const { at, sensor = 'attic', min = '20', missing = '' } of hours)
    collection.add({
      sensor,
      window: '1h',
      start: formatTime(at * HOUR),
      end: formatTime((at + 1) * HOUR),
      count: 60,
      min,
      max: '25',
      avg: '22.5',
      extra: new Map([['missing', missing]]),
    });
  return makeChart(collection.collected(), '1h', { ...frame, ...changes });
}

function elementsOf(...args: Parameters<typeof chartOf>) {
  const svg = parseXml(drawSvg(chartOf(...args), { ...SIZE, fonts: READER_FONTS }));
  const elements = allOf(svg);
  return {
    svg,
    elements,
    ofClass: (name: string) => elements.filter(({ attributes }) => attributes.class === name),
    texts: elements.filter(({ name }) => name === 'text').map(({ text }) => text),
  };
}

const day = Array.from({ length: 24 }, (_, at) => ({ at }));

describe('as SVG, a chart', () => {
  it('is one picture that needs nothing else, with a title and a description', () => {
    const { svg, elements, texts } = elementsOf(day, { title: 'The house' });
    expect(svg.attributes).toMatchObject({
      viewBox: '0 0 800 290',
      width: '800',
      height: '290',
      role: 'img',
    });
    expect(svg.children.slice(0, 3).map(({ name }) => name)).toEqual(['title', 'desc', 'style']);
    expect(svg.children[0]?.text).toBe('The house');
    expect(svg.children[1]?.text).toBe('attic 1h: min 20, max 25, avg 22.5, last 22.5 °C');
    expect(svg.children[2]?.text).toContain('prefers-color-scheme:dark');
    expect(texts).toEqual(
      expect.arrayContaining(['The house', 'attic', '00:00', '1970-01-01', 'times in UTC']),
    );
    expect(elements.some(({ attributes }) => 'href' in attributes || 'xlink:href' in attributes)).toBe(false);
  });

  it('has a band and a line, and both again behind a gap', () => {
    const { ofClass } = elementsOf(day.filter(({ at }) => at < 5 || at > 9));
    // One more of each is in the legend.
    expect([ofClass('band').length, ofClass('line').length]).toEqual([3, 3]);
    const [first] = ofClass('line');
    expect(first?.attributes.d?.split('L').length).toBe(5);
  });

  it('marks rows that lack readings, and says so', () => {
    const { ofClass, texts } = elementsOf([...day, { at: 24, missing: '3' }]);
    expect(ofClass('missing').length).toBe(2);
    expect(texts).toContain('readings are missing');
    expect(elementsOf(day).ofClass('missing').length).toBe(0);
  });

  it('has a bar as long as its window for one row alone', () => {
    const { ofClass } = elementsOf([{ at: 5 }]);
    const [x1, x2] = [...(ofClass('line')[0]?.attributes.d ?? '').matchAll(/[ML]([\d.]+) /g)].map(
      ([, x]) => x,
    );
    expect(ofClass('base')[0]?.attributes.d).toMatch(new RegExp(`^M${x1} .*H${x2}$`));
  });

  it('shows hostile names as text', () => {
    const sensor = `<script>alert(1)</script>&amp;"']]>\x1b[31m\ufffe\ud800`;
    const { elements, texts } = elementsOf([{ at: 0, sensor }]);
    expect(texts).toContain(`<script>alert(1)</script>&amp;"']]>�[31m��`);
    expect(elements.some(({ name }) => name === 'script')).toBe(false);
  });

  it('is as high as its panels need', () => {
    const three = ['a', 'b', 'c'].flatMap((sensor) => day.map((hour) => ({ ...hour, sensor })));
    expect(elementsOf(three).svg.attributes.height).toBe(String(heightOf(chartOf(three), SIZE)));
  });
});

describe('as PNG, a chart', () => {
  it('has two dots for each pixel, the band, the line and labels, without any font', () => {
    const { width, height, count } = readPng(drawPng(chartOf(day), SIZE));
    expect([width, height]).toEqual([1600, 520]);
    expect(count('#0b62b5')).toBeGreaterThan(2000);
    expect(count('#c9e0f6')).toBeGreaterThan(100_000);
    expect(count('#16202b')).toBeGreaterThan(50);
    expect(count('#6b7885')).toBeGreaterThan(50);
    expect(count('#ffffff')).toBeGreaterThan(100_000);
  });

  it('is the same each time', () => {
    expect(drawPng(chartOf(day), SIZE).equals(drawPng(chartOf(day), SIZE))).toBe(true);
  });

  it('is refused where it would be too large', () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ at: 0, sensor: String(at) }));
    expect(() => drawPng(chartOf(many), SIZE)).toThrow(
      'too many sensors for one picture: choose some with --sensor',
    );
  });

  it('shows names in any script', () => {
    expect(
      readPng(drawPng(chartOf([{ at: 0, sensor: '温度 küche 🌡' }]), SIZE)).count('#16202b'),
    ).toBeGreaterThan(50);
  });
});
