/** What an SVG is made of: its colours, its labels, and text that is harmless in it. */

import { printable } from './text.ts';

export interface LabelStyle {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly kind: 'name' | 'text' | 'axis';
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Draws a line of text as SVG. */
export type Label = (text: string, style: LabelStyle) => string;

/** By class; light or dark as the reader prefers. */
export const STYLE = `
.paper{fill:#fff}
.name{fill:#16202b;font-weight:600}.text{fill:#51606f}.axis{fill:#6b7885}
.name,.text,.axis{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
path.name,path.text,path.axis{fill:none;stroke-linecap:round;stroke-linejoin:round}
path.name{stroke:#16202b}path.text{stroke:#51606f}path.axis{stroke:#6b7885}
.grid{fill:none;stroke:#e6eaee}.base{fill:none;stroke:#b4bec8}
.band{fill:#9cc7ee;fill-opacity:.55;stroke:#9cc7ee;stroke-opacity:.55}
.line{fill:none;stroke:#0b62b5;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.missing{fill:#c2570c}
@media (prefers-color-scheme:dark){
.paper{fill:#10151b}.name{fill:#eef2f6}.text{fill:#a9b5c1}.axis{fill:#8d9aa7}
.grid{stroke:#222b35}.base{stroke:#46535f}
.band{fill:#3b7dbb;fill-opacity:.45;stroke:#3b7dbb;stroke-opacity:.45}.line{stroke:#7cc4ff}.missing{fill:#ffab5e}
}
`;

/** Labels that leave the letters to the reader's fonts. */
export const textLabel: Label = (text, { x, y, size, kind, anchor }) =>
  `<text class="${kind}" x="${hundredths(x)}" y="${hundredths(y)}" font-size="${size}" text-anchor="${anchor}" xml:space="preserve">${escapeXml(text)}</text>`;

/** What XML has no character for becomes U+FFFD. */
export function escapeXml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Fine enough for pixels. */
export function hundredths(number: number): number {
  return Number(number.toFixed(2));
}
