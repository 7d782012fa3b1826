// Removes access codes as a user of Seam's JavaScript SDK would: delete, then ask every
// second until the answer is 404. Prints how long it took and what it asked.
//
//   SEAM_ENDPOINT=... SEAM_API_KEY=... node remove.js CODES
//
// The server is that of `go run ./internal/bench sdk`: seamtest, which counts requests, with
// locks and no codes.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isSeamHttpApiError, Seam } from 'seam'

const interval = 1000
const control = `${process.env.SEAM_ENDPOINT}/_seamtest/requests`
const seam = new Seam({ apiKey: process.env.SEAM_API_KEY, endpoint: process.env.SEAM_ENDPOINT })

async function create(device_id, i) {
  const code = await seam.accessCodes.create({ device_id, name: `Code ${i}`, code: String(100000 + i) })
  return code.access_code_id
}

async function isGone(access_code_id) {
  try {
    await seam.accessCodes.get({ access_code_id })
    return false
  } catch (error) {
    if (isSeamHttpApiError(error) && error.statusCode === 404) return true
    throw error
  }
}

async function remove(access_code_id) {
  await seam.accessCodes.delete({ access_code_id })
  do await sleep(interval)
  while (!(await isGone(access_code_id)))
}

const locks = await seam.devices.list()
const numbers = [...Array(Number(process.argv[2])).keys()]
const ids = await Promise.all(numbers.map((i) => create(locks[i % locks.length].device_id, i)))
await fetch(control, { method: 'DELETE' })

const start = performance.now()
await Promise.all(ids.map(remove))
const seconds = (performance.now() - start) / 1000

const { counts } = await (await fetch(control)).json()
const { version } = JSON.parse(readFileSync(new URL('node_modules/seam/package.json', import.meta.url)))
console.log(JSON.stringify({ seconds, counts, with: `seam ${version} on Node.js ${process.version}` }))
