/** The options of tools that read CSV of other programs. */

import { Failure, status } from '../failure.ts';
import { type CsvForm, parseComment, parseDelimiter } from '../lines/csv.ts';
import { inGroup } from './option.ts';
import { numberValue } from './value-kinds.ts';

/** Declares how CSV lines are split, and which of them are rows. */
export const csvOptions = inGroup('Input', {
  delimiter: {
    alias: 'd',
    type: 'text',
    value: 'CHAR',
    parse: parseDelimiter,
    default: ',',
    describe: 'character between columns',
  },
  'merge-delimiters': {
    type: 'flag',
    manualOnly: true,
    describe: 'treat a run of delimiters as one, and ignore those at the ends of a line',
  },
  'no-header': { type: 'flag', manualOnly: true, describe: 'the first line of CSV is data, not a header' },
  'skip-lines': {
    ...numberValue(0),
    default: '0',
    manualOnly: true,
    describe: 'skip the first N lines of each input',
  },
  comment: {
    type: 'text',
    value: 'TEXT',
    parse: parseComment,
    manualOnly: true,
    describe: 'skip lines that begin with TEXT, such as #',
  },
});

/** The form of CSV that these options describe. @throws Failure (usage) for options that contradict each other */
export function csvFormBy(options: {
  readonly delimiter: string;
  readonly 'merge-delimiters': boolean;
  readonly 'no-header': boolean;
  readonly comment: string | undefined;
}): CsvForm {
  const { delimiter, comment, 'merge-delimiters': mergesDelimiters, 'no-header': hasNone } = options;
  // A record with an empty first field would be a comment.
  if (comment?.startsWith(delimiter))
    throw new Failure(status.usage, '--comment begins with the delimiter of --delimiter');
  return { delimiter, mergesDelimiters, mayHaveHeader: !hasNone, comment };
}
