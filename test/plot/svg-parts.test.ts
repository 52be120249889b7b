import { describe, expect, it } from 'vitest';
import { escapeXml, label, textWidth } from '../../src/plot/svg-parts.ts';

describe('the width of text in DejaVu Sans', () => {
  it.each([
    ['minimum to maximum', 11.25],
    ['0123456789', 6.36],
    ['abcdefghijklmnopqrstuvwxyz', 14.6],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 17.5],
  ])('%s is hardly more than %d ems', (text, ems) => {
    const estimate = textWidth(text, { size: 1, kind: 'text' });
    expect(estimate).toBeGreaterThan(ems * 0.95);
    expect(estimate).toBeLessThan(ems * 1.12);
  });

  it('is an em for each letter of two columns, and more for bold ones', () => {
    expect(textWidth('温度', { size: 12, kind: 'text' })).toBe(24);
    expect(textWidth('attic', { size: 10, kind: 'name' })).toBeGreaterThan(
      textWidth('attic', { size: 10, kind: 'text' }),
    );
  });
});

it('a label is harmless text', () => {
  const text = label('<a&"b\u0000\ufffe', { x: 1.006, y: 2, size: 12, kind: 'axis', anchor: 'end' });
  expect(text).toBe(
    '<text class="axis" x="1.01" y="2" font-size="12" text-anchor="end" xml:space="preserve">&lt;a&amp;&quot;b��</text>',
  );
  expect(escapeXml('küche')).toBe('küche');
});
