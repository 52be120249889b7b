/** Formats text as troff. */

const ESCAPES = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
]);

/** Escapes literal text. @param {string} text */
export function roff(text) {
  return text.replace(/[\\'`^~-]/g, (letter) => ESCAPES.get(letter) ?? letter).replace(/^\./gm, '\\&.');
}

const MAX_COLUMNS = 72;
/** Break points in a long word. */
const BREAK = /(,)(?=\S)/g;

/** Filled text, in lines of moderate length. @param {string} text */
export function prose(text) {
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= MAX_COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return roff([...lines, line].join('\n')).replaceAll(BREAK, '$1\\:');
}

/** @param {string} text */
export const bold = (text) => `\\fB${roff(text)}\\fR`;

/** Sets placeholders, which are in capitals, in italics, and the rest with `other`. @param {string} text */
export function withNames(text, other = roff) {
  return text
    .split(/([A-Z]{2,}|\b[A-Z]\b)/)
    .map((part, at) => (at % 2 === 1 ? `\\fI${part}\\fR` : other(part)))
    .join('');
}

/** A term with its explanation. @param {string} term in troff @param {string} text */
export const item = (term, text) => `.TP\n${term}\n${prose(text)}`;

/** A literal command line. @param {string} command */
export const example = (command) => `.EX\n${roff(command)}\n.EE`;

/**
 * Joins lines into paragraphs: one ends with a short line that ends a sentence. Indented lines are kept as they are.
 *
 * @param {string} text
 */
export function paragraphs(text) {
  /** @type {string[]} */
  const blocks = [];
  let before = '';
  for (const line of text.split('\n')) {
    if (line.startsWith(' '))
      blocks.push(before.startsWith(' ') ? `.br\n${roff(line)}` : `.PP\n.nf\n${roff(line)}`);
    else {
      if (before.startsWith(' ')) blocks.push('.fi');
      blocks.push(endsParagraph(before) ? `.PP\n${prose(line)}` : prose(line));
    }
    before = line;
  }
  return [...blocks, ...(before.startsWith(' ') ? ['.fi'] : [])].join('\n').replaceAll('\n.br\n', '\n');
}

/** Lines of about 100 columns continue on the next; longer and shorter ones do not. @param {string} line */
function endsParagraph(line) {
  return (
    line === '' || line.startsWith(' ') || (/[.:]$/.test(line) && (line.length < 85 || line.length > 105))
  );
}
