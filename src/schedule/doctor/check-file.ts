/** Checks the file format, about which cron is stricter than we are. */

import type { Warning } from './warning.ts';

export function* checkFile(text: string): Generator<Warning> {
  if (text.startsWith('\uFEFF')) {
    yield aboutLine(
      1,
      'a byte order mark before the first line: cron refuses the file (save it as UTF-8 without BOM)',
    );
  }
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.endsWith('\r'));
  if (first >= 0) {
    const why = 'cron takes the carriage return as part of the command or value';
    yield aboutLine(first + 1, `the line ends with CRLF: ${why} (run sed -i 's/\\r$//' on the file)`);
  }
  if (text !== '' && !text.endsWith('\n')) {
    yield aboutLine(
      lines.length,
      'no newline at the end of the last line: cron refuses the file, or leaves the line out',
    );
  }
}

function aboutLine(line: number, message: string): Warning {
  return { kind: 'file', line, job: undefined, message };
}
