/** What stands behind the fields: the command, what it reads, and what it is called. */

/**
 * Splits at the first `%` that no `\` escapes: what stands before it is the command, what follows its stdin, with newlines
 * for further ones. `\%` is `%` in both. As measured on Debian's cron, `\\` is `\` in the command, and stays in the input.
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

/** Here cron lets a `\` that is itself escaped escape what follows. */
function inputOf(text: string): string {
  const input = text.replace(/(\\?)%/g, (_, backslash: string) => (backslash === '' ? '\n' : '%'));
  return input === '' || input.endsWith('\n') ? input : `${input}\n`;
}

/** Behind opening brackets, files that are read first (`. ./env;`), and assignments. */
const FIRST_WORD =
  /^[\s({!]*(?:\.\s+(?:"[^"]*"|'[^']*'|[^\s"';&|])+\s*(?:;|&&)\s*)*(?:[A-Za-z_]\w*=(?:"[^"]*"|'[^']*'|[^\s"';&|])*\s+)*("[^"]*"|'[^']*'|[^\s;&|<>()]+)/;

/** What a job is called unless it is given a name: the first word of its command, without folders. */
export function commandName(command: string): string {
  const word = (FIRST_WORD.exec(command)?.[1] ?? '').replace(/["']/g, '');
  return word.split('/').findLast((part) => part !== '') ?? '';
}
