// What exactly was computed, in sentences for a paper's appendix.
import { CopyText } from '../../components/copy-text'

interface MethodsTextProps {
  readonly texts: readonly { readonly id: string; readonly name: string; readonly text: string }[]
}

export function MethodsText({ texts }: MethodsTextProps) {
  return texts.map(({ id, name, text }) => (
    <section key={id} className="card pad methods-text" data-testid="methods-text">
      <div className="bar">
        <h2 className="grow">{texts.length > 1 ? name : 'Methods'}</h2>
        <CopyText text={text} label="Copy" />
      </div>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        <p key={index}>{paragraph}</p>
      ))}
    </section>
  ))
}
