/** The legend of a picture: the same keys as on the page, wrapped into lines. */

import { type LegendPart, partNames } from '../data/legend.ts';
import { foreign } from '../shell/foreign.ts';
import type { Line, Theme } from '../shell/theme.ts';
import { inLines } from './key-lines.ts';

/** A line sample and its name. */
export interface Key {
  readonly part: LegendPart;
  /** The sensor; empty for a key of the part itself. */
  readonly name: string;
  readonly line: Line;
  /** Whether it stands for the lines of several sensors, and so has none of their colours. */
  readonly isTogether: boolean;
}

/** A line of keys. */
type KeyLine = ReturnType<typeof inLines<Key>>[number];

const SAMPLE = 18;
const BESIDE = 6;
const APART = 18;

/** Wraps keys into lines of at most this width. */
export function layKeys(
  context: CanvasRenderingContext2D,
  keys: readonly Key[],
  { font, width }: { readonly font: string; readonly width: number },
): KeyLine[] {
  context.font = font;
  const widthOf = (key: Key) => SAMPLE + BESIDE + context.measureText(nameOf(key)).width + APART;
  return inLines(keys, widthOf, width);
}

function nameOf({ name, part }: Key): string {
  return name === '' ? partNames[part] : foreign(name);
}

interface Place {
  readonly x: number;
  /** The vertical centre of the line. */
  readonly y: number;
  readonly font: string;
  readonly theme: Theme;
}

/** Draws a line of keys. */
export function drawKeys(
  context: CanvasRenderingContext2D,
  keys: KeyLine,
  { x, y, font, theme }: Place,
): void {
  context.font = font;
  for (const { key, left } of keys) {
    drawSample(context, key, x + left, y, theme);
    context.fillStyle = theme.muted;
    context.fillText(nameOf(key), x + left + SAMPLE + BESIDE, y);
  }
}

function drawSample(
  context: CanvasRenderingContext2D,
  { part, line, isTogether }: Key,
  x: number,
  y: number,
  theme: Theme,
): void {
  const color = isTogether ? theme.muted : line.color;
  if (part === 'average') stroke(context, { color, dash: isTogether ? [] : line.dash }, x, y);
  if (part === 'limits') stroke(context, { color: theme.limit, dash: [6, 4] }, x, y);
  if (part === 'band') {
    context.fillStyle = isTogether ? `${theme.muted}33` : line.band;
    context.fillRect(x, y - 5, SAMPLE, 10);
  }
  if (part === 'missing') {
    context.fillStyle = isTogether ? theme.muted : theme.missing;
    context.fillRect(x, y - 2.5, SAMPLE, 5);
  }
}

function stroke(
  context: CanvasRenderingContext2D,
  { color, dash }: { readonly color: string; readonly dash: number[] },
  x: number,
  y: number,
): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + SAMPLE, y);
  context.stroke();
}
