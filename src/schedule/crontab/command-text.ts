/** Parses what follows the fields: the command, its stdin, and its default name. */

/**
 * Splits at the first unescaped `%`: the command is before it, its stdin after it, where further `%` are newlines. `\%` is
 * `%` in both. As observed with Debian's cron, `\\` becomes `\` in the command, but stays `\\` in the input.
 */
export function splitInput(text: string): { command: string; input: string } {
  let command = '';
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index] ?? '';
    if (letter === '%') return { command, input: inputOf(text.slice(index + 1)) };
    if (letter === '\\' && index + 1 < text.length) {
      const next = text[index + 1] ?? '';
      command += next === '%' || next === '\\' ? next : letter + next;
      index += 1;
    } else {
      command += letter;
    }
  }
  return { command, input: '' };
}

/** In the input, cron treats any `\` before a `%` as an escape, even one that is itself escaped. */
function inputOf(text: string): string {
  const input = text.replace(/(\\?)%/g, (_, backslash: string) => (backslash === '' ? '\n' : '%'));
  return input === '' || input.endsWith('\n') ? input : `${input}\n`;
}

/** The first word after opening brackets, sourced files (`. ./env;`) and assignments. */
const FIRST_WORD =
  /^[\s({!]*(?:\.\s+(?:"[^"]*"|'[^']*'|[^\s"';&|])+\s*(?:;|&&)\s*)*(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"';&|])*\s+)*("[^"]*"|'[^']*'|[^\s;&|<>()]+)/;

/** The default name of a job: the first word of its command, without folders. */
export function commandName(command: string): string {
  const word = (FIRST_WORD.exec(command)?.[1] ?? '').replace(/["']/g, '');
  return word.split('/').findLast((part) => part !== '') ?? '';
}
