/** A chart with its title, focusable by keyboard. */

import { make, setText, speak } from '../../shell/dom.ts';
import { createRunChart, type RunChart, type RunChartLook } from './run-chart.ts';

export interface ChartBox {
  readonly element: HTMLElement;
  /** Redraws the chart; hides it without lines. @param pointed called with the index of the run at the cursor */
  show(look: RunChartLook, pointed: (at: number | undefined) => void): void;
  clear(): void;
}

export function createChartBox(name: string): ChartBox {
  const words = make('span', { class: 'muted' });
  const label = `${name}, run by run: the arrows go from run to run, the table has the numbers`;
  const host = make('div', { class: 'run-chart', tabindex: '0', role: 'img', 'aria-label': label });
  const element = make('section', { class: 'run-panel' }, make('h3', {}, name, words), host);
  let chart: RunChart | undefined;
  const clear = () => {
    chart?.destroy();
    chart = undefined;
    setText(words, '');
  };
  host.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    chart?.step(by);
    speak(words.textContent ?? '');
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    element,
    clear,
    show(look, pointed) {
      clear();
      element.hidden = look.lines.length === 0;
      if (element.hidden) return;
      chart = createRunChart(host, look, (at) => {
        setText(words, at === undefined ? '' : look.runName(at));
        pointed(at);
      });
    },
  };
}
