/** Kinds of values that many tools use: the placeholder in the help, and the parser. */

import { parseSize } from '../lines/size.ts';
import { parseDuration, parseWait } from '../readings/duration.ts';
import { parseTimeOption } from '../readings/time.ts';
import { wholeNumber } from './tool.ts';

/** The name of a file. */
export const fileValue = { type: 'text', value: 'FILE' } as const;

/** Milliseconds, more than 0. */
export const durationValue = { type: 'text', value: 'DURATION', parse: parseDuration } as const;

/** Milliseconds, or 0. */
export const waitValue = { type: 'text', value: 'DURATION', parse: parseWait } as const;

/** Epoch milliseconds. */
export const timeValue = { type: 'text', value: 'TIME', parse: parseTimeOption } as const;

/** Bytes. */
export const sizeValue = { type: 'text', value: 'SIZE', parse: parseSize } as const;

/** A variable for the environment of a command. */
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
