// The text of a GraphQL operation that carries the types of its result and of its variables.
declare const types: unique symbol

export type TypedText<Result, Variables> = string & {
  readonly [types]?: (variables: Variables) => Result
}
