/** Parses Apache's LogFormat: `%h %l %u %t "%r" %>s %b`. */

import { failAt, type Pattern, type Piece } from './compile-format.ts';
import { type Directive, findDirective } from './log-directives.ts';
import { toBytes } from './unescape.ts';

/** A directive, an escaped character as in a configuration file, or any other character. */
const TOKEN = /%(?:[<>]|!?\d{3}(?:,\d{3})*)*(?:\{([^}]*)\})?(\^?[a-zA-Z%])|\\(["\\t])|([\s\S])/g;
/** Arguments of %t with supported times. */
const EPOCH = /^(?:(?:begin|end):)?(?:sec|msec|usec)$/;
const CALENDAR = /^(?:%Y-%m-%d[T ]%H:%M:%S ?(?:%z)?|%d\/%b\/%Y:%H:%M:%S(?: %z)?)$/;

/** The pieces of a LogFormat. @throws Error with a message for the user */
export function readApachePattern(pattern: string): Pattern {
  const pieces: Piece[] = [];
  let literal = '';
  for (const match of pattern.matchAll(TOKEN)) {
    const [text, argument, letter, escaped, plain] = match;
    const place = { text, position: match.index + 1 };
    if (letter !== undefined && letter !== '%') {
      const directive = directiveOf(argument, letter) ?? failAt(place, 'unsupported LogFormat directive');
      pieces.push({ ...place, before: toBytes(literal), ...directive });
      literal = '';
    } else if (plain === '%') failAt(place, 'not a LogFormat directive');
    else literal += letter ?? (escaped === 't' ? '\t' : (escaped ?? plain));
  }
  if (pieces.length === 0)
    throw new Error(`no LogFormat directive in the pattern: ${JSON.stringify(pattern)}${hint(pattern)}`);
  return { pieces, end: toBytes(literal), isRaw: false };
}

function directiveOf(argument: string | undefined, letter: string): Directive | undefined {
  if (letter !== 't' || argument === undefined) return findDirective(argument, letter);
  const column = { name: 'time', type: 'text' } as const;
  if (EPOCH.test(argument)) return { kind: 'epoch', column };
  const format = argument
    .replace(/^(?:begin|end):/, '')
    .replaceAll('%F', '%Y-%m-%d')
    .replaceAll('%T', '%H:%M:%S');
  return CALENDAR.test(format) ? { kind: 'bareTime', column } : undefined;
}

function hint(pattern: string): string {
  return pattern.includes('$') ? " (nginx's log_format goes to --nginx)" : '';
}
