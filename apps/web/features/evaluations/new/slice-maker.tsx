'use client'
// A slice made without leaving the wizard: which data set, which cases, how many.
import { useState } from 'react'
import { useQuery } from 'urql'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  DatasetCasesDocument,
  DatasetDocument,
  DatasetsDocument,
  type DatasetListPartsFragment,
} from '../../../graphql/generated/graphql'
import { caseFilterOf } from '../../datasets/browse/browse-view'
import { CasePrompt } from '../../datasets/browse/case-prompt'
import { RelationList } from '../../datasets/browse/filter-panel'
import { SliceFields } from '../../datasets/slices/slice-fields'
import { EMPTY_DRAFT, type SliceDraft } from '../../datasets/slices/slice-model'
import { useMakeSlice, type Slice } from '../../datasets/slices/use-slices'
import { showCount } from '../../lens/numbers'
import type { WizardModel } from './wizard-model'

interface SliceMakerProps {
  readonly models: readonly WizardModel[]
  readonly onMade: (slice: Slice) => void
}

function useMatching(datasetId: string, draft: SliceDraft) {
  const filter = useDebouncedValue(
    caseFilterOf({
      search: draft.search,
      relations: draft.relations,
      modelId: '',
      onlyKnown: false,
    }),
    250,
  )
  const [{ data }] = useQuery({
    query: DatasetCasesDocument,
    variables: { datasetId, filter, offset: 0, limit: 3 },
    pause: datasetId === '',
  })
  return { matching: data?.datasetCases.total ?? null, sample: data?.datasetCases.cases ?? [] }
}

function Sample({ matching, sample }: ReturnType<typeof useMatching>) {
  return (
    <div className="slice-sample">
      <p className="muted tabular">
        {matching === null ? 'counting …' : `${showCount(matching)} cases match, such as`}
      </p>
      <ul>
        {sample.map(({ caseId, prompt, subject, targetTrue, targetNew }) => (
          <li key={caseId}>
            <CasePrompt prompt={prompt} subject={subject} />{' '}
            <s className="muted">{targetTrue?.trim()}</s>{' '}
            <b className="accent">{targetNew?.trim()}</b>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface FieldsProps {
  readonly dataset: DatasetListPartsFragment
  readonly datasets: readonly DatasetListPartsFragment[]
  readonly models: readonly WizardModel[]
  readonly draft: SliceDraft
  readonly onDataset: (id: string) => void
  readonly onChange: (part: Partial<SliceDraft>) => void
}

function Fields({ dataset, datasets, models, draft, onDataset, onChange }: FieldsProps) {
  const [{ data }] = useQuery({ query: DatasetDocument, variables: { id: dataset.id } })
  return (
    <div className="slice-maker-fields">
      <label className="stacked">
        Data set
        <select
          className="input"
          value={dataset.id}
          onChange={(event) => onDataset(event.target.value)}
        >
          {datasets.map(({ id, name, version, cases }) => (
            <option key={id} value={id}>
              {name} v{version} ({showCount(cases)})
            </option>
          ))}
        </select>
      </label>
      <label className="stacked">
        Search
        <input
          type="search"
          className="input"
          placeholder="subjects and prompts"
          value={draft.search}
          onChange={(event) => onChange({ search: event.target.value })}
        />
      </label>
      <label className="stacked">
        Only what is known by
        <select
          className="input"
          value={draft.knownByModelId}
          onChange={(event) => onChange({ knownByModelId: event.target.value })}
        >
          <option value="">any case</option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <RelationList
        key={dataset.id}
        relations={data?.dataset?.relations ?? []}
        chosen={draft.relations}
        onChange={(relations) => onChange({ relations })}
      />
    </div>
  )
}

export function SliceMaker({ models, onMade }: SliceMakerProps) {
  const [chosen, setChosen] = useState('')
  const [draft, setDraft] = useState<SliceDraft>(EMPTY_DRAFT)
  const [{ data }] = useQuery({ query: DatasetsDocument, variables: { first: 100, search: null } })
  const making = useMakeSlice()
  const datasets = data?.datasets.edges.map(({ node }) => node) ?? []
  const dataset = datasets.find(({ id }) => id === chosen) ?? datasets[0]
  const found = useMatching(dataset?.id ?? '', draft)
  const change = (part: Partial<SliceDraft>) => setDraft((now) => ({ ...now, ...part }))
  if (!dataset) return <div className="skeleton" style={{ height: 240 }} />
  return (
    <div className="slice-maker" data-testid="slice-maker">
      <Fields
        {...{ dataset, datasets, models, draft }}
        onChange={change}
        onDataset={(id) => {
          setChosen(id)
          change({ relations: [] })
        }}
      />
      <Sample {...found} />
      <SliceFields
        datasetId={dataset.id}
        draft={draft}
        matching={found.matching}
        modelName={models.find(({ id }) => id === draft.knownByModelId)?.name ?? null}
        making={making}
        onChange={change}
        onMade={onMade}
      />
    </div>
  )
}
