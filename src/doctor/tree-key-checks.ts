import type { AccessKey } from '../keys/access-key.js';
import type { TreeKeys } from '../keys/tree/tree-keys.js';
import { accessKeyIdPattern } from '../text/names.js';
import type { Finding } from './finding.js';

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

function ended(key: AccessKey, { root }: TreeKeys): Finding {
  return {
    check: 'tree_key',
    subject: `access key ${key.id} of ${key.user}`,
    problem: `it came from ${root}, and its file is no longer there: it is refused`,
    advice: `v-delete-access-key ${key.id}`,
  };
}

function onlyInTree(ids: readonly string[], { root }: TreeKeys): Finding[] {
  if (ids.length === 0) return [];
  return [
    {
      check: 'tree_key',
      subject: `access keys that only the panel has: ${shown(ids)}`,
      problem: "they were made at the panel's own page and don't work here",
      advice: `hearthkey import --from ${root} (or remove them at the panel)`,
    },
  ];
}

function onlyHere(ids: readonly string[]): Finding[] {
  if (ids.length === 0) return [];
  return [
    {
      check: 'tree_key',
      subject: `access keys that are only here: ${shown(ids)}`,
      problem: "the panel's own page neither shows nor ends them",
      advice: 'v-list-access-keys (v-delete-access-key ends one)',
    },
  ];
}

function shown(ids: readonly string[]): string {
  return `${ids.slice(0, idsShown).join(', ')}${ids.length > idsShown ? ` and ${String(ids.length - idsShown)} more` : ''}`;
}
