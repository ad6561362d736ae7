// The services of anchors, comments, reviews, the inbox, activity and interference.
import type { Database, RunNotifications } from '../database/index.js'
import type { ModelLibrary } from '../engine/model-library.js'
import type { AccountRepository } from '../features/account/account.repository.js'
import { ActivityRepository } from '../features/activity/activity.repository.js'
import { ActivityService } from '../features/activity/activity.service.js'
import { AnchorRepository } from '../features/anchor/anchor.repository.js'
import { AnchorService } from '../features/anchor/anchor.service.js'
import { CommentWatchService } from '../features/comment/comment-watch.service.js'
import { CommentWriter } from '../features/comment/comment-writer.repository.js'
import { CommentRepository } from '../features/comment/comment.repository.js'
import { CommentService } from '../features/comment/comment.service.js'
import { InboxRepository } from '../features/inbox/inbox.repository.js'
import { InboxService } from '../features/inbox/inbox.service.js'
import { InterferenceRepository } from '../features/interference/interference.repository.js'
import { InterferenceService } from '../features/interference/interference.service.js'
import type { ModelService } from '../features/model/model.service.js'
import { ReviewDeciders } from '../features/review/review-deciders.js'
import { ReviewSubjectRepository } from '../features/review/review-subject.repository.js'
import { ReviewWatchService } from '../features/review/review-watch.service.js'
import { ReviewWriter } from '../features/review/review-writer.repository.js'
import { ReviewRepository } from '../features/review/review.repository.js'
import { ReviewService } from '../features/review/review.service.js'

export interface TalkServicesParts {
  readonly database: Database
  readonly notifications: RunNotifications
  readonly accounts: AccountRepository
  readonly library: ModelLibrary
  readonly models: ModelService
}

export function createTalkServices(parts: TalkServicesParts) {
  const { database, notifications, accounts, library, models } = parts
  const anchors = new AnchorService({
    anchors: new AnchorRepository(database),
    innerWidth: (directory) => library.innerWidth(directory),
  })
  const activities = new ActivityRepository(database)
  const comments = new CommentRepository(database)
  const writer = new CommentWriter(database)
  const reviewRows = new ReviewRepository(database)
  const reviewDeciders = new ReviewDeciders(reviewRows)
  const reviews = new ReviewService({
    ...{ reviews: reviewRows, deciders: reviewDeciders, anchors, accounts },
    writer: new ReviewWriter(database),
    subjects: new ReviewSubjectRepository(database),
  })
  return {
    anchors,
    activities: new ActivityService({ activities, anchors, notifications }),
    inboxes: new InboxService(new InboxRepository(database), notifications),
    comments: new CommentService({ comments, writer, anchors, accounts }),
    commentRows: comments,
    interference: new InterferenceService({
      ...{ models, accounts, notifications, maps: new InterferenceRepository(database) },
    }),
    reviewRows,
    reviewDeciders,
    reviews,
    reviewWatch: new ReviewWatchService(reviews, notifications),
    commentWatch: new CommentWatchService(comments, notifications),
  }
}
