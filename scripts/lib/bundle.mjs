import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** They bring binaries, which they look for beside themselves. */
const withBinaries = ['argon2', '@photostructure/sqlite'];
/** Nest and pg look for these, and do without them. */
const notInstalled = [
  ...['@nestjs/microservices', '@nestjs/microservices/*', '@nestjs/websockets', '@nestjs/websockets/*'],
  ...['@nestjs/platform-express', '@fastify/static', '@fastify/view', '@fastify/multipart', 'pg-native'],
];

/** Packages that are CommonJS ask for Node.js' own modules with `require`, and where they are. */
const commonJs = `
import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename, __dirname = import.meta.dirname;
`.trim();

/** CommonJS, and loaded with `import()` where a setting asks for it: esbuild would give it no names there. */
const loadedLate = ['ioredis'];
/**
 * Nest loads these with `import()` when it needs them first: their other build has names there too.
 */
const asModules = {
  'class-transformer': 'class-transformer/esm5/index.js',
  'class-validator': 'class-validator/esm5/index.js',
};

/**
 * Puts the service with its packages together in `bundle/serve.js`, the set-up in `bundle/setup.js` and the scan for
 * leaks in `bundle/leak-scan.js`: some 2,000 files are most of a start. The modules stay beside them, for what looks at one of them.
 *
 * @param folder - a build: what `main.js` and all that it imports are in
 */
export async function bundle(folder) {
  const { build } = await import('esbuild');
  const outdir = join(folder, 'bundle');
  await build({
    entryPoints: {
      serve: join(folder, 'main.js'),
      setup: join(folder, 'setup/main.js'),
      'leak-scan': join(folder, 'leak-scan/main.js'),
    },
    ...{
      outdir,
      bundle: true,
      splitting: true,
      chunkNames: 'part-[hash]',
      sourcemap: true,
      sourcesContent: false,
    },
    ...{ platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
    // Paths in comments, and with them the names of the chunks, are the same wherever it is built.
    absWorkingDir: folder,
    // Names of classes are in the OpenAPI document, and in logs.
    keepNames: true,
    alias: asModules,
    external: [...withBinaries, ...loadedLate, ...notInstalled],
    banner: { js: commonJs },
    plugins: [ownPlaces(folder, outdir)],
  });
  await nameClassesOnly(outdir);
}

/** With `keepNames` esbuild calls this for each class, and for each function whenever it is made. */
const namesAll = 'var __name = (target, value) => __defProp(target, "name", { value, configurable: true });';
const namesClasses = namesAll.replace('=> ', '=> target.prototype === void 0 ? target : ');

/**
 * Nobody asks for the names of arrow functions. They are made for each request, and to define a property of each took
 * a twentieth of a decision.
 */
async function nameClassesOnly(outdir) {
  const files = (await readdir(outdir)).filter((name) => name.endsWith('.js'));
  for (const file of files.map((name) => join(outdir, name))) {
    const text = await readFile(file, 'utf8');
    // Of one line, so the source map still fits.
    if (text.includes(namesAll))
      await writeFile(
        file,
        text.replace(namesAll, () => namesClasses),
      );
    else if (/^var __name =/m.test(text)) throw new Error('esbuild names functions in another way');
  }
}

/** A module of ours that looks for a file beside itself finds it from the bundle too. */
function ownPlaces(folder, outdir) {
  return {
    name: 'own-places',
    setup({ onLoad }) {
      onLoad({ filter: /\.js$/ }, async ({ path }) => {
        if (!path.startsWith(folder)) return undefined;
        const text = await readFile(path, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const place = `new URL(${JSON.stringify(relative(outdir, path))}, import.meta.url).href`;
        return { contents: text.replaceAll('import.meta.url', place), loader: 'js' };
      });
    },
  };
}
