// What collections are: the server sends it with the page.
export function CollectionsLead() {
  return (
    <p className="lead">
      A collection is an ordered list of neurons, cells, runs or edits, each with a note. Several
      people can annotate one without seeing each other, and compare.
    </p>
  )
}
