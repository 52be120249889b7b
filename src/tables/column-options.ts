/** The options of load-rows that name columns. */

import { parseNames } from '../lines/csv.ts';
import { quote } from '../lines/line.ts';
import { type ColumnType, typeNames } from './input/column-type.ts';

/** Types by column name from `a=text,b=decimal`; empty text gives none. @throws Error with a message for the user */
export function parseTypes(text: string): Map<string, ColumnType> {
  return new Map(
    parseNames(text).map((part) => {
      const equals = part.lastIndexOf('=');
      const type = typeNames.find((name) => name === part.slice(equals + 1));
      if (equals < 1 || type === undefined)
        throw new Error(`not COLUMN=TYPE, where TYPE is ${typeNames.join(', ')}: ${quote(part)}`);
      return [part.slice(0, equals), type];
    }),
  );
}
