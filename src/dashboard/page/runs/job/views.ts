/** The views of a job, each loaded on first use. */

import type { ViewName } from '../look.ts';
import type { MountView } from '../view.ts';

/** Loads a view. */
export const views: Readonly<Partial<Record<ViewName, () => Promise<{ readonly mount: MountView }>>>> = {
  grid: () => import('../grid/mount.ts'),
  graph: () => import('../graph/mount.ts'),
  log: () => import('../log/mount.ts'),
  gantt: () => import('../gantt/mount.ts'),
  durations: () => import('../durations/mount.ts'),
  runs: () => import('../run-list/mount.ts'),
  source: () => import('../source/mount.ts'),
};
