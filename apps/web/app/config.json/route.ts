// What the browser must know about this deployment, read when it is asked for.
import { apiAddress } from '../../graphql/forward'

export const dynamic = 'force-dynamic'

export function GET(): Response {
  return Response.json({
    websocketUrl: process.env.IMPRINT_PUBLIC_WS_URL ?? null,
    websocketPort: process.env.IMPRINT_API_PORT ?? (new URL(apiAddress()).port || '4000'),
  })
}
