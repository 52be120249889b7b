/** Parts of an SVG: style sheet, labels, escaped text. */

import { printable, widthOf } from './display-text.ts';

/** Position and style of a label; lengths in pixels. */
export interface LabelStyle {
  readonly x: number;
  /** The baseline. */
  readonly y: number;
  readonly size: number;
  readonly kind: 'name' | 'text' | 'axis';
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Fonts for an SVG that is displayed with the viewer's own fonts. */
export const READER_FONTS =
  'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif';

/** The style sheet: colours by class, for the viewer's light or dark scheme. @param fonts a CSS font-family list */
export const styleSheet = (fonts: string) => `
.paper{fill:#fff}
.name{fill:#16202b;font-weight:600}.text{fill:#51606f}.axis{fill:#6b7885}
.name,.text,.axis{font-family:${fonts};font-variant-numeric:tabular-nums}
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

/** One line of text as an SVG element. */
export function label(text: string, { x, y, size, kind, anchor }: LabelStyle): string {
  return `<text class="${kind}" x="${hundredths(x)}" y="${hundredths(y)}" font-size="${size}" text-anchor="${anchor}" xml:space="preserve">${escapeXml(text)}</text>`;
}

/** Average character widths in em of DejaVu Sans, which is wider than most fonts. */
const EMS = { narrow: 0.36, usual: 0.62, capital: 0.72, broad: 0.98 };
const BOLDER = 1.12;

/** Estimated width of a line of text in pixels. */
export function textWidth(text: string, { size, kind }: Pick<LabelStyle, 'size' | 'kind'>): number {
  let ems = 0;
  for (const character of text) ems += emsOf(character);
  return ems * size * (kind === 'name' ? BOLDER : 1);
}

function emsOf(character: string): number {
  const columns = widthOf(character);
  if (columns !== 1) return columns / 2;
  if (/[ !'(),./:;I[\]fijlrt|-]/.test(character)) return EMS.narrow;
  if (/[%@MWmw]/.test(character)) return EMS.broad;
  return /\p{Lu}/u.test(character) ? EMS.capital : EMS.usual;
}

/** Escapes XML; characters that XML does not allow become U+FFFD. */
export function escapeXml(text: string): string {
  return printable(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Rounds to hundredths, which is precise enough for pixels. */
export function hundredths(number: number): number {
  return Number(number.toFixed(2));
}
