/** Writes a chart to files: SVG, PNG or both. */

import { Failure, status } from '../failure.ts';
import { replaceFile } from '../files/replace.ts';
import type { Chart } from './chart.ts';
import { drawPng } from './png.ts';
import { drawSvg } from './svg.ts';
import { READER_FONTS } from './svg-parts.ts';

/** How long to wait for another process that is replacing the same FILE. */
const LOCK = { waitMs: 10_000 };
const DEFAULT_SIZE = { width: 960, height: 180 };
/** Below this, the legend does not fit. */
const MIN_WIDTH = 640;

/** The requested pictures. */
export interface Pictures {
  /** File names; `-` for stdout, undefined for no such picture. */
  readonly svg: string | undefined;
  readonly png: string | undefined;
  /** Width of the picture in pixels; undefined for the default. */
  readonly width: number | undefined;
  /** Height of each plotting area in pixels; undefined for the default. */
  readonly height: number | undefined;
}

/** Writes the files, and yields the picture that goes to stdout. @throws Failure (usage, I/O) */
export async function* drawPictures(
  chart: Chart,
  { svg, png, width, height }: Pictures,
): AsyncGenerator<string | Buffer> {
  const style = { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
  if (style.width < MIN_WIDTH)
    throw new Failure(status.usage, `--width: a picture must be at least ${MIN_WIDTH} pixels wide`);
  if (svg !== undefined) yield* written(svg, await drawSvg(chart, { ...style, fonts: READER_FONTS }));
  if (png !== undefined) yield* written(png, await drawPng(chart, style));
}

async function* written(file: string, content: string | Buffer) {
  if (file === '-') yield content;
  else await replaceFile(file, content, LOCK);
}
