export { InterferenceCard } from './interference-card'
