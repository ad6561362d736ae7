import { forwardToApi } from '../../graphql/forward'

export const dynamic = 'force-dynamic'

export const GET = forwardToApi
export const POST = forwardToApi
