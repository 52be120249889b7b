/** A chart as PNG: its SVG, drawn by resvg with letters of DejaVu Sans, so that it looks the same on every machine. */

import { join } from 'node:path';
import { errorText, Failure, status } from '../failure.ts';
import { resvg } from '../load.ts';
import type { Chart } from './chart.ts';
import { drawSvg, heightOf, type PictureSize } from './svg.ts';

/** Pixels of the picture for one of its measures, for screens that have them. */
const ZOOM = 2;
/** In pixels: a quarter of a gigabyte of memory. */
const LARGEST = 2 ** 26;

const FAMILY = 'DejaVu Sans';
// dist/ is two folders up from src/plot as it is from the bundles in dist/tools.
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  join(import.meta.dirname, '../../dist/fonts', name),
);
/** Outside the blocks that DejaVu Sans has nearly whole: Latin, Greek, Cyrillic, punctuation, arrows, mathematics. */
const OTHER_SCRIPTS = /[^\0-\u04ff\u1e00-\u22ff\ufffd]/;

/** @returns the bytes of the file @throws Failure (usage) when the picture would be too large */
export async function drawPng(chart: Chart, size: PictureSize): Promise<Buffer> {
  if (ZOOM * ZOOM * size.width * heightOf(chart, size) > LARGEST)
    throw new Failure(status.usage, 'too many sensors for one picture: choose some with --sensor');
  const svg = await drawSvg(chart, { ...size, fonts: `"${FAMILY}"` });
  const { Resvg } = library();
  // The fonts of the system take longer to load than all else takes, and what there is differs.
  const font = {
    fontFiles: FONT_FILES,
    defaultFontFamily: FAMILY,
    loadSystemFonts: OTHER_SCRIPTS.test(svg),
  };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: ZOOM }, font }).render().asPng();
}

/** @throws Failure (unavailable) on a system for which its native part does not exist */
function library() {
  try {
    return resvg();
  } catch (error) {
    throw new Failure(status.unavailable, `PNG cannot be drawn on this system: ${errorText(error)}`, {
      cause: error,
    });
  }
}
