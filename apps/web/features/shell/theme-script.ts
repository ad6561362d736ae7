// Sets light or dark on <html> before the first paint, so that no page flashes.
export const THEME_KEY = 'imprint.theme'

/** Runs in <head>, before anything is drawn. */
export const THEME_SCRIPT = `(function(){try{var c=localStorage.getItem('${THEME_KEY}')||'system';var d=c==='dark'||(c!=='light'&&matchMedia('(prefers-color-scheme: dark)').matches);var h=document.documentElement;h.dataset.theme=d?'dark':'light';h.dataset.themeChoice=c}catch(e){document.documentElement.dataset.theme='light'}})()`
