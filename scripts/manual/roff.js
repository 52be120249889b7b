/** Text as troff reads it. */

const ESCAPES = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
]);

/** As it stands there, letter by letter. @param {string} text */
export function roff(text) {
  return text.replace(/[\\'`^~-]/g, (letter) => ESCAPES.get(letter) ?? letter).replace(/^\./gm, '\\&.');
}

const MOST_COLUMNS = 72;
/** Where a long word may be broken. */
const BREAK = /(,)(?=\S)/g;

/** Text that is filled, in lines of a usual length. @param {string} text */
export function prose(text) {
  /** @type {string[]} */
  const lines = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= MOST_COLUMNS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return roff([...lines, line].join('\n')).replaceAll(BREAK, '$1\\:');
}

/** @param {string} text */
export const bold = (text) => `\\fB${roff(text)}\\fR`;

/** Words in capitals stand for something, and are set in italics; what is between them is set by `other`. @param {string} text */
export function withNames(text, other = roff) {
  return text
    .split(/([A-Z]{2,}|\b[A-Z]\b)/)
    .map((part, at) => (at % 2 === 1 ? `\\fI${part}\\fR` : other(part)))
    .join('');
}

/** A term with its explanation. @param {string} term already as troff reads it @param {string} text */
export const item = (term, text) => `.TP\n${term}\n${prose(text)}`;

/** A command line, as it stands. @param {string} command */
export const example = (command) => `.EX\n${roff(command)}\n.EE`;

/**
 * Paragraphs of lines: one ends with a short line that ends a sentence. A line that begins with a blank stays as it is.
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

/** Lines of about 100 columns go on; longer and shorter ones are whole. @param {string} line */
function endsParagraph(line) {
  return (
    line === '' || line.startsWith(' ') || (/[.:]$/.test(line) && (line.length < 85 || line.length > 105))
  );
}
