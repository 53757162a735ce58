/** Diagrams in Markdown: found, parsed by Mermaid itself, and rendered by a real browser where there is one. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Window } from 'happy-dom'
import type { Tree } from './tree.ts'

export interface Diagram {
  readonly file: string
  /** Of its first line. */
  readonly line: number
  readonly text: string
}

export function diagramsIn(tree: Tree): Diagram[] {
  return tree.files
    .filter(file => file.endsWith('.md'))
    .flatMap(file =>
      [...tree.text(file).matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map(match => ({
        file,
        line: tree.text(file).slice(0, match.index).split('\n').length + 1,
        text: match[1] ?? '',
      })),
    )
}

/** Why Mermaid cannot read it; undefined where it can. */
export async function problemOf(text: string): Promise<string | undefined> {
  const mermaid = await loaded()
  try {
    await mermaid.parse(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Mermaid wants a window to exist before it is loaded, though parsing draws nothing. */
async function loaded() {
  if (!('window' in globalThis)) {
    const window = new Window()
    Object.assign(globalThis, { window, document: window.document })
  }
  return (await import('mermaid')).default
}

/** A browser of the machine; undefined where it has none. */
export function browser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(path => existsSync(path))
}

export interface Drawing {
  readonly width: number
  readonly height: number
  /** The words that stand in the picture. */
  readonly words: string
  readonly error?: string
}

/** Draws each text in a headless browser, with the Mermaid that the tree has installed. */
export function draw(path: string, root: string, texts: readonly string[]): Drawing[] {
  const folder = mkdtempSync(join(tmpdir(), 'tideway-mermaid-'))
  try {
    const page = join(folder, 'page.html')
    const library = pathToFileURL(join(root, 'node_modules/mermaid/dist/mermaid.min.js')).href
    writeFileSync(page, pageOf(library, texts))
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${join(folder, 'profile')}`]
    const waits = ['--virtual-time-budget=60000', '--dump-dom', pathToFileURL(page).href]
    const { stdout, stderr } = spawnSync(path, [...flags, ...waits], { encoding: 'utf8', maxBuffer: 1 << 26 })
    const answer = /<pre id="answer">([^<]+)<\/pre>/.exec(stdout)?.[1]
    if (answer === undefined) throw new Error(`${path} drew nothing: ${stderr.slice(-500)}`)
    return JSON.parse(decodeURIComponent(answer))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function pageOf(library: string, texts: readonly string[]): string {
  return `<!doctype html><meta charset="utf-8"><body><script src="${library}"></script><script>
const texts = JSON.parse(decodeURIComponent('${encodeURIComponent(JSON.stringify(texts)).replaceAll("'", '%27')}'))
mermaid.initialize({ startOnLoad: false })
const drawings = []
const one = async (text, index) => {
  const place = document.body.appendChild(document.createElement('div'))
  try {
    const { svg } = await mermaid.render('diagram' + index, text)
    place.innerHTML = svg
    const { width, height } = place.firstElementChild.getBoundingClientRect()
    return { width, height, words: place.innerText }
  } catch (error) {
    return { width: 0, height: 0, words: '', error: String(error) }
  }
}
const all = async () => {
  for (const [index, text] of texts.entries()) drawings.push(await one(text, index))
  document.body.innerHTML = '<pre id="answer"></pre>'
  document.getElementById('answer').textContent = encodeURIComponent(JSON.stringify(drawings))
}
all()
</script>`
}
