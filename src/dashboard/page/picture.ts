/** What is on the page as a picture. */

import { draw } from './chart/chart-picture.ts';
import type { Panel } from './chart/panel.ts';
import type { Theme } from './shell/theme.ts';

export function drawPanels(panels: readonly Panel[], title: string, theme: Theme): HTMLCanvasElement {
  const charts = panels.map(({ sensors, chart }) => ({
    title: sensors.length === 1 ? (sensors[0] ?? '') : '',
    canvas: chart.canvas(),
  }));
  const sensors = panels.length === 1 ? (panels[0]?.sensors ?? []) : [];
  return draw({ title, theme, charts, sensors });
}
