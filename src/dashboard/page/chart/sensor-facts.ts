/** The facts of a sensor beside its chart: name, latest value, its age, and the totals of the rows in view. */

import { type Unit, unitSign } from '../data/display-units.ts';
import { formatCount, formatTemperature, mostDecimals, type Zone } from '../data/format.ts';
import { latestOf } from '../data/latest.ts';
import { isIncomplete, type Row, totalOf } from '../data/row.ts';
import type { Entry } from '../data/series-json.ts';
import { icon, make, setText } from '../shell/dom.ts';

/** How facts are shown, and what a click on the name does. */
export interface FactsSetting {
  readonly unit: Unit;
  readonly zone: Zone;
  readonly now: () => number;
  choose(sensor: string): void;
}

export interface Facts {
  /** Heading, value, age. */
  readonly parts: readonly HTMLElement[];
  /** Shows the latest value among the entries of all sensors. Called again and again: the age grows. */
  tick(entries: readonly Entry[]): void;
}

/** The elements of a sensor's facts. */
export function createFacts(sensor: string, { unit, zone, now, choose }: FactsSetting): Facts {
  const button = make('button', { type: 'button', title: sensor }, sensor === '' ? '(no name)' : sensor);
  button.onclick = () => choose(sensor);
  const number = make('span');
  const value = make('p', { class: 'value' }, number, make('small', {}, unitSign(unit)));
  const age = make('p', { class: 'age' });
  return {
    parts: [make('h2', {}, button), value, age],
    tick(entries) {
      const own = entries.filter((entry) => entry.sensor === sensor);
      const latest = latestOf(own, now(), zone);
      value.hidden = latest === undefined;
      if (latest === undefined) return setText(age, 'no rows');
      setText(number, formatTemperature(latest.value, unit, latest.decimals));
      showAge(age, latest.age, latest.isLate);
    },
  };
}

function showAge(age: HTMLElement, text: string, isLate: boolean): void {
  if (age.textContent === text) return;
  age.classList.toggle('late', isLate);
  age.replaceChildren(...(isLate ? [icon('warning')] : []), text);
}

/** Fills a list with minimum, average, maximum and counts of the rows in view. */
export function fillTotals(list: HTMLElement, rows: readonly Row[], unit: Unit, now: number): void {
  const { min = null, max = null, avg = null } = totalOf(rows) ?? {};
  const digits = mostDecimals(rows.flatMap((row) => [row.min, row.max]));
  const text = (value: number | null) => formatTemperature(value, unit, digits);
  const stands = rows.reduce((sum, row) => sum + row.rows, 0);
  const incomplete = rows.filter((row) => isIncomplete(row, now)).length;
  const facts: [string, string, boolean][] = [
    ['lowest', text(min), false],
    ['average', formatTemperature(avg, unit, Math.max(digits, 1)), false],
    ['highest', text(max), false],
    ['rows', formatCount(stands), false],
  ];
  if (incomplete > 0) facts.push(['incomplete', formatCount(incomplete), true]);
  list.replaceChildren(
    ...facts.flatMap(([name, told, isWarning]) => [
      make('dt', {}, name),
      make('dd', isWarning ? { class: 'some' } : {}, ...(isWarning ? [icon('warning')] : []), told),
    ]),
  );
}
