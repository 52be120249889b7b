/** Shows one view of a job at a time. Views are loaded on first use, and kept. */

import { make } from '../../shell/dom.ts';
import type { ViewName } from '../look.ts';
import type { RunsContext, RunsState, RunsView } from '../view.ts';
import { views } from './views.ts';

interface Stage {
  show(name: ViewName, state: RunsState): void;
  /** Removes the current view. */
  leave(): void;
}

interface Mounted {
  readonly element: HTMLElement;
  readonly view: RunsView;
}

/** Creates the stage in an element. */
export function createStage(host: HTMLElement, context: RunsContext): Stage {
  const mounted = new Map<ViewName, Mounted>();
  const loading = new Set<ViewName>();
  let hasFailed = false;
  const load = async (name: ViewName) => {
    if (loading.has(name)) return;
    loading.add(name);
    try {
      const module = await views[name]?.();
      if (module === undefined) return;
      const element = make('section', { class: `view ${name}`, id: `view-${name}` });
      host.append(element);
      mounted.set(name, { element, view: module.mount(element, context) });
      if (hasFailed) context.fail(undefined);
      hasFailed = false;
      context.render();
    } catch {
      hasFailed = true;
      // Lets the next rendering try again.
      loading.delete(name);
      context.fail(new Error('the server does not answer'));
    }
  };
  const leaveOthers = (name: ViewName | undefined) => {
    for (const [other, { element, view }] of mounted) {
      if (other === name || element.hidden) continue;
      view.leave();
      element.hidden = true;
    }
  };
  return {
    show(name, state) {
      leaveOthers(name);
      const found = mounted.get(name);
      if (found === undefined) {
        void load(name);
        return;
      }
      found.element.hidden = false;
      found.view.show(state);
    },
    leave: () => leaveOthers(undefined),
  };
}
