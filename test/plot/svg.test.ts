import { describe, expect, it } from 'vitest';
import { drawSvg, heightOf } from '../../src/plot/svg.ts';
import { READER_FONTS } from '../../src/plot/svg-parts.ts';
import { chartOf, day } from './hourly-chart.ts';
import { allOf, parseXml } from './xml.ts';

const SIZE = { width: 800, height: 120 };

async function elementsOf(...args: Parameters<typeof chartOf>) {
  const svg = parseXml(await drawSvg(await chartOf(...args), { ...SIZE, fonts: READER_FONTS }));
  const elements = allOf(svg);
  return {
    svg,
    elements,
    ofClass: (name: string) => elements.filter(({ attributes }) => attributes.class === name),
    texts: elements.filter(({ name }) => name === 'text').map(({ text }) => text),
  };
}

describe('as SVG, a chart', () => {
  it('is one picture that needs nothing else, with a title and a description', async () => {
    const { svg, elements, texts } = await elementsOf(day, { title: 'The house' });
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

  it('has a band and a line, and both again behind a gap', async () => {
    const { ofClass } = await elementsOf(day.filter(({ at }) => at < 5 || at > 9));
    // One more of each is in the legend.
    expect([ofClass('band').length, ofClass('line').length]).toEqual([3, 3]);
    const [first] = ofClass('line');
    expect(first?.attributes.d?.split('L').length).toBe(5);
  });

  it('marks rows that lack readings, and says so', async () => {
    const { ofClass, texts } = await elementsOf([...day, { at: 24, missing: '3' }]);
    expect(ofClass('missing').length).toBe(2);
    expect(texts).toContain('readings are missing');
    expect((await elementsOf(day)).ofClass('missing').length).toBe(0);
  });

  it('has a bar as long as its window for one row alone', async () => {
    const { ofClass } = await elementsOf([{ at: 5 }]);
    const [x1, x2] = [...(ofClass('line')[0]?.attributes.d ?? '').matchAll(/[ML]([\d.]+) /g)].map(
      ([, x]) => x,
    );
    expect(ofClass('base')[0]?.attributes.d).toMatch(new RegExp(`^M${x1} .*H${x2}$`));
  });

  it('shows hostile names as text', async () => {
    const sensor = `<script>alert(1)</script>&amp;"']]>\x1b[31m\ufffe\ud800`;
    const { elements, texts } = await elementsOf([{ at: 0, sensor }]);
    expect(texts).toContain(`<script>alert(1)</script>&amp;"']]>�[31m��`);
    expect(elements.some(({ name }) => name === 'script')).toBe(false);
  });

  it('is as high as its panels need', async () => {
    const three = ['a', 'b', 'c'].flatMap((sensor) => day.map((hour) => ({ ...hour, sensor })));
    const { svg } = await elementsOf(three);
    expect(svg.attributes.height).toBe(String(heightOf(await chartOf(three), SIZE)));
  });
});
