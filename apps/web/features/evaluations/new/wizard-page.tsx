'use client'
// A new evaluation on one page: models, methods, cases, protocol, how much; what it costs stands beside it, and Start.
import { Problem } from '../../../components/problem'
import { EstimatePanel } from './estimate-panel'
import { MethodSection } from './method-section'
import { ModelSection } from './model-section'
import { PresetsSection } from './presets-section'
import { ProtocolSection } from './protocol-section'
import { SettingsSection } from './settings-section'
import { SliceSection } from './slice-section'
import { useWizard } from './use-wizard'
import { EvaluationsLead } from '../evaluations-lead'

function Waiting() {
  return (
    <div className="wizard-columns" aria-hidden>
      <div className="card skeleton" style={{ height: 560 }} />
      <div className="card skeleton" style={{ height: 560 }} />
    </div>
  )
}

export function WizardPage() {
  const wizard = useWizard()
  const { failure, ready, lost } = wizard
  return (
    <main className="page wizard-page" id="main">
      <h1>{wizard.view.from ? 'New evaluation, from another' : 'New evaluation'}</h1>
      <EvaluationsLead />
      {failure && !ready && (
        <Problem
          title="The page could not be filled"
          message={failure.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {lost && (
        <Problem
          title="The evaluation to copy was not found"
          message="It was deleted, or the address is wrong. The page starts with what is usual."
        />
      )}
      <div className="wizard-body">
        <div className="wizard-main">
          {ready ? (
            <>
              <PresetsSection wizard={wizard} />
              <div className="wizard-columns">
                <MethodSection wizard={wizard} />
                <div className="wizard-column">
                  <ModelSection wizard={wizard} />
                  <SliceSection wizard={wizard} />
                  <ProtocolSection wizard={wizard} />
                  <SettingsSection wizard={wizard} />
                </div>
              </div>
            </>
          ) : (
            !failure && <Waiting />
          )}
        </div>
        <EstimatePanel wizard={wizard} />
      </div>
    </main>
  )
}
