// The lists and searches of the product as its pages ask them: name, document, variables of each repeat, and the target.

const page = 'pageInfo { hasNextPage endCursor } totalCount'
const anchor = 'anchor { kind key title path modelId layer index }'
const person = 'author { id handle name }'
const listed = 100
const searched = 200

const annotations = `query($first: Int, $after: String, $filter: AnnotationFilter, $order: AnnotationOrder) {
  annotations(first: $first, after: $after, filter: $filter, order: $order) { ${page}
    edges { cursor node { id ${anchor} state label description tags confidence version ${person} createdAt updatedAt commentCount } } } }`
const search = `query($query: String!, $kinds: [SearchKind!], $after: String) { search(query: $query, kinds: $kinds, first: 20, after: $after) { ${page}
  edges { node { kind id title path score snippet { text hit } } } } }`

const neurons = `query($modelId: ID!, $layer: Int!, $first: Int, $after: String, $search: String, $annotated: Boolean, $order: NeuronOrder) {
  neurons(modelId: $modelId, layer: $layer, first: $first, after: $after, search: $search, annotated: $annotated, order: $order) { ${page}
    edges { cursor node { index keyWord valueWord keyNorm valueNorm maxActivation meanActivation maxCoefficient editNorm annotationCount label } } } }`

const searches = [
  ...[
    'capital cities',
    'countries',
    'fires on',
    'polysemantic',
    '"closing brackets"',
    'vien',
    'captial citis',
  ],
  ...[
    'geography -syntax',
    'It prefers closing brackets in rare contexts',
    'nothing at all like zyzzyva',
  ],
]

const at = (choices, index) => choices[index % choices.length]

const neuronOf = ({ neurons }, index) => {
  const { modelId, layer, index: place } = at(neurons, 37 * index)
  return { kind: 'NEURON', modelId, layer, index: place }
}

const list = (name, variables) => ({
  ...{ name: `annotations: ${name}`, query: annotations, target: listed, variables },
})

/** @param facts { modelId, neurons, annotationIds, collectionIds, authorId } of what was filled in */
export const questions = (facts) => [
  ...annotationLists(facts),
  ...besideAnnotations(facts),
  ...neuronLists(facts),
  ...talk(facts),
  ...waiting(),
  ...searchQuestions(),
]

function neuronLists({ modelId }) {
  const of = (name, variables) => ({
    ...{ name: `neurons of a layer: ${name}`, query: neurons, target: listed },
    variables: (i) => ({ modelId, layer: i % 12, first: 100, ...variables }),
  })
  return [
    ...['INDEX', 'ACTIVATION', 'EDIT_NORM', 'ANNOTATIONS'].map((order) => of(order, { order })),
    of('annotated only', { annotated: true }),
    of('with a word', { search: 'a1b' }),
    {
      ...of('ACTIVATION, a page further on', {}),
      variables: () => ({ modelId, layer: 3, first: 100, order: 'ACTIVATION' }),
      deep: 'neurons',
    },
  ]
}

function annotationLists(facts) {
  return [
    ...['NEWEST', 'UPDATED', 'CONFIDENCE', 'LABEL'].map((order) =>
      list(order, () => ({ first: 50, order })),
    ),
    { ...list('NEWEST, a page further on', () => ({ first: 50 })), deep: 'annotations' },
    {
      ...list('LABEL, a page further on', () => ({ first: 50, order: 'LABEL' })),
      deep: 'annotations',
    },
    ...['ACCEPTED', 'REJECTED', 'WITHDRAWN'].map((state) =>
      list(`state ${state}`, () => ({ first: 50, filter: { state } })),
    ),
    list('tag', (i) => ({ first: 50, filter: { tag: at(['geography', 'check', 'paper'], i) } })),
    list('author', () => ({ first: 50, filter: { authorId: facts.authorId } })),
    list('layer', (i) => ({ first: 50, filter: { modelId: facts.modelId, layer: i % 12 } })),
    list('words', (i) => ({
      first: 50,
      filter: { search: at(['river', 'quotations', 'example 17', 'no such text'], i) },
    })),
    list('words, tag, CONFIDENCE', () => ({
      first: 50,
      order: 'CONFIDENCE',
      filter: { search: 'rivers', tag: 'facts' },
    })),
    list('of one neuron', (i) => ({ first: 50, filter: { anchor: neuronOf(facts, i) } })),
  ]
}

