import type { Table, TableSettings } from './table.ts';
export function openPostgresTable(_address: string, _settings: TableSettings): Table {
  throw new Error('not yet');
}
