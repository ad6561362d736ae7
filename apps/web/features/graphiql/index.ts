export { ExplorerPage } from './explorer-page'
