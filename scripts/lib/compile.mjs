import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { root } from './run.mjs';

/** What becomes of each kind of source. Everything else is copied. */
const outputs = { '.ts': '.js', '.tsx': '.js', '.cts': '.cjs' };

/**
 * Compiles `src/` into a folder, file by file, without tests; types are checked by `npm run check`. Settings are those of
 * tsconfig.json, and of the tests (jest.config.js).
 *
 * @throws Error with the file, the line and what is wrong there
 */
export async function compile(folder) {
  const { transformFile } = await import('@swc/core');
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(join(root, 'src'), join(entry.parentPath, entry.name)));
  const done = await Promise.allSettled(
    sources.map(async (source) => {
      const from = join(root, 'src', source);
      const kind = extname(source);
      const to = join(folder, source.slice(0, -kind.length) + (outputs[kind] ?? kind));
      mkdirSync(dirname(to), { recursive: true });
      if (!(kind in outputs)) return copyFileSync(from, to);
      const { code, map } = await transformFile(from, optionsOf(kind, relative(dirname(to), from)));
      writeFileSync(to, `${code}//# sourceMappingURL=${basename(to)}.map\n`);
      writeFileSync(`${to}.map`, map);
    }),
  );
  // Only now that nothing is written any more: the folder may be removed.
  const failed = done.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

/** Decorators carry the types that Nest injects by. */
function optionsOf(kind, sourceFileName) {
  return {
    ...{ swcrc: false, configFile: false, sourceMaps: true, inlineSourcesContent: false, sourceFileName },
    // What CommonJS loads with import() is an ES module, and stays one.
    module: kind === '.cts' ? { type: 'commonjs', ignoreDynamic: true } : { type: 'es6' },
    jsc: {
      target: 'es2023',
      keepClassNames: true,
      parser: { syntax: 'typescript', tsx: kind === '.tsx', decorators: true },
      transform: {
        ...{ legacyDecorator: true, decoratorMetadata: true },
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
  };
}
