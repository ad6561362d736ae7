// Finds a Vulkan driver that the WebGPU provider accepts, so that its test can run without a GPU.
import { existsSync } from 'node:fs'

export interface VulkanDriver {
  /** Value for VK_DRIVER_FILES; null when none was found. */
  readonly driver: string | null
  /** Says what was found or what to install. */
  readonly note: string
}

/** SwiftShader as Debian's chromium package installs it; Mesa's llvmpipe is refused by the runtime. */
const swiftShaderPlaces = ['/usr/lib/chromium/vk_swiftshader_icd.json']

const loaderPlaces = ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/libvulkan.so.1`)

/** A driver named by VK_DRIVER_FILES, else SwiftShader. */
export function findVulkanDriver(): VulkanDriver {
  const named = process.env['VK_DRIVER_FILES']
  const driver = [named, ...swiftShaderPlaces].find(
    (file) => file !== undefined && existsSync(file),
  )
  const loader = loaderPlaces.find((file) => existsSync(file))
  if (driver === undefined || loader === undefined) {
    const missing = loader === undefined ? 'libvulkan.so.1' : 'a Vulkan driver'
    const note = `no ${missing}: install Debian's chromium and libvulkan1 to test WebGPU on SwiftShader`
    return { driver: null, note }
  }
  return { driver, note: `WebGPU on ${driver}` }
}
