// The walls of ARCHITECTURE.md as errors: which room may import which. Checked by `npm run walls`.
const engine = '^packages/lens-engine/src/'
const rooms = {
  tensor: [],
  graph: ['tensor'],
  ops: ['graph', 'tensor'],
  autodiff: ['ops', 'graph', 'tensor'],
  onnx: ['graph', 'tensor'],
  weights: ['tensor'],
  tokenizers: [],
  architectures: ['ops', 'graph', 'weights', 'tensor'],
  runtime: ['onnx', 'autodiff', 'architectures', 'ops', 'graph', 'weights', 'tokenizers', 'tensor'],
  lens: [
    'runtime',
    'onnx',
    'autodiff',
    'architectures',
    'ops',
    'graph',
    'weights',
    'tokenizers',
    'tensor',
  ],
  generation: ['runtime', 'architectures', 'ops', 'graph', 'weights', 'tokenizers', 'tensor'],
  edits: [
    'generation',
    'runtime',
    'autodiff',
    'architectures',
    'ops',
    'graph',
    'weights',
    'tokenizers',
    'tensor',
  ],
  models: ['runtime', 'architectures', 'weights', 'tokenizers', 'tensor'],
  hub: ['models', 'runtime', 'architectures', 'weights', 'tokenizers', 'tensor'],
  host: ['lens', 'models', 'runtime', 'tokenizers', 'tensor'],
  cli: [
    'hub',
    'host',
    'lens',
    'models',
    'runtime',
    'architectures',
    'weights',
    'tokenizers',
    'tensor',
    'testing',
  ],
  bench: [
    'host',
    'lens',
    'models',
    'runtime',
    'architectures',
    'weights',
    'tokenizers',
    'tensor',
    'testing',
  ],
}

const roomRule = ([room, allowed]) => ({
  name: `engine-${room}`,
  severity: 'error',
  comment: `The room ${room} may import: errors${allowed.map((name) => `, ${name}`).join('')}.`,
  from: { path: `${engine}${room}/`, pathNot: '\\.test\\.ts$' },
  to: { path: `${engine}[a-z-]+/`, pathNot: `${engine}(${[room, ...allowed].join('|')})/` },
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(rooms).map(roomRule),
    {
      name: 'one-importer-of-onnxruntime',
      severity: 'error',
      from: { path: '.', pathNot: `${engine}runtime/ort\\.ts$` },
      to: { path: 'node_modules/onnxruntime-node' },
    },
    {
      name: 'only-tests-import-testing',
      severity: 'error',
      from: { path: engine, pathNot: `(\\.test\\.ts$|${engine}(testing|cli|bench)/)` },
      to: { path: `${engine}testing/` },
    },
    {
      name: 'web-knows-only-the-schema',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '(^packages/|^apps/api/|^prisma/|node_modules/(@prisma|onnxruntime))' },
    },
    {
      name: 'e2e-imports-nothing-from-source',
      severity: 'error',
      from: { path: '^e2e/' },
      to: { path: '^(packages|apps|prisma)/' },
    },
    {
      name: 'only-the-api-imports-prisma',
      severity: 'error',
      from: { path: '^(packages|apps/web|e2e)/' },
      to: { path: 'node_modules/(@prisma|prisma)/' },
    },
    {
      name: 'one-importer-of-the-engine',
      severity: 'error',
      from: { path: '^apps/api/src/', pathNot: '^apps/api/src/engine/' },
      to: { path: '(^packages/lens-engine/|node_modules/@imprint/lens-engine)' },
    },
    {
      name: 'repositories-own-the-database',
      severity: 'error',
      from: {
        path: '^apps/api/src/',
        pathNot:
          '(^apps/api/src/database/|\\.repository\\.ts$|\\.test\\.ts$|^apps/api/src/jobs/|^apps/api/src/testing/)',
      },
      to: { path: '^apps/api/src/database/', pathNot: 'database/(index|database)\\.ts$' },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: 'generated/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(node_modules/.*/node_modules|/dist/|\\.next/|generated/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'packages/lens-engine/tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
