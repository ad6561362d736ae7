// Who looks, or which project, has changed: the page is loaded anew, so that nothing of before is shown or sent.
export { forgetProject, rememberProject } from '../../graphql/wanted-project'

export function startAfresh(path: string): void {
  window.location.assign(path)
}
