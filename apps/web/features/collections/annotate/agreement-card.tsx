'use client'
// How far the annotators of a collection agree: each pair, and all together, with what the numbers mean.
import { useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { CollectionAgreementDocument } from '../../../graphql/generated/graphql'
import { complaintOf } from '../../edits/complaint'
import {
  agreementWord,
  ALPHA_MEANING,
  EXACT_MEANING,
  KAPPA_MEANING,
  OVERLAP_MEANING,
} from './agreement-words'

interface AgreementCardProps {
  readonly collectionId: string
  /** Nothing is drawn while there are fewer than two annotators. */
  readonly quiet?: boolean
}

const share = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : `${(value * 100).toFixed(0)}%`

const coefficient = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(2)

function useAgreement(collectionId: string) {
  const [{ data, error }] = useQuery({
    query: CollectionAgreementDocument,
    variables: { id: collectionId },
    requestPolicy: 'network-only',
  })
  return { agreement: data?.annotationAgreement, complaint: complaintOf(error, undefined) }
}

type Agreement = NonNullable<ReturnType<typeof useAgreement>['agreement']>

function Pairs({ pairs }: Pick<Agreement, 'pairs'>) {
  return (
    <div className="table-card" tabIndex={0} role="region" aria-label="Agreement of pairs">
      <table className="agreement" data-testid="agreement-pairs">
        <thead>
          <tr>
            <th scope="col">Annotators</th>
            <th scope="col">Both</th>
            <th scope="col" title={EXACT_MEANING}>
              Same label
            </th>
            <th scope="col" title={KAPPA_MEANING}>
              Kappa
            </th>
            <th scope="col" title={OVERLAP_MEANING}>
              Tags shared
            </th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ first, second, items, exact, kappa, tagOverlap }) => (
            <tr key={`${first.id}${second.id}`}>
              <th scope="row">
                {first.name} <span className="muted">and</span> {second.name}
              </th>
              <td>{items}</td>
              <td>{share(exact)}</td>
              <td>
                {coefficient(kappa)} <span className="muted">{agreementWord(kappa)}</span>
              </td>
              <td>{share(tagOverlap)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function AgreementCard({ collectionId, quiet = false }: AgreementCardProps) {
  const { agreement, complaint } = useAgreement(collectionId)
  if (quiet && (!agreement || agreement.pairs.length === 0)) return null
  if (complaint && !agreement)
    return <Problem title="Agreement could not be computed" message={complaint.message} />
  if (!agreement) return <div className="card skeleton" style={{ height: 180 }} aria-busy />
  return (
    <section
      className="card pad agreement-card"
      aria-labelledby="agreement-title"
      data-testid="agreement"
    >
      <h2 id="agreement-title">Agreement</h2>
      {agreement.pairs.length === 0 ? (
        <p className="muted">
          Agreement needs two people on the same item; so far no item has annotations of two.
        </p>
      ) : (
        <>
          <p>
            <b className="tabular">{coefficient(agreement.alpha)}</b> alpha over {agreement.items}{' '}
            items and {agreement.annotators.length} annotators:{' '}
            <b>{agreementWord(agreement.alpha)}</b>.
          </p>
          <Pairs pairs={agreement.pairs} />
          <p className="muted small-text">
            {KAPPA_MEANING} {ALPHA_MEANING}
          </p>
        </>
      )}
    </section>
  )
}
