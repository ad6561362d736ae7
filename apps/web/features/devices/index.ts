export { DeviceChoice } from './device-choice'
export { deviceSlug, deviceOfSlug, PROVIDERS } from './device-facts'
export { DevicesCard } from './devices-card'
