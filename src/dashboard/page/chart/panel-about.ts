/** The text of a panel: the facts of one sensor, or the legend of several, whose names toggle their lines. */

import type { Row } from '../data/row.ts';
import type { Entry } from '../data/series-json.ts';
import type { SeriesLook } from '../data/series-look.ts';
import { make, setText } from '../shell/dom.ts';
import { lineOf, type Theme } from '../shell/theme.ts';
import { lineSample } from './line-sample.ts';
import { createFacts, type FactsSetting, fillTotals, totalsLine } from './sensor-facts.ts';

export interface AboutSetting extends FactsSetting {
  readonly looks: readonly SeriesLook[];
  readonly theme: Theme;
  /** Selects one sensor, or all again. */
  choose(sensor: string): void;
  /** Toggles the line of a sensor; `only` hides all others. */
  toggle(sensor: string, only: boolean): void;
}

interface AboutContent {
  readonly entries: readonly Entry[];
  /** The visible rows of each sensor. */
  readonly rows: readonly (readonly Row[])[];
  readonly hidden: readonly string[];
}

export interface About {
  readonly element: HTMLElement;
  update(content: AboutContent): void;
}

/** The facts of one sensor. */
export function aboutOne(setting: AboutSetting): About {
  const [look] = setting.looks;
  if (look === undefined) throw new Error('a panel without a sensor');
  const facts = createFacts(look, setting);
  const totals = make('dl', { class: 'totals' });
  const button = nameButton(look.sensor, look.sensor);
  button.onclick = () => setting.choose(look.sensor);
  return {
    element: make('div', { class: 'about' }, make('h2', {}, button), ...facts.parts, totals),
    update({ entries, rows }) {
      facts.tick(entries);
      fillTotals(totals, rows[0] ?? [], look, setting.now());
    },
  };
}

/** The legend of several sensors. */
export function aboutMany(setting: AboutSetting): About {
  const items = setting.looks.map((look, at) => legendItem(look, at, setting));
  const list = make('ul', { class: 'lines' }, ...items.map(({ element }) => element));
  return {
    element: make('div', { class: 'about' }, list),
    update(content) {
      for (const item of items) item.update(content);
    },
  };
}

function legendItem(look: SeriesLook, at: number, setting: AboutSetting): About {
  const facts = createFacts(look, setting);
  const totals = make('p', { class: 'line-totals' });
  const button = nameButton(look.sensor, `${look.sensor}: show or hide; with Ctrl only this one`);
  button.onclick = ({ ctrlKey, metaKey }) => setting.toggle(look.sensor, ctrlKey || metaKey);
  const element = make(
    'li',
    {},
    lineSample(lineOf(setting.theme, at)),
    make('h2', {}, button),
    ...facts.parts,
  );
  element.append(totals);
  return {
    element,
    update({ entries, rows, hidden }) {
      const isHidden = hidden.includes(look.sensor);
      button.setAttribute('aria-pressed', `${!isHidden}`);
      element.classList.toggle('off', isHidden);
      facts.tick(entries);
      totals.hidden = isHidden;
      setText(totals, totalsLine(rows[at] ?? [], look));
    },
  };
}

function nameButton(sensor: string, title: string): HTMLButtonElement {
  return make('button', { type: 'button', title }, sensor === '' ? '(no name)' : sensor);
}
