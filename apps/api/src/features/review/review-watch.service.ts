// A review as it goes on: now, then after every step.
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import type { Viewer } from '../account/viewer.js'
import type { ReviewService } from './review.service.js'
import type { Review } from './review.type.js'

export class ReviewWatchService {
  readonly #reviews: ReviewService
  readonly #notifications: RunNotifications

  constructor(reviews: ReviewService, notifications: RunNotifications) {
    this.#reviews = reviews
    this.#notifications = notifications
  }

  async *follow(viewer: Viewer, id: string): AsyncGenerator<Review> {
    const wakeups = new Wakeups(this.#notifications, id.toLowerCase())
    try {
      for (let seen = 0; ;) {
        const review = await this.#reviews.get(viewer, id)
        if (review === null) return
        if (review.version > seen) yield review
        seen = review.version
        await wakeups.next(false)
      }
    } finally {
      wakeups.stop()
    }
  }
}
