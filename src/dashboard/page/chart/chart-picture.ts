/** The charts as a picture. It asks nothing of the server, so it works while that is gone. */

import { make } from '../shell/dom.ts';
import type { Theme } from '../shell/theme.ts';
import type { Panel } from './panel.ts';

const MARGIN = 16;
const LINE = 22;
const SAMPLE = 18;

/** The charts one below the other, under a title and a legend. */
export function drawPicture(panels: readonly Panel[], title: string, theme: Theme): HTMLCanvasElement {
  const charts = panels.map(({ sensors, chart }) => ({
    title: sensors.length === 1 ? (sensors[0] ?? '') : '',
    canvas: chart.canvas(),
  }));
  // The names of the lines, when there are several in one chart.
  const sensors = panels.length === 1 ? (panels[0]?.sensors ?? []) : [];
  const scale = devicePixelRatio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width / scale)) + 2 * MARGIN;
  const heights = charts.map(({ canvas }) => canvas.height / scale + LINE);
  const height = heights.reduce((sum, each) => sum + each, 2 * MARGIN + 2 * LINE);
  const picture = make('canvas', {
    width: `${Math.round(width * scale)}`,
    height: `${Math.round(height * scale)}`,
  });
  const context = picture.getContext('2d');
  if (context === null) throw new Error('the browser has no canvas');
  context.scale(scale, scale);
  context.fillStyle = theme.panel;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  write(context, title, {
    x: MARGIN,
    y: MARGIN + LINE / 2,
    font: `600 15px ${theme.font}`,
    color: theme.text,
  });
  drawLegend(context, { theme, sensors, y: MARGIN + LINE * 1.5 });
  let y = MARGIN + 2 * LINE;
  for (const { title, canvas } of charts) {
    write(context, title, { x: MARGIN, y: y + LINE / 2, font: `600 13px ${theme.font}`, color: theme.text });
    context.drawImage(canvas, MARGIN, y + LINE, canvas.width / scale, canvas.height / scale);
    y += canvas.height / scale + LINE;
  }
  return picture;
}

interface Style {
  readonly x: number;
  readonly y: number;
  readonly font: string;
  readonly color: string;
}

/** Returns where the text ends. */
function write(context: CanvasRenderingContext2D, text: string, { x, y, font, color }: Style): number {
  context.font = font;
  context.fillStyle = color;
  context.fillText(text, x, y);
  return x + context.measureText(text).width;
}

interface Legend {
  readonly theme: Theme;
  readonly sensors: readonly string[];
  readonly y: number;
}

function drawLegend(context: CanvasRenderingContext2D, { theme, sensors, y }: Legend): void {
  const names = sensors.length > 1 ? sensors : ['average'];
  const font = `13px ${theme.font}`;
  let x = MARGIN;
  for (const [at, name] of names.entries()) {
    const { color, dash } = theme.lines[at % theme.lines.length] ?? { color: theme.text, dash: [] };
    context.strokeStyle = color;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(x + SAMPLE, y);
    context.stroke();
    x = write(context, name, { x: x + SAMPLE + 6, y, font, color: theme.muted }) + 18;
  }
  for (const [name, color, tall] of [
    ['min to max', theme.lines[0]?.band ?? theme.muted, 10],
    ['readings missing', theme.missing, 5],
  ] as const) {
    context.fillStyle = color;
    context.fillRect(x, y - tall / 2, SAMPLE, tall);
    x = write(context, name, { x: x + SAMPLE + 6, y, font, color: theme.muted }) + 18;
  }
}

/** Hands a file to the browser's downloads. */
export async function savePng(canvas: HTMLCanvasElement, name: string): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('no picture: it is too large');
  const address = URL.createObjectURL(blob);
  make('a', { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
