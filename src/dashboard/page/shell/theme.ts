/** Dark and light mode, and the colours of the style sheet for drawing on a canvas. */

import type { Preferences } from './preferences.ts';

const LINES = 6;
/** Dash patterns, so that lines differ without colour too. */
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [5, 2], [14, 5]];

/** The look of a sensor's line. */
export interface Line {
  readonly color: string;
  readonly band: string;
  readonly dash: number[];
}

/** Colours and font, as CSS values. */
export interface Theme {
  readonly text: string;
  readonly muted: string;
  readonly edge: string;
  readonly grid: string;
  readonly panel: string;
  readonly missing: string;
  readonly limit: string;
  readonly font: string;
  /** For the sensors of a chart, cyclically. */
  readonly lines: readonly Line[];
}

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Whether the page is dark; `auto` follows the system. */
export function isDark(theme: Preferences['theme']): boolean {
  return theme === 'auto' ? dark.matches : theme === 'dark';
}

/** Calls back when the system switches between light and dark. */
export function onSchemeChange(changed: () => void): void {
  dark.addEventListener('change', changed);
}

/** Sets the theme of the page and reads its colours. */
export function applyTheme(theme: Preferences['theme']): Theme {
  document.documentElement.dataset.theme = isDark(theme) ? 'dark' : 'light';
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const lines = Array.from({ length: LINES }, (_, at) => color(`line-${at + 1}`));
  return {
    text: color('text'),
    muted: color('muted'),
    edge: color('edge'),
    grid: color('grid'),
    panel: color('panel'),
    missing: color('missing'),
    limit: color('limit'),
    font: style.fontFamily,
    // The two extra hex digits are the opacity.
    lines: lines.map((line, at) => ({ color: line, band: `${line}33`, dash: DASHES[at] ?? [] })),
  };
}

/** The line of the sensor at this index. */
export function lineOf({ lines }: Theme, at: number): Line {
  const line = lines[at % lines.length];
  if (line === undefined) throw new Error('the style sheet has no lines');
  return line;
}
