/** The facts of a sensor beside its chart: name, latest value, its age, and totals of the visible rows. */

import { formatCount, mostDecimals, type Zone } from '../data/format.ts';
import { latestOf } from '../data/latest.ts';
import {
  areLimited,
  isAbove,
  isBelow,
  isBeyond,
  type Limits,
  limitsText,
  limitText,
} from '../data/limits.ts';
import { numberText, numberWithSign } from '../data/number-text.ts';
import { isIncomplete, type Row, totalOf } from '../data/row.ts';
import { countText, storedRows } from '../data/row-counts.ts';
import type { Entry } from '../data/series-json.ts';
import type { SeriesLook } from '../data/series-look.ts';
import { make, setText, warned } from '../shell/dom.ts';

/** How facts are shown. */
export interface FactsSetting {
  readonly zone: Zone;
  readonly now: () => number;
}

export interface Facts {
  /** Value, age, and breach of a limit. */
  readonly parts: readonly HTMLElement[];
  /** Shows the latest value among the entries of all sensors. Called periodically: the age grows. */
  tick(entries: readonly Entry[]): void;
}

/** The elements of a sensor's facts. */
export function createFacts(look: SeriesLook, { zone, now }: FactsSetting): Facts {
  const number = make('span');
  const sign = make('small');
  const value = make('p', { class: 'value' }, number, sign);
  const age = make('p', { class: 'age' });
  const breach = make('p', { class: 'breach', hidden: '' });
  return {
    parts: [value, age, breach],
    tick(entries) {
      const own = entries.filter((entry) => entry.sensor === look.sensor);
      const latest = latestOf(own, now(), zone);
      value.hidden = latest === undefined;
      if (latest === undefined) return setText(age, 'no rows');
      const shown = numberText(latest.value, look.display, { digits: latest.decimals });
      setText(number, shown.text);
      setText(sign, shown.sign);
      showAge(age, latest.age, latest.isLate);
      const words = breachOf(latest.row, look);
      breach.hidden = words === '';
      showAge(breach, words, true);
    },
  };
}

/** Which limit a row breaches, as text; empty for none. */
function breachOf(row: Row, { limits, display }: SeriesLook): string {
  if (isAbove(row, limits)) return `above ${limitText(limits.max ?? 0, display)}`;
  return isBelow(row, limits) ? `below ${limitText(limits.min ?? 0, display)}` : '';
}

function showAge(age: HTMLElement, text: string, isLate: boolean): void {
  if (age.textContent === text) return;
  age.classList.toggle('late', isLate);
  age.replaceChildren(...(isLate ? warned(text) : [text]));
}

type Fact = readonly [name: string, told: string, isWarning?: boolean];

/** Fills a list with minimum, average, maximum and counts of the visible rows. */
export function fillTotals(list: HTMLElement, rows: readonly Row[], look: SeriesLook, now: number): void {
  list.replaceChildren(
    ...totalFacts(rows, look, now).flatMap(([name, told, isWarning = false]) => [
      make('dt', {}, name),
      make('dd', isWarning ? { class: 'some' } : {}, ...(isWarning ? warned(told) : [told])),
    ]),
  );
}

function totalFacts(rows: readonly Row[], { display, limits }: SeriesLook, now: number): Fact[] {
  const { min = null, max = null, avg = null } = totalOf(rows) ?? {};
  const digits = mostDecimals(rows.flatMap((row) => [row.min, row.max]));
  const text = (value: number | null, most = digits) => numberWithSign(value, display, { digits: most });
  const incomplete = countText(rows, (row) => isIncomplete(row, now));
  const beyond = countText(rows, (row) => isBeyond(row, limits));
  const facts: Fact[] = [
    ['lowest', text(min)],
    ['average', text(avg, Math.max(digits, 1))],
    ['highest', text(max)],
    ['rows', formatCount(storedRows(rows))],
  ];
  if (areLimited(limits)) facts.push(['limits', limitsText(limits, display)]);
  if (beyond !== '') facts.push(['beyond', beyond, true]);
  if (incomplete !== '') facts.push(['incomplete', incomplete, true]);
  return facts;
}

/** The totals of one of several sensors, in one line; empty without rows. */
export function totalsLine(rows: readonly Row[], { display, limits }: SeriesLook): string {
  const total = totalOf(rows);
  if (total === undefined) return '';
  const digits = mostDecimals(rows.flatMap((row) => [row.min, row.max]));
  const [low, high, average] = [total.min, total.max, total.avg].map((value) =>
    numberWithSign(value, display, { digits }),
  );
  return `${low} to ${high}, average ${average}${breachText(rows, limits)}`;
}

/** `, 12 beyond the limits`; empty for none. */
export function breachText(rows: readonly Row[], limits: Limits): string {
  const beyond = countText(rows, (row) => isBeyond(row, limits));
  return beyond === '' ? '' : `, ${beyond} beyond the limits`;
}
