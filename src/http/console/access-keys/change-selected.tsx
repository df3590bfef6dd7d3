import type { AccessKeyDto } from '../../administration/access-keys/access-key.dto.js';
import { ApiProblem } from '../api/api-problem.js';
import type { ApiCalls } from '../api/console-api.js';
import { withQuery } from '../components/pager.js';
import type { Outcome } from '../console-pages.js';
import type { FormFields } from '../form-fields.js';
import { doneAt } from '../own-path.js';
import type { Page } from '../page.js';
import { signUndo } from '../undo/undo.js';
import { keyResource } from './key-paths.js';
import { ConfirmSelection, NothingSelected, PartlyDone, type Action, type Failure } from './key-selection.js';
import { keySelectionTexts } from './key-selection.texts.js';

/** As many as a page of the list has. */
const mostKeys = 50;

/** What the form of the list asks for: first whether it is meant, then the same with `confirmed`. */
export async function changeSelected(page: Page, form: FormFields): Promise<Outcome> {
  const { api, t, url } = page;
  const texts = t(keySelectionTexts);
  const ids = [...new Set(form.all('key'))].slice(0, mostKeys);
  const action: Action = form.text('action') === 'delete' ? 'delete' : 'suspend';
  if (ids.length === 0) return { title: texts.nothing, status: 400, body: <NothingSelected /> };
  if (!form.has('confirmed')) {
    const keys = await Promise.all(ids.map((id) => readKey(api, id)));
    return { title: texts[action](ids.length), body: <ConfirmSelection {...{ action, ids, keys }} /> };
  }
  const { changed, failures } = await changeEach(api, action, ids);
  if (failures.length === 0) {
    const list = withQuery(url, { cursor: undefined });
    return { goTo: doneAt(list, ...doneWith(page, action, changed, list)) };
  }
  const done = ids.length - failures.length;
  return {
    title: texts.partly(done, failures.length),
    status: 409,
    body: <PartlyDone done={done} failures={failures} />,
  };
}

/** What is said of it, and the undo of what was not so before. */
function doneWith(
  { session }: Page,
  action: Action,
  changed: readonly string[],
  goTo: string,
): [done: 'keysDeleted' | 'keysSuspended', undo?: string | undefined] {
  if (action === 'delete') return ['keysDeleted'];
  // Others than the root user have no way to unsuspend.
  if (!session.isRootUser || changed.length === 0) return ['keysSuspended'];
  const requests = changed.map((id) => ({ method: 'POST', path: `${keyResource(id)}/unsuspend` }) as const);
  return ['keysSuspended', signUndo({ requests, goTo }, session.csrfToken)];
}

/** One after another: each has taken effect on every node before the next one. */
async function changeEach(
  api: ApiCalls,
  action: Action,
  ids: readonly string[],
): Promise<{ changed: string[]; failures: Failure[] }> {
  const changed: string[] = [];
  const failures: Failure[] = [];
  for (const id of ids) {
    try {
      await (action === 'delete' ? api.delete(keyResource(id)) : api.post(`${keyResource(id)}/suspend`));
      changed.push(id);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.needsLogin) throw error;
      const isSoAlready = error.reason === (action === 'delete' ? 'not_found' : 'already_suspended');
      if (!isSoAlready) failures.push({ id, message: error.message });
    }
  }
  return { changed, failures };
}

/** Undefined: it was deleted meanwhile. */
async function readKey(api: ApiCalls, id: string): Promise<AccessKeyDto | undefined> {
  try {
    return await api.get<AccessKeyDto>(keyResource(id));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}
