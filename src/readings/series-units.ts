/**
 * The unit of a series, such as `°C`, `%` or `B`: a further column `unit` of its rows says it, or else a list of patterns
 * of sensors' names. It is a label: no number is converted.
 */

import { type Matches, parseGlob } from '../lines/glob.ts';
import { quote } from '../lines/line.ts';
import { textProblem } from '../lines/text.ts';
import type { StatsRow } from './stats-row.ts';

/** The column of rows that say their unit. */
export const UNIT_COLUMN = 'unit';

/** In characters; the longest of UCUM that people use are half as long. */
const LONGEST_UNIT = 32;

/** Sensors of a pattern have a unit. */
export interface UnitRule {
  readonly matches: Matches;
  readonly unit: string;
}

/**
 * Reads `PATTERN=UNIT,...`, patterns as those of `--sensor`, for an option's `parse`. A name may have an equals sign, and a comma is matched by `?`.
 *
 * @throws Error with a message for the user
 */
export function parseUnits(text: string): UnitRule[] {
  return text.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    if (at < 1) throw new Error(`not PATTERN=UNIT: ${quote(part)} (write 'bytes*=B,*humidity=%')`);
    return { matches: parseGlob(part.slice(0, at).trim()), unit: checkedUnit(part.slice(at + 1)) };
  });
}

/** Reads a unit that all sensors have, or a list as `parseUnits` does. @throws Error with a message for the user */
export function parseUnitOrUnits(text: string): UnitRule[] {
  return text.includes('=') ? parseUnits(text) : [{ matches: () => true, unit: checkedUnit(text) }];
}

/** The unit of a sensor by the first rule that its name matches; undefined without one. */
export function unitOfSensor(rules: readonly UnitRule[], sensor: string): string | undefined {
  return rules.find(({ matches }) => matches(sensor))?.unit;
}

/** The unit that a row says; undefined where it says none, or something else stands in that column. */
export function unitOfRow({ extra }: StatsRow): string | undefined {
  const unit = extra.get(UNIT_COLUMN)?.trim();
  return unit === undefined || unitProblem(unit) !== undefined ? undefined : unit;
}

/** The unit of a series by its newest row, else by these rules; undefined when nothing is known of it. */
export function unitOfSeries(rules: readonly UnitRule[], newest: StatsRow): string | undefined {
  return unitOfRow(newest) ?? unitOfSensor(rules, newest.sensor);
}

function checkedUnit(text: string): string {
  const unit = text.trim();
  const problem = unitProblem(unit);
  if (problem !== undefined) throw new Error(`unit ${problem}: ${quote(unit)}`);
  return unit;
}

/** Why text is no unit, to follow the word for it in a message. */
function unitProblem(unit: string): string | undefined {
  if (unit === '') return 'is empty';
  if (unit.length > LONGEST_UNIT) return `is longer than ${LONGEST_UNIT} characters`;
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(unit)) return 'has a control character';
  if (/[,=]/.test(unit)) return 'has a comma or an equals sign';
  return textProblem(unit);
}
