/** Translates a plan into options for the kernel, as far as the kernel can count it. */

import { ifRoom, kernelModule } from '../kernels/load-kernel.ts';
import type { Range } from '../readings/range.ts';
import type { InterpretOptions } from '../readings/reading-interpreter.ts';
import { missingNumbers } from '../readings/value-reader.ts';
import { add, compare, type Decimal, subtract } from '../stats/decimal.ts';
import { EVERYTHING, type Resolution } from '../stats/window-panes.ts';
import type { Span } from '../stats/windows.ts';
import type { SourceState } from './exact-engine.ts';
import { type KernelOptions, type KernelShape, MAX_DIGITS } from './kernel/readings-abi.ts';
import { ReadingsKernel } from './kernel/readings-kernel.ts';
import type { NextWindow, RowWindows } from './kernel/row-program.ts';
import { type Plan, paneLengthOf, resolutionsOf, stepOf } from './plan.ts';

/** Length in bytes of the longest name of an NDJSON member. */
const LONGEST_NAME = 16;
const MAX_FIELDS = 64;
/** The smallest difference between two values that the kernel reads. */
const MIN_STEP: Decimal = { units: 1n, scale: MAX_DIGITS };

/**
 * A kernel for a plan; undefined if the kernel cannot read such lines, or this runtime lacks WebAssembly or room for it.
 *
 * @param module its code, if another thread has compiled it
 */
export function makeKernel(plan: Plan, module: WebAssembly.Module | undefined): ReadingsKernel | undefined {
  const options = kernelOptions(plan);
  const code = options && (module ?? kernelModule('readings'));
  return options && code && ifRoom(() => new ReadingsKernel(code, options));
}

function kernelOptions(plan: Plan): KernelOptions | undefined {
  const { names, delimiter, mergesDelimiters, timeFormat, decimal, scale, units = [] } = plan.lines;
  // In CSV the kernel expects exactly one delimiter after each field.
  if (plan.influx !== undefined || mergesDelimiters) return undefined;
  // It knows only the usual formats of times and values, and lines with one time, one name and one value.
  if (timeFormat !== undefined || decimal === ',' || scale !== undefined || units.length > 0)
    return undefined;
  if (Object.values(names).some(({ length }) => length > 1)) return undefined;
  const members = [names.time[0] ?? 'time', names.sensor[0] ?? 'sensor', names.value[0] ?? 'value'] as const;
  if (delimiter.charCodeAt(0) > 127 || !members.every(isPlainName)) return undefined;
  return {
    times: plan.wanted.times || plan.windows.some(({ lengthMs }) => lengthMs === undefined),
    squares: plan.wanted.squares,
    distinct: plan.wanted.distinct,
    panes: hasPanes(plan),
    paneLengthMs: paneLengthOf(plan),
    range: ownRange(plan.lines),
    members,
    locate: locator(plan),
    windows: rowWindows(plan),
  };
}

/** The shape of a source's lines for the kernel; undefined if it cannot read or count them. */
export function kernelShape(plan: Plan, state: SourceState): KernelShape | undefined {
  const { shape, hasReturn, hasLocalTime } = state;
  // The kernel knows no time zones; trying it in vain on every line would cost time.
  if (hasLocalTime || mayTakeComments(plan, shape)) return undefined;
  const delimiter = plan.lines.delimiter.charCodeAt(0);
  const carriageReturn = hasReturn;
  if (shape.kind === 'influx') return undefined;
  if (shape.kind === 'json') {
    return { json: true, delimiter, time: -1, sensor: -1, value: 0, width: 1, carriageReturn };
  }
  const [time = -1] = shape.columns.time;
  const [sensor = -1] = shape.columns.sensor;
  const [value = 0] = shape.columns.value;
  if (shape.width > MAX_FIELDS || (time < 0 && hasPanes(plan))) return undefined;
  return { json: false, delimiter, time, sensor, value, width: shape.width, carriageReturn };
}

/**
 * The range of values that the kernel counts itself. It excludes every number that stands for a missing value, and
 * everything beyond it as seen from 0. All other values are for the exact engine.
 */
function ownRange({ range, missing }: InterpretOptions): Range | undefined {
  let { min, max } = range ?? { min: undefined, max: undefined };
  for (const number of missingNumbers(missing)) {
    if (number.units < 0n) min = greater(min, add(number, MIN_STEP));
    else max = less(max, subtract(number, MIN_STEP));
  }
  return min === undefined && max === undefined ? undefined : { min, max };
}

function greater(one: Decimal | undefined, other: Decimal): Decimal {
  return one === undefined || compare(one, other) < 0 ? other : one;
}

function less(one: Decimal | undefined, other: Decimal): Decimal {
  return one === undefined || compare(one, other) > 0 ? other : one;
}

/** Whether the kernel might count a comment: not if lines begin with something that a comment cannot. */
function mayTakeComments({ lines: { comment } }: Plan, shape: SourceState['shape']): boolean {
  if (comment === undefined || shape.kind === 'influx') return false;
  if (shape.kind === 'json') return comment.startsWith('{');
  const { time, value } = shape.columns;
  const beginsWithNumber = time[0] === 0 || value[0] === 0;
  return !beginsWithNumber || /^[\w\s"+\-.]/.test(comment);
}

function hasPanes({ windows }: Plan): boolean {
  return windows.some(({ lengthMs }) => lengthMs !== undefined);
}

function rowWindows(plan: Plan): RowWindows[] {
  return resolutionsOf(plan).map((resolution, at) => {
    const { lengthMs = Number.POSITIVE_INFINITY, months } = plan.windows[at] ?? {};
    const isCounted =
      lengthMs === Number.POSITIVE_INFINITY || (plan.zone === undefined && months === undefined);
    return {
      label: resolution.label,
      lengthMs: isCounted ? lengthMs : 0,
      stepMs: stepOf(plan, lengthMs),
      windowAt: (time, from) => windowAt(resolution, time, from),
    };
  });
}

function windowAt({ panes, sliding }: Resolution, time: number, from: number): NextWindow {
  if (panes === undefined) return { ...EVERYTHING, next: EVERYTHING.end };
  if (sliding !== undefined) return sliding.firstOver(time, from);
  const { start, end } = panes(time);
  return { start, end, next: end };
}

/** The longest span around an instant that lies in one pane of every resolution. */
function locator(plan: Plan): (time: number) => Span {
  const cuts = resolutionsOf(plan).flatMap(({ panes }) => panes ?? []);
  return (time) => {
    const spans = cuts.map((cut) => cut(time));
    return {
      start: Math.max(...spans.map(({ start }) => start)),
      end: Math.min(...spans.map(({ end }) => end)),
    };
  };
}

function isPlainName(name: string): boolean {
  return name.length <= LONGEST_NAME && /^[ !#-[\]-~]*$/.test(name) && !name.startsWith('__');
}
