/** A chart as PNG: its SVG, with labels of strokes, drawn by resvg. */

import { resvg } from '../load.ts';
import type { Chart } from './chart.ts';
import { strokesOf } from './letters.ts';
import { drawSvg, type Label, type PictureStyle, textLabel } from './svg.ts';

/** Pixels of the picture for one of its measures, for screens that have them. */
const ZOOM = 2;

/** @returns the bytes of the file */
export function drawPng(chart: Chart, style: Omit<PictureStyle, 'label'>): Buffer {
  const needed = { fonts: false };
  const svg = drawSvg(chart, { ...style, label: strokeLabel(needed) });
  const { Resvg } = resvg();
  const options = { fitTo: { mode: 'zoom', value: ZOOM }, font: { loadSystemFonts: needed.fonts } } as const;
  return new Resvg(svg, options).render().asPng();
}

function strokeLabel(needed: { fonts: boolean }): Label {
  return (text, style) => {
    const strokes = strokesOf(text, { ...style, bold: style.kind === 'name' });
    if (strokes !== undefined)
      return `<path class="${style.kind}" stroke-width="${strokes.thickness.toFixed(2)}" d="${strokes.path}"/>`;
    needed.fonts = true;
    return textLabel(text, style);
  };
}
