// System files -> the GPUs of this machine by name, and drivers a process has loaded -> which device they drive.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type GpuVendor = 'NVIDIA' | 'AMD' | 'Intel' | 'WSL'

export interface Gpu {
  readonly vendor: GpuVendor
  readonly name: string
}

/** The device behind a session. A software renderer computes on the CPU, slowly, whatever it is called. */
export interface GpuDevice {
  readonly name: string
  readonly software: boolean
}

/** PCI vendors whose display devices can compute; emulated screens of virtual machines are not among them. */
const pciVendors: Readonly<Record<string, GpuVendor>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
}

/** Shared libraries of Vulkan drivers and of CUDA -> whose devices they drive; null for software. */
const drivers: readonly { readonly library: RegExp; readonly vendor: GpuVendor | null }[] = [
  { library: /^lib(GLX_nvidia|EGL_nvidia|nvidia-|cuda\.so|vulkan_nouveau)/, vendor: 'NVIDIA' },
  { library: /^(libvulkan_radeon|amdvlk|libamdvlk)/, vendor: 'AMD' },
  { library: /^libvulkan_intel/, vendor: 'Intel' },
  { library: /^libvulkan_dzn/, vendor: 'WSL' },
  { library: /^libvk_swiftshader|^libvulkan_lvp/, vendor: null },
]

const softwareName = 'SwiftShader (software, computes on the CPU)'

/**
 * GPUs a program may open, by name; null where the system does not list them in files (only Linux does).
 * @param root the directory that stands for `/`
 */
export function findGpus(root = '/', platform: NodeJS.Platform = process.platform): Gpu[] | null {
  if (platform !== 'linux') return null
  if (existsSync(join(root, 'dev/dxg'))) return [{ vendor: 'WSL', name: 'GPU of Windows (WSL)' }]
  const gpus = pciGpus(root)
  return gpus.filter(({ vendor }) => hasDeviceNode(root, vendor))
}

/** A container may show a GPU on the bus without letting anybody open it. */
function hasDeviceNode(root: string, vendor: GpuVendor): boolean {
  const opened = { NVIDIA: /^nvidia\d+$/ } as Partial<Record<GpuVendor, RegExp>>
  const own = opened[vendor]
  if (own !== undefined && list(join(root, 'dev')).some((name) => own.test(name))) return true
  return list(join(root, 'dev/dri')).some((name) => /^renderD\d+$/.test(name))
}

function pciGpus(root: string): Gpu[] {
  const bus = join(root, 'sys/bus/pci/devices')
  return list(bus).flatMap((slot) => {
    const fact = (file: string): string => read(join(bus, slot, file)).trim()
    const vendor = pciVendors[fact('vendor')]
    const isDisplay = fact('class').startsWith('0x03')
    if (vendor === undefined || !isDisplay) return []
    return [{ vendor, name: gpuName(root, vendor, slot, fact('device')) }]
  })
}

function gpuName(root: string, vendor: GpuVendor, slot: string, device: string): string {
  const nvidia = read(join(root, 'proc/driver/nvidia/gpus', slot, 'information'))
  const model = /^Model:\s*(.+)$/m.exec(nvidia)?.[1]
  if (model !== undefined) return model.trim()
  const product = read(join(root, 'sys/bus/pci/devices', slot, 'product_name')).trim()
  return product === '' ? `${vendor} GPU ${device}` : `${vendor} ${product}`
}

/** Which device a process computes on that has loaded these libraries (base names). */
export function deviceOfLibraries(libraries: readonly string[], gpus: Gpu[] | null): GpuDevice {
  if (gpus === null) return { name: systemGpuName(), software: false }
  const loaded = drivers.filter(({ library }) => libraries.some((name) => library.test(name)))
  const names = gpus
    .filter(({ vendor }) => loaded.some((driver) => driver.vendor === vendor))
    .map(({ name }) => name)
  if (names.length > 0) return { name: [...new Set(names)].join(' or '), software: false }
  const isSoftware = loaded.some(({ vendor }) => vendor === null)
  return {
    name: isSoftware ? softwareName : 'a device no driver of a GPU stands for',
    software: true,
  }
}

/** Without files to read: what macOS calls its GPU. Windows is not asked. */
function systemGpuName(): string {
  if (process.platform !== 'darwin') return 'the GPU of this system'
  try {
    const text = execFileSync('system_profiler', ['SPDisplaysDataType', '-json'], {
      timeout: 10_000,
    })
    const { SPDisplaysDataType } = JSON.parse(text.toString()) as {
      readonly SPDisplaysDataType: readonly { readonly sppci_model?: string }[]
    }
    return SPDisplaysDataType[0]?.sppci_model ?? 'the GPU of this Mac'
  } catch {
    return 'the GPU of this Mac'
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory).sort()
  } catch {
    return []
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
