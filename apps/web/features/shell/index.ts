export { Shell } from './shell'
export { THEME_SCRIPT } from './theme-script'
