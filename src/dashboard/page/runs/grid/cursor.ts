/** The position of the keyboard in the grid, from 0; row 0 is that of the runs. */

export interface Cursor {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
}

/** The position that a key leads to; `older` and `newer` beyond the edges; undefined for other keys. */
export function moved(at: Cursor, key: string, size: GridSize): Cursor | 'older' | 'newer' | undefined {
  const { row, column } = at;
  switch (key) {
    case 'ArrowLeft':
      return column === 0 ? 'older' : { row, column: column - 1 };
    case 'ArrowRight':
      return column === size.columns - 1 ? 'newer' : { row, column: column + 1 };
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column };
    case 'ArrowDown':
      return { row: Math.min(size.rows - 1, row + 1), column };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: size.columns - 1 };
    case 'PageUp':
      return 'older';
    case 'PageDown':
      return 'newer';
    default:
      return undefined;
  }
}
