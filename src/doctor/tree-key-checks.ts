import type { AccessKey } from '../keys/access-key.js';
import type { TreeKeys } from '../keys/tree/tree-keys.js';
import { accessKeyIdPattern } from '../text/names.js';
import { finding, type Finding } from './finding.js';

const idsShown = 5;

/** Where a panel's tree is used live: which keys are in one place only, and which ended there. */
export class TreeKeyCheck {
  private readonly inTree: string[];
  /** Files whose keys have not been seen here yet. */
  private readonly unseen: Set<string>;
  private readonly gone: Finding[] = [];
  private readonly onlyHere: { ids: string[]; count: number } = { ids: [], count: 0 };

  constructor(private readonly tree: TreeKeys | undefined) {
    this.inTree = (tree?.names() ?? []).filter((name) => accessKeyIdPattern.test(name));
    this.unseen = new Set(this.inTree);
  }

  /** @param keys - all that are here, in parts */
  take(keys: readonly AccessKey[]): void {
    const { tree } = this;
    if (tree === undefined) return;
    for (const key of keys) {
      if (this.unseen.delete(key.id)) continue;
      if (key.sourceTree === tree.root) this.gone.push(ended(key, tree));
      else if (this.onlyHere.count++ < idsShown) this.onlyHere.ids.push(key.id);
    }
  }

  findings(): Finding[] {
    const { tree, inTree, onlyHere } = this;
    if (tree === undefined) return [];
    const unseen = inTree.filter((id) => this.unseen.has(id));
    return [
      ...this.gone,
      ...onlyInTree(unseen, tree),
      // Where the panel has no keys nobody looks for them at its page.
      ...(inTree.length === 0 ? [] : keysOnlyHere(onlyHere)),
    ];
  }
}

function ended({ id, user }: AccessKey, { root }: TreeKeys): Finding {
  return finding('tree_key', 'tree_key_removed', { id, user, root });
}

function onlyInTree(ids: readonly string[], { root }: TreeKeys): Finding[] {
  if (ids.length === 0) return [];
  return [finding('tree_key', 'tree_keys_only_in_panel', { ...shown(ids, ids.length), root })];
}

function keysOnlyHere({ ids, count }: { ids: readonly string[]; count: number }): Finding[] {
  return count === 0 ? [] : [finding('tree_key', 'tree_keys_only_here', shown(ids, count))];
}

function shown(ids: readonly string[], count: number): { ids: string[]; more: number } {
  return { ids: ids.slice(0, idsShown), more: Math.max(0, count - idsShown) };
}
