/** A chart as PNG: its SVG, rendered by resvg with DejaVu Sans, so that it looks the same on every machine. */

import { join } from 'node:path';
import { errorText, Failure, status } from '../failure.ts';
import { resvg } from '../load.ts';
import type { Chart } from './chart.ts';
import { drawSvg, heightOf, type PictureSize } from './svg.ts';

/** Pixel density, for high-resolution screens. */
const PIXEL_RATIO = 2;
/** In pixels: 256 MB of memory. */
const MAX_PIXELS = 2 ** 26;

const FAMILY = 'DejaVu Sans';
// dist/ is two levels up, both from src/plot and from the bundles in dist/tools.
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  join(import.meta.dirname, '../../dist/fonts', name),
);
/** Outside the blocks that DejaVu Sans nearly covers: Latin, Greek, Cyrillic, punctuation, arrows, mathematics. */
const OTHER_SCRIPTS = /[^\0-\u04ff\u1e00-\u22ff\ufffd]/;

/** @returns the PNG file's bytes @throws Failure (usage) when the picture would be too large */
export async function drawPng(chart: Chart, size: PictureSize): Promise<Buffer> {
  if (PIXEL_RATIO * PIXEL_RATIO * size.width * heightOf(chart, size) > MAX_PIXELS)
    throw new Failure(status.usage, 'too many sensors for one picture: choose some with --sensor');
  const svg = await drawSvg(chart, { ...size, fonts: `"${FAMILY}"` });
  const { Resvg } = library();
  // System fonts take longer to load than everything else, and differ between machines.
  const font = {
    fontFiles: FONT_FILES,
    defaultFontFamily: FAMILY,
    loadSystemFonts: OTHER_SCRIPTS.test(svg),
  };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: PIXEL_RATIO }, font }).render().asPng();
}

/** @throws Failure (unavailable) on a platform without the native module */
function library() {
  try {
    return resvg();
  } catch (error) {
    throw new Failure(status.unavailable, `PNG cannot be drawn on this system: ${errorText(error)}`, {
      cause: error,
    });
  }
}
