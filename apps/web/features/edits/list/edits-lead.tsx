// What edits are, in two sentences: the server sends them with the page.
export function EditsLead() {
  return (
    <p className="lead">
      An edit changes a fact by small additions to a few MLP matrices; the model’s own weights are
      never written. Approved edits are one stack: its map says which get in each other’s way.
    </p>
  )
}
