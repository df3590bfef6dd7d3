/** What the first line of a file tells, and of a tree: from where the chain goes on. */
export interface Beginning {
  chain: string;
  /** The chain value of the line before. */
  previous: string;
  /** Only where a tree begins: with which line, and why. */
  tree?: { begin: number; why: string; key: string };
}

const noteMember = ',"type":"note",';
const digits = /^[0-9a-f]{64}$/;

/** Undefined: it begins neither a file nor a tree. Whether the line is genuine is asked for apart. */
export function readBeginning(line: Buffer): Beginning | undefined {
  if (line.length > 4096 || !line.includes(noteMember)) return undefined;
  try {
    const { target } = JSON.parse(line.toString()) as { target?: Record<string, string> };
    const { chain, previous, tree, why = '', key = '' } = target ?? {};
    if (typeof chain !== 'string' || typeof previous !== 'string' || !digits.test(previous)) return undefined;
    const begun = { chain, previous };
    return tree === undefined ? begun : { ...begun, tree: { begin: Number(tree), why, key } };
  } catch {
    return undefined;
  }
}
