/** Mouse, touch and keyboard on the grid. */

import { type Cursor, moved } from './cursor.ts';
import type { GridTable } from './grid-table.ts';

interface Moves {
  open(at: Cursor): void;
  older(): void;
  newer(): void;
}

/** A roving tabindex: Tab reaches one cell at a time; call `keep` after each rendering. */
export function attachCursor(table: GridTable, { open, older, newer }: Moves): { keep(): void } {
  let at: Cursor = { row: 0, column: Number.MAX_SAFE_INTEGER };
  let touched: string | undefined;
  let hadFocus = false;
  const size = () => ({ rows: table.cells().length, columns: table.cells()[0]?.length ?? 0 });
  const cell = () => table.cells()[at.row]?.[at.column];
  const go = (to: Cursor) => {
    if (cell() !== undefined) cell()?.setAttribute('tabindex', '-1');
    at = clamped(to, size());
    cell()?.setAttribute('tabindex', '0');
    return cell();
  };
  const { element } = table;
  element.addEventListener('focusin', () => {
    hadFocus = true;
  });
  element.addEventListener('focusout', ({ relatedTarget }) => {
    // When the focused cell is removed, nothing else receives the focus.
    hadFocus = relatedTarget === null && !document.hasFocus();
  });
  element.addEventListener('click', (event) => {
    const place = placeOf(event.target, table);
    if (place === undefined) return;
    // Touch has no hover: the first tap shows the facts, the second opens.
    const isFirst =
      'pointerType' in event && event.pointerType === 'touch' && touched !== JSON.stringify(place);
    touched = JSON.stringify(place);
    go(place)?.focus({ preventScroll: true });
    if (!isFirst) open(place);
  });
  element.addEventListener('keydown', (event) => {
    const place = placeOf(event.target, table);
    if (place === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = event.key === 'Enter' || event.key === ' ' ? 'open' : moved(place, event.key, size());
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === 'open') open(place);
    else if (to === 'older') older();
    else if (to === 'newer') newer();
    else go(to)?.focus();
  });
  return {
    keep() {
      const now = go(at);
      if (hadFocus && document.activeElement === document.body) now?.focus({ preventScroll: true });
    },
  };
}

function placeOf(target: EventTarget | null, table: GridTable): Cursor | undefined {
  const cell = target instanceof Element ? target.closest('td') : null;
  if (cell === null) return undefined;
  const row = table.cells().findIndex((cells) => cells.includes(cell));
  return row < 0 ? undefined : { row, column: table.cells()[row]?.indexOf(cell) ?? 0 };
}

function clamped({ row, column }: Cursor, { rows, columns }: { rows: number; columns: number }): Cursor {
  return {
    row: Math.max(0, Math.min(row, rows - 1)),
    column: Math.max(0, Math.min(column, columns - 1)),
  };
}
