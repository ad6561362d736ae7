// Who a request acts as. Until teams arrive there is one local user in one project, and every row already has both.

export interface Viewer {
  readonly userId: string
  readonly userName: string
  readonly projectId: string
  readonly projectName: string
}
