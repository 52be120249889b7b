/** A plan in the kernel's words, as far as it can count it. */

import type { Shape } from '../readings/reading-interpreter.ts';
import type { Span } from '../stats/windows.ts';
import type { KernelShape } from './kernel/readings-abi.ts';
import type { KernelOptions } from './kernel/readings-kernel.ts';
import { type Plan, paneLengthOf, resolutionsOf } from './plan.ts';

/** Of a member of NDJSON, in bytes. */
const LONGEST_NAME = 16;
const MOST_FIELDS = 64;

/** How a kernel is made for a plan; undefined when it cannot read such lines. */
export function kernelOptions(plan: Plan): KernelOptions | undefined {
  const { names, delimiter, range } = plan.lines;
  const members = [names.time ?? 'time', names.sensor ?? 'sensor', names.value ?? 'value'] as const;
  if (delimiter.charCodeAt(0) > 127 || !members.every(isPlainName)) return undefined;
  return {
    times: plan.wanted.times || plan.windows.some(({ lengthMs }) => lengthMs === undefined),
    squares: plan.wanted.squares,
    distinct: plan.wanted.distinct,
    panes: hasPanes(plan),
    paneLengthMs: paneLengthOf(plan),
    range,
    members,
    locate: locator(plan),
  };
}

/** What the kernel is told about lines of this shape; undefined when it cannot read them, or not count them. */
export function kernelShape(plan: Plan, shape: Shape, carriageReturn: boolean): KernelShape | undefined {
  const delimiter = plan.lines.delimiter.charCodeAt(0);
  if (shape.kind === 'json') {
    return { json: true, delimiter, time: -1, sensor: -1, value: 0, width: 1, carriageReturn };
  }
  const { time = -1, sensor = -1, value } = shape.columns;
  if (shape.width > MOST_FIELDS || (time < 0 && hasPanes(plan))) return undefined;
  return { json: false, delimiter, time, sensor, value, width: shape.width, carriageReturn };
}

function hasPanes({ windows }: Plan): boolean {
  return windows.some(({ lengthMs }) => lengthMs !== undefined);
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
