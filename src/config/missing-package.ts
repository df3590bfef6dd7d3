/** Of a file within a package: its name, `@scope/name` too. */
const inPackage = /node_modules\/((?:@[^/\s]+\/)?[^/\s]+)(?!.*node_modules\/)/s;

/**
 * What to do where a package can't be loaded: it, or the binary that it brings for this machine, is not there, or is
 * for another machine.
 *
 * @returns undefined for any other error
 */
export function missingPackage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { message } = error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const name = /^Cannot find (?:package|module) '((?:@[^/']+\/)?[^/'.]+)/.exec(message)?.[1];
  if (/^(?:ERR_)?MODULE_NOT_FOUND$/.test(code)) return name && sentence(name, 'is not installed');
  const isBinary = code === 'ERR_DLOPEN_FAILED' || message.startsWith('No native build was found');
  const owner = inPackage.exec(message)?.[1];
  if (!isBinary || owner === undefined) return undefined;
  const machine = `${process.platform} ${process.arch}`;
  return code === 'ERR_DLOPEN_FAILED'
    ? sentence(owner, `has a binary that can't be loaded on this machine (${machine})`)
    : sentence(owner, `has no binary for this machine (${machine})`);
}

function sentence(name: string, problem: string): string {
  return `the package ${name} ${problem}: install it anew (npm ci in the installation folder)`;
}
