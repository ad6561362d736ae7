'use client'
// Who works here, who was invited, and on what.
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { TeamDocument } from '../../graphql/generated/graphql'
import { useMe } from '../account/me'
import { InvitationsCard } from './invitations-card'
import { MembersCard } from './members-card'
import { ProjectsCard } from './projects-card'
import { TeamTabs } from './team-tabs'

export function TeamPage() {
  const me = useMe()
  const [{ data, error }] = useQuery({ query: TeamDocument, requestPolicy: 'cache-and-network' })
  const team = data?.team
  return (
    <main className="page team" id="main">
      <TeamTabs title={team?.name ?? 'Team'} />
      {error && !team && (
        <Problem
          title="The team could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {(!team || !me) && !error && (
        <div className="card skeleton" style={{ height: 320 }} aria-hidden />
      )}
      {team && me && (
        <>
          {team.members.length > 0 ? (
            <MembersCard members={team.members} />
          ) : (
            <section className="card empty">
              <p>Only people of the team see who is in it.</p>
            </section>
          )}
          <ProjectsCard projects={team.projects} />
          {/* Last: it grows when its list arrives. */}
          {me.actions.includes('ADMINISTER') && <InvitationsCard />}
        </>
      )}
    </main>
  )
}
