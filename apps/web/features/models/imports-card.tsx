// Models on their way, and those that were added lately.
import { ImportRow } from './import-row'
import type { ModelImports } from './use-model-imports'

export function ImportsCard({ imports }: { readonly imports: ModelImports }) {
  const { items, hidden, showAll, reload } = imports
  if (items.length === 0) return null
  return (
    <section className="card imports" aria-label="Models being added">
      <ul>
        {items.map((item) => (
          <ImportRow key={item.id} item={item} onChanged={reload} />
        ))}
      </ul>
      {hidden > 0 && (
        <p className="more">
          <button type="button" className="button small" onClick={showAll}>
            Show {hidden} more
          </button>
        </p>
      )}
    </section>
  )
}