function besideAnnotations(facts) {
  return [
    {
      ...{ name: 'annotation with versions', target: listed },
      query: `query($id: ID!) { annotation(id: $id) { id label ${anchor} evidence { note ${anchor} } ${person} versions { version label ${person} diff { field kind text } } } }`,
      variables: (i) => ({ id: at(facts.annotationIds, 13 * i) }),
    },
    {
      name: 'tags with counts',
      target: listed,
      query: '{ annotationTags { tag count } }',
      variables: () => ({}),
    },
    {
      ...{ name: 'suggested tags', target: listed },
      query:
        'query($anchor: AnchorInput!, $text: String) { suggestTags(anchor: $anchor, text: $text) }',
      variables: (i) => ({ anchor: neuronOf(facts, i), text: 'Fires on capital cities' }),
    },
    {
      ...{ name: 'collections', target: listed },
      query: `{ collections(first: 50) { ${page} edges { node { id name description itemCount version ${person} updatedAt } } } }`,
      variables: () => ({}),
    },
    {
      ...{ name: 'a collection with 50 items and what is said about them', target: listed },
      query: `query($id: ID!) { collection(id: $id) { id name items(first: 50) { ${page} edges { node { id place note ${anchor} annotations { id label state ${person} } mine { id label } } } } } }`,
      variables: (i) => ({ id: at(facts.collectionIds, i) }),
    },
    {
      ...{ name: 'agreement in a collection', target: listed },
      query:
        'query($id: ID!) { annotationAgreement(collectionId: $id) { items alpha pairs { first { name } second { name } items kappa } } }',
      variables: (i) => ({ id: at(facts.collectionIds, i) }),
    },
  ]
}

function talk(facts) {
  return [
    {
      ...{ name: 'comments of a neuron', target: listed },
      query: `query($anchor: AnchorInput!) { comments(anchor: $anchor) { id body ${person} createdAt resolvedAt reactions { emoji count } replies { id body ${person} } } }`,
      variables: (i) => ({ anchor: neuronOf(facts, i) }),
    },
    {
      ...{ name: 'markers of comments', target: listed },
      query:
        'query($anchor: AnchorInput!) { commentMarkers(anchor: $anchor) { threads unresolved anchor { key } } }',
      variables: (i) => ({ anchor: neuronOf(facts, i) }),
    },
    {
      ...{ name: 'activity', target: listed },
      query: `{ activity(first: 50) { ${page} edges { node { id verb title path createdAt actor { name } } } } }`,
      variables: () => ({}),
    },
    {
      ...{ name: 'activity of one person', target: listed },
      query: `query($id: ID) { activity(first: 50, filter: { actorId: $id }) { ${page} edges { node { id verb title path } } } }`,
      variables: () => ({ id: facts.authorId }),
    },
  ]
}

function waiting() {
  return [
    {
      ...{ name: 'inbox', target: listed },
      query: `{ inbox(first: 50) { ${page} edges { node { id kind title path createdAt readAt actor { name } } } } }`,
      variables: () => ({}),
    },
    ...['WAITING', 'NEWEST'].map((order) => ({
      ...{ name: `reviews: ${order}`, target: listed },
      query: `{ reviews(first: 50, order: ${order}) { ${page} edges { node { id title state version requestedBy { name } reviewers { name } ${anchor} updatedAt } } } }`,
      variables: () => ({}),
    })),
    {
      ...{ name: 'reviews that wait for me', target: listed },
      query: `{ reviews(first: 50, filter: { waitingForMe: true }) { ${page} edges { node { id title state mayDecide } } } }`,
      variables: () => ({}),
    },
    {
      name: 'people',
      target: listed,
      query: '{ people { id handle name } }',
      variables: () => ({}),
    },
  ]
}

function searchQuestions() {
  return [
    ...searches.map((query) => ({
      name: `search: ${query}`,
      query: search,
      target: searched,
      variables: () => ({ query }),
    })),
    {
      name: 'search: fires on, a page further on',
      query: search,
      target: searched,
      variables: () => ({ query: 'fires on' }),
      deep: 'search',
    },
    {
      name: 'search: countries, neurons only',
      query: search,
      target: searched,
      variables: () => ({ query: 'countries', kinds: ['NEURON'] }),
    },
  ]
}
