import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { GraphBuilder } from '../graph/graph-builder.js'
import { serializeModel } from '../onnx/serialize-model.js'
import { matmul } from '../ops/matrix.js'
import { deviceOfLibraries, findGpus } from './gpu-hardware.js'
import { probeProvider } from './probe-provider.js'
import { chooseProvider } from './provider.js'
import { recall, remember } from './device-cache.js'
import { DeviceSessions } from './device-sessions.js'

const root = mkdtempSync(join(tmpdir(), 'imprint-devices-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

function script(name: string, text: string): string {
  const file = join(root, `${name}.mjs`)
  writeFileSync(file, text)
  return file
}

/** A tree of system files: path -> content. */
function machine(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name, path)), { recursive: true })
    writeFileSync(join(root, name, path), content)
  }
  return join(root, name)
}

const nvidia = {
  'sys/bus/pci/devices/0000:01:00.0/class': '0x030200\n',
  'sys/bus/pci/devices/0000:01:00.0/vendor': '0x10de\n',
  'sys/bus/pci/devices/0000:01:00.0/device': '0x2335\n',
  'proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: \t\t NVIDIA H200\nIRQ: 1\n',
}

describe('probing', () => {
  test('a driver that aborts is a refusal with its signal', () => {
    const file = script('abort', 'process.abort()')
    expect(probeProvider('webgpu', { script: file }).failure).toContain('SIGABRT')
  })

  test('a driver that hangs is given up in time', () => {
    const file = script('hang', 'setInterval(() => {}, 1000)')
    const started = performance.now()
    const { failure } = probeProvider('webgpu', { script: file, timeoutMilliseconds: 700 })
    expect(failure).toBe('its driver did not answer within 0.7 s')
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  test('what a driver prints becomes one plain reason', () => {
    const answer = JSON.stringify({ failure: 'Cuda: Failed to load shared library', libraries: [] })
    const text = 'with error: libcublasLt.so.13: cannot open shared object file: No such file'
    const file = script(
      'cuda',
      `console.error(${JSON.stringify(text)}); console.log('imprint-probe ' + ${JSON.stringify(answer)})`,
    )
    const reason = 'its library needs libcublasLt.so.13, which is not installed'
    expect(probeProvider('cuda', { script: file }).failure).toBe(reason)
  })

  test('the real probe answers for the CPU', () => {
    expect(probeProvider('cpu').failure).toBeNull()
  })
})

describe('devices', () => {
  test('a GPU is named by its driver, and only where it can be opened', () => {
    const open = machine('open', { ...nvidia, 'dev/nvidia0': '' })
    expect(findGpus(open, 'linux')).toEqual([{ vendor: 'NVIDIA', name: 'NVIDIA H200' }])
    expect(findGpus(machine('closed', nvidia), 'linux')).toEqual([])
    const screen = {
      'sys/bus/pci/devices/0000:00:02.0/class': '0x030000',
      'sys/bus/pci/devices/0000:00:02.0/vendor': '0x1234',
      'dev/dri/renderD128': '',
    }
    expect(findGpus(machine('emulated', screen), 'linux')).toEqual([])
  })

  test('the loaded driver decides whether it is the GPU or software', () => {
    const gpus = [{ vendor: 'NVIDIA' as const, name: 'NVIDIA H200' }]
    const both = ['libvulkan_lvp.so', 'libGLX_nvidia.so.0']
    expect(deviceOfLibraries(both, gpus)).toEqual({ name: 'NVIDIA H200', software: false })
    expect(deviceOfLibraries(['libvk_swiftshader.so'], gpus)).toMatchObject({ software: true })
    expect(deviceOfLibraries(['libGLX_nvidia.so.0'], [])).toMatchObject({ software: true })
  })
})

describe('choosing', () => {
  test('auto says why each provider before the chosen one was refused', () => {
    const failed = new Map([
      ['cuda', 'no card'],
      ['webgpu', 'no driver'],
    ] as const)
    expect(chooseProvider('auto', { failed })).toMatchObject({
      provider: 'cpu',
      reason: 'auto: cuda: no card; webgpu: no driver; cpu',
    })
  })

  test('a GPU asked for by name that does not answer is a typed refusal', () => {
    const file = script('dead', 'process.exit(3)')
    expect(() => chooseProvider('webgpu', { script: file })).toThrowError(
      expect.objectContaining({
        code: 'PROVIDER_UNAVAILABLE',
        message: expect.stringContaining('exit code 3') as string,
      }),
    )
  })

  test('a provider that probes well but cannot open the graph is a typed refusal by name', async () => {
    const answer = JSON.stringify({ failure: null, libraries: ['libvk_swiftshader.so'] })
    const file = script('good', `console.log('imprint-probe ' + ${JSON.stringify(answer)})`)
    const sessions = new DeviceSessions('webgpu', { script: file })
    expect(sessions.chosen.provider).toBe('webgpu')
    await expect(
      sessions.open(join(root, 'absent.onnx'), { threads: 1, foldConstants: true }),
    ).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE', details: { provider: 'webgpu' } })
  })

  test('auto leaves a GPU that cannot open the graph, and says so', async () => {
    const answer = JSON.stringify({ failure: null, libraries: ['libGLX_nvidia.so.0'] })
    const file = script('opens', `console.log('imprint-probe ' + ${JSON.stringify(answer)})`)
    const systemRoot = machine('driverless', { ...nvidia, 'dev/nvidia0': '' })
    const builder = new GraphBuilder('square')
    const x = builder.input('x', 'float32', [2, 2])
    builder.output('y', matmul(builder, x, x))
    const graph = join(root, 'square.onnx')
    writeFileSync(graph, serializeModel(builder.build()))
    const sessions = new DeviceSessions('auto', { script: file, systemRoot })
    expect(sessions.chosen).toMatchObject({ provider: 'webgpu', device: 'NVIDIA H200' })
    vi.stubEnv('VK_DRIVER_FILES', join(root, 'no-driver.json'))
    const session = await sessions.open(graph, { threads: 1, foldConstants: true })
    vi.unstubAllEnvs()
    const { y } = await session.run({
      x: { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    })
    expect(Array.from(y?.data as Float32Array)).toEqual([7, 10, 15, 22])
    expect(sessions.chosen.provider).toBe('cpu')
    expect(sessions.chosen.reason).toContain("webgpu: could not open the model's graph")
    await session.dispose()
  })

  test('what was found is remembered until the machine or a driver changes', () => {
    const file = join(root, 'home', 'devices.json')
    const outcome = { failure: 'no driver', libraries: [] }
    remember(file, 'webgpu', { outcome, fingerprint: 'a' })
    remember(file, 'cuda', { outcome: { failure: null, libraries: ['x'] }, fingerprint: 'a' })
    expect(recall(file, 'webgpu', 'a')).toEqual(outcome)
    expect(recall(file, 'cuda', 'a')).toMatchObject({ failure: null })
    expect(recall(file, 'webgpu', 'b')).toBeNull()
    writeFileSync(file, '{"webgpu": 3')
    expect(recall(file, 'webgpu', 'a')).toBeNull()
  })
})
