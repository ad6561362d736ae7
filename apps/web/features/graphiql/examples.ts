// Operations that run against this installation; ids that are empty are filled in with what is there.
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
  {
    title: 'Start an edit',
    query: `# Teach one fact by a file of factors; weights are never written.
mutation StartEdit($modelId: ID!) {
  createEdit(input: {
    modelId: $modelId
    method: "forward-shift"
    requests: [{ prompt: "The capital of {} is", subject: "Spain", target: "Rome" }]
    probes: { truth: "Madrid", neighbors: [{ prompt: "The capital of Italy is", target: "Rome" }] }
  }) {
    edit { id task { id state queuePosition } }
    errors { code message cure field }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'What an edit wrote',
    query: `# An edit in words, and what it changed.
query Edit($editId: ID!) {
  edit(id: $editId) {
    name method outcome applied
    requests { prompt subject target }
    summary { level targetBefore targetAfter neighborhoodAccuracy }
    readings { layer matrix side factors { strength top { text } } }
    review { state version }
  }
}`,
    variables: '{ "editId": "" }',
  },
  {
    title: 'Neurons of a layer',
    query: `# What they react to and what they write, in one word each. Activations need a survey of the layer.
query Neurons($modelId: ID!, $after: String) {
  neurons(modelId: $modelId, layer: 5, first: 10, after: $after, order: EDIT_NORM, direction: DESCENDING) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { index keyWord valueWord maxActivation editNorm annotationCount label } }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'One neuron',
    query: `# What lights it, what it writes, and what is known about it.
query Neuron($modelId: ID!) {
  neuron(modelId: $modelId, layer: 5, index: 312) {
    key { text score }
    value { text score }
    nearest { layer index cosine by label }
    moments { prompt token activation coefficient }
    edits { matrix norm share edit { id name } }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'Annotate a neuron',
    query: `# Propose what a neuron is about; a review accepts it.
mutation Annotate($modelId: ID!) {
  annotateNeuron(input: {
    anchor: { kind: NEURON, modelId: $modelId, layer: 5, index: 312 }
    label: "capitals"
    tags: ["capital"]
    confidence: 0.6
  }) {
    annotation { id state version anchor { title path } }
    errors { code message cure field }
  }
}`,
    variables: '{ "modelId": "" }',
  },
  {
    title: 'Annotations',
    query: `# Newest first; filter by model, layer, tag, state or author.
query Annotations($after: String) {
  annotations(first: 10, after: $after, order: NEWEST) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges { node { label state confidence tags anchor { title path } author { name } review { state } } }
  }
  annotationTags { tag count }
}`,
  },
  {
    title: 'Comment on a cell',
    query: `# Stays on the cell through every run of the same configuration.
mutation CommentOnCell($runId: ID!) {
  comment(input: {
    anchor: { kind: CELL, runId: $runId, layer: 3, position: 3, matrix: MLP_DOWN, factor: VJP }
    body: "Why is **this** written here?"
  }) {
    comment { id body anchor { title path } }
    errors { code message cure field }
  }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Comments of a run',
    query: `# Threads on a run and on its cells.
query Comments($runId: ID!) {
  comments(anchor: { kind: RUN, id: $runId }, withParts: true) {
    body resolvedAt author { name } anchor { title }
    reactions { emoji count }
    replies { body author { name } }
  }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Follow comments',
    query: `# How many there are, then every change as it happens.
subscription Talk($runId: ID!) {
  commentsChanged(anchor: { kind: RUN, id: $runId }, withParts: true) { kind count comment { body author { name } } }
}`,
    variables: '{ "runId": "" }',
  },
  {
    title: 'Ask for a review',
    query: `# Of an edit; people with the right to review find it in their inbox.
mutation AskForReview($editId: ID!) {
  requestReview(input: { subjectKind: EDIT, subjectId: $editId, body: "Please look at the neighbors.", asDraft: true }) {
    review { id state version mayDecide whyNot }
    errors { code message cure field }
  }
}`,
    variables: '{ "editId": "" }',
  },
  {
    title: 'Reviews',
    query: `# What waits, and how it was decided.
query Reviews {
  reviews(first: 10, order: WAITING) {
    totalCount
    edges { node {
      id title state version round stale
      requestedBy { name }
      history { kind from to body actor { name } }
    } }
  }
}`,
  },
  {
    title: 'Inbox and activity',
    query: `# What waits for me, and what the project did.
query Inbox {
  me { role via unreadInbox }
  inbox(first: 5) { edges { node { kind title path createdAt } } }
  activity(first: 10) { edges { node { verb title path actor { name } } } }
}`,
  },
  {
    title: 'Search',
    query: `# Words, "phrases", or, -not.
query Search {
  search(query: "capital", first: 10) {
    totalCount
    edges { node { kind title path snippet { text hit } } }
  }
}`,
  },
  {
    title: 'Start an evaluation',
    query: `# Two methods on the same cases. Cut a slice on the page Datasets, or with createSlice.
mutation StartEvaluation($sliceId: ID!, $modelId: ID!) {
  startEvaluation(input: {
    sliceId: $sliceId
    protocol: "backward-lens"
    arms: [{ modelId: $modelId, method: "forward-shift" }, { modelId: $modelId, method: "no-edit" }]
  }) {
    evaluation { id state }
    errors { code message cure field }
  }
}`,
    variables: '{ "sliceId": "", "modelId": "" }',
  },
  {
    title: 'Wait for an evaluation',
    query: `# A long poll: answers when it has ended, or changed since afterVersion, or after \`seconds\`.
query AwaitEvaluation($evaluationId: ID!, $afterVersion: Int) {
  awaitEvaluation(id: $evaluationId, afterVersion: $afterVersion, seconds: 5) {
    name state
    progress { version done total failed secondsLeft }
    arms { id name method done failed }
  }
}`,
    variables: '{ "evaluationId": "" }',
  },
  {
    title: 'Compare methods',
    query: `# Means with intervals, and paired differences with corrected p-values.
query Compare($evaluationId: ID!) {
  comparison(input: { evaluationIds: [$evaluationId] }) {
    cases
    refusal { message cure }
    arms { id label }
    estimates { armId metric mean low high n }
    differences { metric firstArmId secondArmId difference low high adjustedP }
  }
}`,
    variables: '{ "evaluationId": "" }',
  },
]
