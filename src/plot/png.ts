/** A chart as PNG: its SVG, with labels of strokes, drawn by resvg. */

import { errorText, Failure, status } from '../failure.ts';
import { resvg } from '../load.ts';
import type { Chart } from './chart.ts';
import { knownLetters, strokesOf } from './letters.ts';
import { drawSvg, heightOf, type PictureSize } from './svg.ts';
import { type Label, textLabel } from './svg-parts.ts';
import { printable } from './text.ts';

/** Pixels of the picture for one of its measures, for screens that have them. */
const ZOOM = 2;
/** In pixels: a quarter of a gigabyte of memory. */
const LARGEST = 2 ** 26;

/** @returns the bytes of the file @throws Failure (usage) when the picture would be too large */
export function drawPng(chart: Chart, style: PictureSize): Buffer {
  if (ZOOM * ZOOM * style.width * heightOf(chart, style) > LARGEST)
    throw new Failure(status.usage, 'too many sensors for one picture: choose some with --sensor');
  const needed = { fonts: false };
  const svg = drawSvg(chart, { ...style, label: strokeLabel(needed) });
  const { Resvg } = library();
  const options = { fitTo: { mode: 'zoom', value: ZOOM }, font: { loadSystemFonts: needed.fonts } } as const;
  return new Resvg(svg, options).render().asPng();
}

/** Its native part is not there for every system. */
function library() {
  try {
    return resvg();
  } catch (error) {
    throw new Failure(status.unavailable, `PNG cannot be drawn on this system: ${errorText(error)}`, {
      cause: error,
    });
  }
}

function strokeLabel(needed: { fonts: boolean }): Label {
  const label: Label = (unknown, style) => {
    const text = printable(unknown);
    const strokes = strokesOf(text, { ...style, bold: style.kind === 'name' });
    if (strokes !== undefined)
      return `<path class="${style.kind}" stroke-width="${strokes.thickness.toFixed(2)}" d="${strokes.path}"/>`;
    if (!hasFonts(text)) return label(knownLetters(text), style);
    needed.fonts = true;
    return textLabel(text, style);
  };
  return label;
}

/** Whether this machine can draw it; what it has no font for leaves no trace. */
function hasFonts(text: string): boolean {
  const { Resvg } = library();
  const label = textLabel(text, { x: 10, y: 20, size: 12, kind: 'text', anchor: 'start' });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="40">${label}</svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: true } }).getBBox() !== undefined;
}
