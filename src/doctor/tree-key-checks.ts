import type { AccessKey } from '../keys/access-key.js';
import type { TreeKeys } from '../keys/tree/tree-keys.js';
import { accessKeyIdPattern } from '../text/names.js';
import { finding, type Finding } from './finding.js';

const idsShown = 5;

/** Where a panel's tree is used live: which keys are in one place only, and which ended there. */
export function treeKeys(keys: readonly AccessKey[], tree: TreeKeys | undefined): Finding[] {
  if (tree === undefined) return [];
  const inTree = (tree.names() ?? []).filter((name) => accessKeyIdPattern.test(name));
  const here = new Set(keys.map(({ id }) => id));
  const files = new Set(inTree);
  return [
    ...keys
      .filter((key) => key.sourceTree === tree.root && !files.has(key.id))
      .map((key) => ended(key, tree)),
    ...onlyInTree(
      inTree.filter((id) => !here.has(id)),
      tree,
    ),
    // Where the panel has no keys nobody looks for them at its page.
    ...(inTree.length === 0
      ? []
      : onlyHere(
          keys.filter((key) => !files.has(key.id) && key.sourceTree !== tree.root).map(({ id }) => id),
        )),
  ];
}

function ended({ id, user }: AccessKey, { root }: TreeKeys): Finding {
  return finding('tree_key', 'tree_key_removed', { id, user, root });
}

function onlyInTree(ids: readonly string[], { root }: TreeKeys): Finding[] {
  if (ids.length === 0) return [];
  return [finding('tree_key', 'tree_keys_only_in_panel', { ...shown(ids), root })];
}

function onlyHere(ids: readonly string[]): Finding[] {
  return ids.length === 0 ? [] : [finding('tree_key', 'tree_keys_only_here', shown(ids))];
}

function shown(ids: readonly string[]): { ids: string[]; more: number } {
  return { ids: ids.slice(0, idsShown), more: Math.max(0, ids.length - idsShown) };
}
