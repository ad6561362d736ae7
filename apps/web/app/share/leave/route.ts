import { leaveShare } from '../../../graphql/share-entrance'

export const dynamic = 'force-dynamic'

export const POST = leaveShare
