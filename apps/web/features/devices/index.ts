export { deviceSlug, deviceOfSlug } from './device-facts'
export { DevicesCard } from './devices-card'
