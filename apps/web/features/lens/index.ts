export { LensPage, LensSkeleton } from './lens-page'
