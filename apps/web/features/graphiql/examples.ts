// Ten operations that run against this installation as it was started.
export interface Example {
  readonly title: string
  readonly query: string
  readonly variables?: string
}

export const EXAMPLES: readonly Example[] = [
  {
    title: 'Models',
    query: `# Which models can be read, and what they are made of.
query Models {
  models(first: 5) {
    totalCount
    edges {
      node { id name family layers width vocabularySize dtype matrices available }
    }
  }
}`,
  },
  {
    title: 'Newest runs',
    query: `# The newest finished runs, a page at a time: pass endCursor as \`after\`.
query NewestRuns($after: String) {
  lensRuns(first: 5, after: $after, filter: { state: DONE }) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { id promptText targetText loss answer { token { text probability } } } }
  }
}`,
  },
  {
    title: 'Tokenize',
    query: `# How a model cuts a text. Take an id from the Models example.
query Tokenize($modelId: ID!) {
  tokenize(modelId: $modelId, text: "The capital of France is") {
    count
    tooLong
    tokens { id text start end }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'Facts to try',
    query: `# Facts that the bundled model knows.
query Facts {
  facts(search: "France", first: 5) { prompt object relation }
}`,
  },
  {
    title: 'Start a run',
    query: `# Read a gradient: what would teaching this target write?
mutation StartRun($modelId: ID!) {
  createLensRun(input: {
    modelId: $modelId
    promptText: "The capital of France is"
    targetText: "Berlin"
  }) {
    run { id state queuePosition }
    errors { code message cure field }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'Follow a run',
    query: `# Progress as it happens; ends with DONE, FAILED or CANCELLED.
subscription Progress($runId: ID!) {
  lensRunProgress(runId: $runId) { state stage queuePosition elapsedSeconds estimateSeconds error { message cure } }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'One cell',
    query: `# Both ends of one cell. A gradient is subtracted, so \`bottom\` is what the update writes.
query Cell($runId: ID!) {
  lensRun(id: $runId) {
    promptText
    rankedTarget { text }
    cell(layer: 3, position: 3, matrix: MLP_DOWN) {
      norm masked targetRank answerRank
      bottom { text logit probability }
      top { text logit probability }
    }
  }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Cells of a layer',
    query: `# Cells by filter, a page at a time.
query Cells($runId: ID!, $after: String) {
  lensRun(id: $runId) {
    cells(first: 10, after: $after, matrix: MLP_DOWN, layer: 3) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges { node { position factor norm targetRank bottom { text } } }
    }
  }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Imprint and gradient rank',
    query: `# Which neurons a position is written into, how the MLP's output shifts, and how trustworthy the gradient is.
query Imprint($runId: ID!) {
  lensRun(id: $runId) {
    imprint(layer: 3, position: 3) {
      matrix shiftOwnNorm shiftFullNorm shiftTargetLogit
      own { neuron change }
    }
    gradientRank { layer matrix rank tolerance }
    gradientCheck { matrix analytic measured relativeError }
    receipt
  }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Keep a prompt',
    query: `# Save a prompt with tags, to be run again later.
mutation KeepPrompt {
  savePrompt(input: { text: "The capital of France is", target: "Berlin", tags: ["capital"] }) {
    prompt { id text tags }
    errors { message cure }
  }
}`,
  },
]
