// What an evaluation is: the server sends it with the page.
export function EvaluationsLead() {
  return (
    <p className="lead">
      An evaluation edits one fact after the other with every method, measures what the edited model
      says, and sets the methods side by side with intervals. It goes on while you are away, on as
      many machines as there are.
    </p>
  )
}
