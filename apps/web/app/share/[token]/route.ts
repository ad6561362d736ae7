import { enterShare } from '../../../graphql/share-entrance'

export const dynamic = 'force-dynamic'

export async function GET(
  request: Request,
  { params }: { readonly params: Promise<{ readonly token: string }> },
): Promise<Response> {
  return enterShare(request, decodeURIComponent((await params).token))
}
