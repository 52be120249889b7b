/** What a person looks at, as the part of the address after its #, so that it can be kept and sent. */

import { isLegendPart, type LegendPart } from './legend.ts';
import { isRangeName, type RangeName, type Span } from './time-range.ts';

/** What a person looks at. */
export interface View {
  /** The only sensor that is shown; undefined for all. */
  readonly sensor: string | undefined;
  readonly window: string | undefined;
  readonly range: RangeName | undefined;
  /** Where it was zoomed to; it does not move with time. */
  readonly zoom: Span | undefined;
  readonly layout: 'apart' | 'together';
  readonly show: 'chart' | 'table';
  /** Sensors that are left out of a chart of several, each once. */
  readonly hidden: readonly string[];
  /** Parts of charts that are left out. */
  readonly without: readonly LegendPart[];
}

const LATEST = 8.64e15;

/** Reads any text: what it does not say, or says wrongly, is as on a first visit. */
export function parseView(hash: string): View {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const range = said.get('range') ?? '';
  return {
    sensor: said.get('sensor') ?? undefined,
    window: said.get('window') ?? undefined,
    range: isRangeName(range) ? range : undefined,
    zoom: parseZoom(said.get('from'), said.get('to')),
    layout: said.get('layout') === 'together' ? 'together' : 'apart',
    show: said.get('show') === 'table' ? 'table' : 'chart',
    hidden: [...new Set(said.getAll('hide'))],
    without: [...new Set(said.getAll('without'))].filter(isLegendPart),
  };
}

function parseZoom(from: string | null, to: string | null): Span | undefined {
  const span = { from: Date.parse(from ?? ''), to: Date.parse(to ?? '') };
  return span.from < span.to && span.to <= LATEST ? span : undefined;
}

/** The text that `parseView` reads, without a #. */
export function formatView(view: View): string {
  const { sensor, window, range, zoom, layout, show, hidden, without } = view;
  const said = new URLSearchParams();
  if (sensor !== undefined) said.set('sensor', sensor);
  if (window !== undefined) said.set('window', window);
  if (range !== undefined) said.set('range', range);
  if (zoom !== undefined) {
    said.set('from', new Date(zoom.from).toISOString());
    said.set('to', new Date(zoom.to).toISOString());
  }
  if (layout !== 'apart') said.set('layout', layout);
  if (show !== 'chart') said.set('show', show);
  for (const name of hidden) said.append('hide', name);
  for (const part of without) said.append('without', part);
  return said.toString();
}
