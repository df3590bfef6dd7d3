/**
 * Imports point down only. The layers from the top; each may use itself and those below it.
 * A new folder of src/ gets its place here.
 */
const layers = [
  // Programs of their own; the set-up starts the service for its checks.
  { name: 'programs', path: '^src/(setup|leak-scan)/' },
  { name: 'start', path: '^src/(main|service|service-parts|app\\.module|first-screen)\\.ts$' },
  { name: 'adapters', path: '^src/(http/|cli/[^/]*\\.ts$)' },
  { name: 'commands', path: '^src/commands/' },
  { name: 'authorization', path: '^src/authorization/' },
  { name: 'upkeep', path: '^src/(import|doctor|backup)/' },
  { name: 'domains', path: '^src/(approvals|catalogue|users|keys|sessions|apis|allowlist|settings|audit)/' },
  { name: 'storage', path: '^src/(storage|secrets|metrics)/' },
  { name: 'base', path: '^src/((network|concurrency|config|text)/|errors\\.ts$)' },
];
/** The thin client stands beside the layers: it starts fast because it loads none of them. */
const client = '^src/cli/[^/]*\\.cts$';
/** What the service and the thin client have to agree on. */
const places = '^src/config/places\\.cts$';

const pointsUp = layers.slice(1).map(({ name, path }, index) => ({
  name: `${name}-import-upwards`,
  comment:
    'Imports point down: start → adapters → commands → authorization → upkeep → domains → storage → base.',
  severity: 'error',
  from: { path },
  to: { path: layers.slice(0, index + 1).map((layer) => layer.path) },
}));

/** A package, as it is named in an import and as it lies in node_modules. */
const packages = (names) => `(^|node_modules/)(${names})(/|$)`;

/** Only files that match `files` may import the packages. */
const only = (name, names, files) => ({
  name,
  comment: `Only ${files.join(' and ')} may import ${names}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: files },
  to: { path: packages(names) },
});

const start = layers[1].path;
const adapters = layers[2].path;

module.exports = {
  forbidden: [
    ...pointsUp,
    {
      name: 'no-circular',
      comment: 'A cycle has no order to load in, and none to read in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-place-in-the-layers',
      comment: 'Every file of src/ belongs to a layer of .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: [client, ...layers.map(({ path }) => path)] },
      to: {},
    },
    {
      name: 'no-nameless-places',
      comment: 'No folders common, shared or utils, and no index files: name a file after what it does.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: ['/(common|shared|utils)/', '/index\\.c?ts$'], pathNot: 'node_modules' },
    },
    {
      name: 'client-imports-only-node',
      comment:
        'The thin client imports node: modules and its own files; `serve` becomes src/main.ts, `setup` and `leak-scan` the main.ts of their folders.',
      severity: 'error',
      from: { path: client },
      to: { pathNot: [client, places, '^src/main\\.ts$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'domains-keep-their-stores',
      comment: "A domain's store is its own; others ask the domain.",
      severity: 'error',
      from: {
        path: '^src/(import|doctor|backup|approvals|users|keys|sessions|apis|allowlist|settings|audit)/',
        pathNot: '\\.module\\.ts$',
      },
      to: { path: '-store\\.ts$', pathNot: ['^src/$1/', '^src/(storage|config|secrets)/'] },
    },
    only('nest-at-the-ends', '@nestjs', ['\\.module\\.ts$', adapters, start]),
    only('fastify-in-the-adapters', 'fastify|@fastify', [adapters, start]),
    only('kysely-in-the-stores', 'kysely', ['-store\\.ts$', '^src/storage/']),
    only('databases-in-the-storage', '@photostructure|pg', ['^src/storage/']),
    only('prom-client-in-the-metrics', 'prom-client', ['^src/metrics/']),
    // Loading it costs each start; openapi/describe.ts has its decorators.
    only('swagger-for-the-document', '@nestjs/swagger', ['^src/http/openapi/']),
    only('redis-in-the-storage', 'ioredis', ['^src/storage/redis/']),
    {
      name: 'packages-stand-alone',
      comment: 'What is published has nothing of the service in it.',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(src|test|bench|scripts)/' },
    },
    {
      name: 'gateway-imports-only-node',
      comment: '@hearthkey/gateway has no dependencies; NestJS is there for its guard alone.',
      severity: 'error',
      from: { path: '^packages/gateway/', pathNot: '/nest(-guard)?\\.ts$' },
      to: { pathNot: '^packages/gateway/src/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'rest-client-imports-nothing',
      comment: '@hearthkey/client has no dependencies, and browsers have no node: modules.',
      severity: 'error',
      from: { path: '^packages/client/' },
      to: { pathNot: '^packages/client/src/' },
    },
    {
      name: 'only-declared-packages',
      comment: 'The service runs on the packages of "dependencies" alone.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['\\.test\\.ts$', '^packages/[^/]+/dist/'] },
    // Types count: a cycle of types is still a cycle to the reader.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
