/** Draws the charts as a picture. It needs no request, so it works offline. */

import type { LegendPart } from '../data/legend.ts';
import { make } from '../shell/dom.ts';
import { lineOf, type Theme } from '../shell/theme.ts';
import type { Panel } from './panel.ts';
import { drawKeys, type Key, layKeys } from './picture-legend.ts';

const MARGIN = 16;
const LINE = 22;

interface PictureSetting {
  readonly title: string;
  /** The visible parts of the charts. */
  readonly parts: readonly LegendPart[];
  readonly hidden: readonly string[];
  readonly theme: Theme;
}

/** Stacks the charts below a title and the legend of the page. */
export function drawPicture(panels: readonly Panel[], setting: PictureSetting): HTMLCanvasElement {
  const { title, parts, theme } = setting;
  const isOne = (panel: Panel) => panel.looks.length === 1;
  const charts = panels.map((panel) => ({
    keys: isOne(panel) ? [] : lineKeys(panel, setting),
    title: isOne(panel) ? (panel.looks[0]?.sensor ?? '') : '',
    canvas: panel.chart.canvas(),
  }));
  const pixels = devicePixelRatio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width / pixels)) + 2 * MARGIN;
  const picture = make('canvas');
  const context = picture.getContext('2d');
  if (context === null) throw new Error('the browser has no canvas');
  const font = `13px ${theme.font}`;
  const lay = (keys: readonly Key[]) => layKeys(context, keys, { font, width: width - 2 * MARGIN });
  const isTogether = panels.some((panel) => !isOne(panel));
  const legend = lay(parts.map((part) => ({ part, name: '', line: lineOf(theme, 0), isTogether })));
  const drawn = charts.map((chart) => ({ ...chart, lines: lay(chart.keys) }));
  const heights = drawn.map(({ canvas, lines }) => canvas.height / pixels + LINE * Math.max(lines.length, 1));
  const height = heights.reduce((sum, each) => sum + each, 2 * MARGIN + LINE * (1 + legend.length));
  picture.width = Math.round(width * pixels);
  picture.height = Math.round(height * pixels);
  context.scale(pixels, pixels);
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  write(context, title, { y: MARGIN + LINE / 2, font: `600 15px ${theme.font}`, color: theme.text });
  let y = MARGIN + LINE;
  const writeKeys = (lines: typeof legend) => {
    for (const keys of lines) {
      drawKeys(context, keys, { x: MARGIN, y: y + LINE / 2, font, theme });
      y += LINE;
    }
  };
  writeKeys(legend);
  for (const { title, canvas, lines } of drawn) {
    write(context, title, { y: y + LINE / 2, font: `600 13px ${theme.font}`, color: theme.text });
    if (lines.length === 0) y += LINE;
    writeKeys(lines);
    context.drawImage(canvas, MARGIN, y, canvas.width / pixels, canvas.height / pixels);
    y += canvas.height / pixels;
  }
  return picture;
}

/** The legend keys of the visible sensors of a chart. */
function lineKeys({ looks }: Panel, { hidden, theme }: PictureSetting): Key[] {
  return looks.flatMap(({ sensor }, at) =>
    hidden.includes(sensor)
      ? []
      : [{ part: 'average' as const, name: sensor, line: lineOf(theme, at), isTogether: false }],
  );
}

interface Style {
  readonly y: number;
  readonly font: string;
  readonly color: string;
}

function write(context: CanvasRenderingContext2D, text: string, { y, font, color }: Style): void {
  context.font = font;
  context.fillStyle = color;
  context.fillText(text, MARGIN, y);
}

/** Starts the browser's download of a file. */
export async function savePng(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('no picture: it is too large');
  const address = URL.createObjectURL(blob);
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
