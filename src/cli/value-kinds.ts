/** Kinds of values that options of many tools have: what the help calls them, and how they are read. */

import { parseSize } from '../lines/size.ts';
import { parseDuration, parseWait } from '../readings/duration.ts';
import { parseTimeOption } from '../readings/time.ts';
import { wholeNumber } from './tool.ts';

/** For a file's name. */
export const fileValue = { type: 'text', value: 'FILE' } as const;

/** Milliseconds, more than 0. */
export const durationValue = { type: 'text', value: 'DURATION', parse: parseDuration } as const;

/** Milliseconds, or 0. */
export const waitValue = { type: 'text', value: 'DURATION', parse: parseWait } as const;

/** Epoch milliseconds. */
export const timeValue = { type: 'text', value: 'TIME', parse: parseTimeOption } as const;

/** Bytes. */
export const sizeValue = { type: 'text', value: 'SIZE', parse: parseSize } as const;

/** A variable of a command's environment. */
export const variableValue = { type: 'text', value: 'NAME=VALUE', parse: parseVariable } as const;

/** A whole number from `least` to `most`. */
export function numberValue(least: number, most?: number) {
  return { type: 'text', value: 'N', parse: wholeNumber(least, most) } as const;
}

function parseVariable(text: string): readonly [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_]\w*)=([^\0]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new Error(`not NAME=VALUE: ${JSON.stringify(text)}`);
  return [name, value];
}
