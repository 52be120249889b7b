import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  STATES,
  stateClass,
  stateLetter,
  stateWords,
} from '../../../../../src/dashboard/page/runs/states/states.ts';
import { root } from '../../../../harness.ts';

const MIN_CONTRAST = 4.5;
const css = ['shell/base.css', 'runs/states/states.css']
  .map((name) => readFileSync(join(root, 'src/dashboard/page', name), 'utf8'))
  .join('\n');

it('each state has a letter of its own, and words', () => {
  expect(new Set(STATES.map(stateLetter)).size).toBe(STATES.length);
  expect(stateWords('up_for_retry')).toBe('up for retry');
});

/** The properties in the blocks of a selector, later ones first. */
function properties(selector: string): Map<string, string> {
  const blocks = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].filter(([, selectors = '']) =>
    selectors
      .replace(/\/\*.*?\*\//gs, '')
      .split(',')
      .some((each) => each.trim() === selector),
  );
  const pairs = blocks.flatMap(([, , body = '']) => [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)]);
  return new Map(pairs.map(([, name = '', value = '']) => [name, value]));
}

function colorOf(value: string, theme: ReadonlyMap<string, string>): number[] {
  const name = /^var\(--(.+)\)$/.exec(value)?.[1];
  if (name !== undefined) return colorOf(theme.get(name) ?? '', theme);
  const digits =
    value.length === 4 ? [...value.slice(1)].map((digit) => digit + digit) : value.match(/\w\w/g);
  return (digits ?? []).map((digit) => Number.parseInt(digit, 16));
}

/** As WCAG 2 has it. */
function luminance(color: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

const light = properties(':root');
const dark = new Map([...light, ...properties(':root[data-theme="dark"]')]);

it.each([
  ['light', light],
  ['dark', dark],
])('letters can be read on the colours of states that are %s', (_, theme) => {
  const contrasts = STATES.map((state) => {
    const own = properties(`.${stateClass(state)}`);
    const [text, page] = ['state-text', 'state-page'].map((name) => colorOf(own.get(name) ?? '', theme));
    expect([text?.length, page?.length]).toEqual([3, 3]);
    return [state, contrast(text ?? [], page ?? [])] as const;
  });
  expect(contrasts.filter(([, found]) => found < MIN_CONTRAST)).toEqual([]);
});
