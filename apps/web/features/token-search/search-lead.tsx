// What the search looks through: the server sends it with the page.
export function SearchLead() {
  return (
    <p className="lead">
      Type a token: you get every stored run and edit whose gradient points to it, with the layer
      and place. A token mostly begins with a space; it is tried with and without.
    </p>
  )
}
