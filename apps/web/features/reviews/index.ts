export { RequestReview } from './request-review'
