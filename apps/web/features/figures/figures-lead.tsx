// What the figures are: the server sends it with the page.
export function FiguresLead() {
  return (
    <p className="lead">
      The figures of Backward Lens, computed on a model of yours over the prompts of a slice. Each
      says what to look for, over how many prompts it was observed, and gives its data.
    </p>
  )
}
