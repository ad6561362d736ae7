export { CommentThread } from './comment-thread'
export { Ago } from './ago'
export { Avatar } from './avatar'
export { useTalker } from './use-talker'
