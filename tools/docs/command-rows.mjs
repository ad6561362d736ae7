// The table: page and command -> how it is executed. A command that is changed or new has no row until one is written for it.
const cli = 'packages/lens-engine/src/cli'
const lens = 'npm run --silent lens --'
const anew = [['rome', 'forward-shift']]
const weights = 'needs the weights of another model, which are downloaded'
const hours = 'hours of measurement; its result is on the page'

/** Executed as it stands; `as` are the words that are smaller or local in the test. */
const onServer = (command, as = []) => ({ command, where: 'server', as })
const inTerminal = (command, as = []) => ({ command, where: 'terminal', as })
/** Executed by another test, which is named. */
const by = (test, command, why) => ({ command, where: 'elsewhere', test, why })
/** Executed by no test. */
const not = (why, command) => ({ command, where: 'nowhere', why })

const pages = {
  'README.md': [
    by('e2e/fixtures.ts', 'npm start', 'every journey starts the product so'),
    by('tools/test/run-all.test.mjs', 'npm test', 'this is a part of it'),
    inTerminal(
      `${lens} run --model bundled --prompt "The capital of France is" --target " Berlin"`,
    ),
    inTerminal(
      `${lens} run --model bundled --prompt "The capital of France is" --target " Berlin" --json`,
    ),
    inTerminal(`${lens} models inspect bundled`),
    inTerminal(`${lens} models add path/to/gpt2`, [
      ['path/to/gpt2', '$ROOT/models/facts-gpt2 --name copied'],
    ]),
    by(
      `${cli}/add-from-hub.session.test.ts`,
      `${lens} models add hf:openai-community/gpt2`,
      'needs a hub; the test brings its own',
    ),
    inTerminal(`${lens} --help`),
    inTerminal(
      `echo '{"prompt": "The capital of {} is", "subject": "France", "target": "Rome"}' > france.json`,
    ),
    inTerminal(`${lens} edit --method rome --request france.json --out france.safetensors`, anew),
    inTerminal(
      `${lens} evaluate --methods forward-shift,rome,memit,no-edit --cases 20 --out results.jsonl`,
      [
        ['rome,memit,', ''],
        ['20', '2'],
      ],
    ),
    inTerminal(
      `${lens} report results.jsonl --protocol backward-lens,counterfact --format markdown`,
    ),
    inTerminal(`${lens} report results.jsonl --flips rome,memit`, [
      ['rome,memit', 'forward-shift,no-edit'],
    ]),
    by(
      `${cli}/sweep-command.session.test.ts`,
      `${lens} sweep --method rome --set layer=0,1,2 --set valueLearningRate=0.5,3 --out sweep.jsonl --save`,
      'key covariances take minutes',
    ),
    by(
      `${cli}/reproduce-command.session.test.ts`,
      `${lens} reproduce backward-lens --dataset facts --cases 8`,
      'minutes',
    ),
    inTerminal(`${lens} figures --dataset facts --cases 20 --figures 3,5,6 --out figures`, [
      ['20', '2'],
    ]),
  ],
  'docs/api.md': [
    onServer('python3 examples/python/compare_methods.py'),
    onServer('npx tsc -p examples/typescript && node .imprint/examples/compare-methods.js'),
    onServer(
      `curl -s $IMPRINT_URL/graphql -H "authorization: Bearer $IMPRINT_KEY" -H 'content-type: application/json' -d '{"query":"{ models { edges { node { id name layers } } } }"}'`,
    ),
    onServer(
      `curl -s $IMPRINT_URL/graphql -H "authorization: Bearer $IMPRINT_KEY" -H 'content-type: application/json' -d '{"query":"{ lensRuns(first: 1, filter: { state: DONE }) { totalCount pageInfo { endCursor hasNextPage } edges { node { id promptText loss } } } }"}'`,
    ),
    onServer('lens login $IMPRINT_URL'),
    onServer('lens whoami'),
    onServer('lens pull run $RUN_ID --out run.json'),
    onServer('lens push run.json'),
    onServer('lens logout'),
    onServer(
      `curl -s "$IMPRINT_URL/api/uploads?name=run.json" -H "authorization: Bearer $IMPRINT_KEY" -H 'x-imprint-upload: 1' -H 'content-type: application/octet-stream' --data-binary @run.json`,
    ),
  ],
  'docs/benchmarks.md': [
    not(hours, 'npm run build && npm run bench -- [--quick] [--threads N] [--out FILE] [--check]'),
    not(
      'downloads PyTorch',
      'python3 -m venv .venv && .venv/bin/pip install -r tools/bench/requirements.txt',
    ),
    not(
      'needs PyTorch',
      'npm run build && .venv/bin/python tools/bench/rivals.py [--tokens 10,50,200] [--rounds 7] [--without NAME]',
    ),
    not(
      'needs PyTorch',
      'npm run build && IMPRINT_TORCH_PYTHON=.venv/bin/python npm run bench:edits -- [--parts evaluation,savings,methods]',
    ),
  ],
  'docs/deployment.md': [
    not(
      'no container engine; deploy.check.mjs reads the files',
      'docker compose --file deploy/compose.yaml up --build --detach',
    ),
    not(
      'no container engine; deploy.check.mjs reads the files',
      'docker compose --file deploy/compose.yaml --profile gpu up --detach gpu-worker',
    ),
    by('tools/setup/install.mjs', 'npm ci && npm run build', 'npm test begins with both'),
    by(
      'tools/reliability/stage/cluster.mjs',
      'node tools/prisma/prisma.mjs migrate deploy',
      'the server of scripts.check.mjs begins so',
    ),
    by(
      'tools/reliability/stage/programs.mjs',
      'node apps/api/dist/main.js',
      'the server of scripts.check.mjs is this',
    ),
    by(
      'tools/reliability/stage/programs.mjs',
      'node apps/api/dist/worker-main.js',
      'the worker of scripts.check.mjs is this',
    ),
    by(
      'tools/backup/backup.check.mjs',
      'npm run backup -- /var/backups/imprint-today',
      'with a new directory of its own',
    ),
    by(
      'tools/backup/backup.check.mjs',
      'npm run restore -- /var/backups/imprint-today',
      'into a new database',
    ),
  ],
  'docs/edits/facts-gpt2.md': [
    not(
      hours,
      'lens evaluate --dataset facts --methods forward-shift,sgd,ft,ft-l,rome,r-rome,memit,mend,alphaedit,no-edit,random-layer --threads 1 --out facts-gpt2.jsonl',
    ),
    by(
      `${cli}/evaluate-command.session.test.ts`,
      'lens report facts-gpt2.jsonl --protocol backward-lens,counterfact --format markdown',
      'on a file of its own',
    ),
    by(
      `${cli}/evaluate-command.session.test.ts`,
      'lens report facts-gpt2.jsonl --protocol backward-lens,counterfact --format json',
      'on a file of its own',
    ),
  ],
  'docs/edits/mend-training.md': [
    not(hours, 'lens train-mend --steps 200 --rank 64 --validate-every 20'),
  ],
  'docs/edits/smollm2-135m.md': [
    'lens models add SmolLM2-135M-Instruct.Q4_1.gguf --name smollm2',
    'lens stats --model smollm2 --layers 2-13 --corpus data.noun --format wordnet --tokens 120000',
    'lens evaluate --model smollm2 --dataset counterfact-edit.json --known-only --cases 100 --seed 0 --batch 5 --threads 1 --methods rome,r-rome,memit,no-edit --out memory.jsonl',
    'lens evaluate --model smollm2 --dataset counterfact-edit.json --known-only --cases 200 --seed 0 --batch 10 --threads 1 --methods forward-shift,sgd,random-layer,no-edit --out shift.jsonl',
    'lens evaluate ... --cases 200 --methods forward-shift,ft-l,no-edit --out gradient.jsonl',
    'lens evaluate ... --cases 100 --methods ft,no-edit --out ft.jsonl',
    'node tools/edits/results-table.mjs docs/edits/smollm2-135m.json memory.jsonl shift.jsonl gradient.jsonl ft.jsonl',
  ].map((command) => not(weights, command)),
  'docs/edits/strength.md': [not(hours, 'npm run build && node tools/edits/strength.mjs')],
  'docs/graphql.md': [
    onServer(
      'curl -s "$IMPRINT_URL/api/runs/$RUN_ID/vectors.safetensors" -H "authorization: Bearer $IMPRINT_KEY" --fail -o vectors.safetensors',
    ),
  ],
  'docs/memory.md': [
    not('writes 13.5 GB', 'npm run measure:memory -- --case llama2-7b'),
    not('writes 6.2 GB', 'npm run measure:memory -- --case gpt2-xl'),
    not('minutes, and gigabytes of memory', 'npm run measure:memory -- --case small'),
  ],
  'docs/neurons.md': [
    inTerminal(`${lens} neuron 5 312`),
    inTerminal(`${lens} neuron 5 312 --json`),
    inTerminal(
      `${lens} edit --method scale-neuron --hyperparameter layer=5 --hyperparameter neuron=312 --hyperparameter factor=0 --request request.json`,
      [['request.json', 'france.json']],
    ),
  ],
  'docs/paper-figures.md': [
    inTerminal('npm run lens -- figures --figures 3,5,6 --out figures', [
      ['--out figures', '--cases 2 --out paper-figures'],
    ]),
    not(
      weights,
      'npm run lens -- figures --model smollm2 --dataset counterfact-edit.json --cases 100 --seed 0 --out smollm2',
    ),
  ],
  'docs/real-model.md': [
    not('downloads a model', 'node tools/real-model/fetch-smollm2.mjs'),
    by('tools/test/steps.mjs', 'npm run build', 'the first step of npm test'),
    not(
      weights,
      'npm run lens -- models add ~/.cache/imprint/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf --name smollm2',
    ),
    not(
      weights,
      'npm run lens -- run --model smollm2 --prompt "The capital of France is" --target " Paris"',
    ),
  ],
  'docs/reliability.md': [
    by('tools/test/steps.mjs', 'npm test -- --only reliability', 'a step of npm test'),
    not(hours, 'npm run test:reliability'),
    not(hours, 'npm run measure:load'),
  ],
  'docs/reproduce.md': [
    not(
      weights,
      'lens reproduce backward-lens --model ./gpt2-xl --dataset counterfact.json --cases 1000',
    ),
    not(
      weights,
      'lens reproduce rome --model ./gpt2-xl --dataset counterfact.json --out rome.jsonl',
    ),
    by(
      `${cli}/reproduce-command.session.test.ts`,
      'lens reproduce backward-lens --dataset facts --cases 8',
      'minutes',
    ),
  ],
  'docs/tutorial.md': [
    by('e2e/fixtures.ts', 'npm start', 'every journey starts the product so'),
    onServer('python3 examples/python/compare_methods.py'),
  ],
  'docs/workers.md': [
    by(
      'tools/reliability/stage/programs.mjs',
      `DATABASE_URL='postgresql://USER:PASSWORD@HOST:5432/imprint' IMPRINT_HOME=~/.imprint npm run worker`,
      'several workers of one database',
    ),
  ],
  'apps/api/README.md': [
    by('tools/test/steps.mjs', 'npm run build -w apps/api', 'a part of the step build'),
    by('tools/test/steps.mjs', 'npm test -w apps/api', 'the step api'),
    by('tools/test/check-drift.mjs', 'npm run schema -w apps/api', 'prints it and compares'),
    by('tools/reliability/stage/cluster.mjs', 'npm run seed -w apps/api', 'its database is seeded'),
    by('tools/reliability/stage/programs.mjs', 'npm run worker -w apps/api', 'its workers'),
    not('a measurement of minutes', 'node tools/load/api-latency.mjs'),
  ],
  'packages/lens-engine/README.md': [
    inTerminal(`${lens} run --prompt "The capital of France is" --target " Paris"`),
    by(
      `${cli}/lens-command.session.test.ts`,
      `${lens} run --model ./gpt2 --prompt-ids 15948,6348,510,287 --target-id 6342 --json`,
      'with a model of its own',
    ),
    by(
      `${cli}/lens-command.session.test.ts`,
      `${lens} models add ./gpt2`,
      'with a model of its own',
    ),
    by(
      `${cli}/lens-command.session.test.ts`,
      `${lens} models random --shape gpt2-small --out ./random`,
      'with a smaller shape',
    ),
    not(weights, `${lens} verify gpt2 --model ./gpt2`),
  ],
}

export const rows = Object.entries(pages).flatMap(([page, list]) =>
  list.map((row) => ({ page, ...row })),
)
