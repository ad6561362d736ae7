// Comments, reviews, inbox, activity and the map of interference.
import type { OperationsOf } from './operations-of.js'

export const talkOperations: OperationsOf = {
  read: [
    'Query.comments',
    'Query.commentThreads',
    'Query.commentMarkers',
    'Query.reviews',
    'Query.review',
    'Query.activity',
    'Query.interferenceMap',
    'Subscription.commentsChanged',
    'Subscription.activityAdded',
    'Subscription.reviewChanged',
    'Subscription.interferenceProgress',
  ],
  account: ['Query.inbox', 'Subscription.inboxChanged', 'Mutation.readInbox'],
  annotate: [
    'Mutation.comment',
    'Mutation.editComment',
    'Mutation.deleteComment',
    'Mutation.resolveComment',
    'Mutation.react',
    'Mutation.requestReview',
    'Mutation.submitReview',
    'Mutation.withdrawReview',
    'Mutation.reopenReview',
    'Mutation.changeReviewers',
  ],
  review: ['Mutation.decideReview'],
  compute: ['Mutation.mapInterference', 'Mutation.cancelInterference'],
}
