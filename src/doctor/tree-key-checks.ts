import type { AccessKey } from '../keys/access-key.js';
import type { TreeKeys } from '../keys/tree/tree-keys.js';
import { accessKeyIdPattern } from '../text/names.js';
import type { Finding } from './finding.js';

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
      subject: `access keys that only the panel has: ${shown(ids, ids.length)}`,
      problem: "they were made at the panel's own page and don't work here",
      advice: `hearthkey import --from ${root} (or remove them at the panel)`,
    },
  ];
}

function keysOnlyHere({ ids, count }: { ids: readonly string[]; count: number }): Finding[] {
  if (count === 0) return [];
  return [
    {
      check: 'tree_key',
      subject: `access keys that are only here: ${shown(ids, count)}`,
      problem: "the panel's own page neither shows nor ends them",
      advice: 'v-list-access-keys (v-delete-access-key ends one)',
    },
  ];
}

function shown(ids: readonly string[], count: number): string {
  return `${ids.slice(0, idsShown).join(', ')}${count > idsShown ? ` and ${String(count - idsShown)} more` : ''}`;
}
