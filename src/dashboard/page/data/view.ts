/** The view as a URL fragment, so that it can be bookmarked and shared. */

import { isLegendPart, type LegendPart } from './legend.ts';
import { isRangeName, type RangeName, type Span } from './time-range.ts';

/** What the user is looking at. */
export interface View {
  /** The chosen sensor; undefined for all. */
  readonly sensor: string | undefined;
  readonly window: string | undefined;
  readonly range: RangeName | undefined;
  /** The zoomed span; it does not follow the clock. */
  readonly zoom: Span | undefined;
  readonly layout: 'apart' | 'together';
  readonly show: 'chart' | 'table';
  /** Hidden sensors in a chart of several, without repeats. */
  readonly hidden: readonly string[];
  /** Hidden parts of charts. */
  readonly without: readonly LegendPart[];
}

const LATEST = 8.64e15;

/** Parses any text: whatever is missing or invalid has its default. */
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

/** The inverse of `parseView`, without the #. */
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
