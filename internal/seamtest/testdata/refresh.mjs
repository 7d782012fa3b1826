// Writes openapi.json: the part of Seam's published OpenAPI document that the fake serves,
// without prose. Needs @seamapi/types at the pinned version, wherever node_modules is:
//
//   npm install @seamapi/types@1.977.0 zod
//   node refresh.mjs [folder that holds node_modules]
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const VERSION = '1.977.0'
const ROUTES = [
  ...['create', 'delete', 'get', 'list', 'pull_backup_access_code', 'update'].map((n) => `/access_codes/${n}`),
  ...['convert_to_managed', 'delete', 'get', 'list', 'update'].map((n) => `/access_codes/unmanaged/${n}`),
  ...['action_attempts', 'devices', 'devices/unmanaged', 'events', 'workspaces'].flatMap((n) => [`/${n}/get`, `/${n}/list`]),
  ...['list_device_providers', 'unmanaged/update', 'update'].map((n) => `/devices/${n}`),
  ...['lock_door', 'unlock_door'].map((n) => `/locks/${n}`),
  ...['create', 'delete', 'get', 'grant_access', 'list', 'revoke'].map((n) => `/client_sessions/${n}`),
  ...['create', 'delete', 'get', 'list'].map((n) => `/connect_webviews/${n}`),
  ...['delete', 'get', 'list', 'update'].map((n) => `/connected_accounts/${n}`),
  ...['create', 'update'].map((n) => `/workspaces/${n}`),
  ...['user_identities', 'webhooks'].flatMap((n) => ['create', 'delete', 'get', 'list', 'update'].map((verb) => `/${n}/${verb}`)),
  ...['create', 'delete', 'get', 'get_related', 'list', 'request_access_methods', 'update'].map((n) => `/access_grants/${n}`),
  ...['assign_card', 'delete', 'get', 'get_related', 'list'].map((n) => `/access_methods/${n}`),
  ...['create', 'delete', 'get', 'get_related', 'list', 'update'].map((n) => `/spaces/${n}`),
  ...['add', 'remove'].flatMap((verb) => ['acs_entrances', 'connected_account', 'devices'].map((n) => `/spaces/${verb}_${n}`)),
  ...['access_groups', 'entrances', 'systems'].flatMap((n) => [`/acs/${n}/get`, `/acs/${n}/list`]),
  ...['add_user', 'list_users', 'remove_user'].map((n) => `/acs/access_groups/${n}`),
  ...['encode_credential', 'get', 'list', 'scan_credential'].map((n) => `/acs/encoders/${n}`),
  '/acs/entrances/unlock',
  ...['assign', 'create', 'delete', 'get', 'list', 'unassign', 'update'].map((n) => `/acs/credentials/${n}`),
  ...['create', 'delete', 'get', 'list', 'suspend', 'unsuspend', 'update'].map((n) => `/acs/users/${n}`),
  ...['delete', 'get', 'list'].map((n) => `/instant_keys/${n}`),
  ...['deactivate', 'get', 'list'].map((n) => `/phones/${n}`),
  ...['add_acs_user', 'list_acs_users', 'remove_acs_user'].map((n) => `/user_identities/${n}`),
  '/user_identities/generate_instant_key',
]
// Variants and properties of things the fake does not have.
const VARIANTS = {
  action_attempt: ['action_type', /ACCESS_CODE|LOCK_DOOR|^(ASSIGN|ENCODE|SCAN)_CREDENTIAL$/],
  event: ['event_type', /^(access_code|lock)\.|^action_attempt\.(un)?lock_door\.|^(access_grant|access_method|acs_credential|acs_user|client_session|connected_account|space)\.|^device\.(converted_to_unmanaged|name_changed|unmanaged\.converted_to_managed)$/],
}
const PROSE = /^(description|title|summary|examples?|externalDocs|operationId|x-(?!route-path$).*)$/
const FOREIGN = /^(?!(custom|dormakaba_oracode|assa_abloy_vostio|salto_space|visionline)_metadata$).*_metadata$/

const isDocumented = (schema) => schema?.['x-undocumented'] === undefined
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

function properties(map) {
  const kept = Object.entries(map).filter(([name, schema]) => isDocumented(schema) && !FOREIGN.test(name))
  return sorted(Object.fromEntries(kept.map(([name, schema]) => [name, facts(schema)])))
}

function facts(schema) {
  if (Array.isArray(schema)) return schema.filter(isDocumented).map(facts)
  if (schema === null || typeof schema !== 'object') return schema
  const out = {}
  for (const [key, value] of Object.entries(schema)) {
    if (PROSE.test(key) || key === 'deprecated' || key === 'discriminator') continue
    out[key] = key === 'properties' ? properties(value) : facts(value)
  }
  if (out.required && out.properties) out.required = out.required.filter((name) => name in out.properties)
  return sorted(out)
}

function component(name, schema) {
  const [property, wanted] = VARIANTS[name] ?? []
  if (!property) return facts(schema)
  return facts({ ...schema, oneOf: schema.oneOf.filter((v) => v.properties[property].enum.some((e) => wanted.test(e))) })
}

function references(value) {
  return [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1])
}

const json = (message) => message?.content?.['application/json']?.schema
const lines = (map) => Object.entries(sorted(map)).map(([k, v]) => `${JSON.stringify(k)}: ${JSON.stringify(v)}`).join(',\n')

const from = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'))
const entry = from.resolve('@seamapi/types/connect')
const root = entry.slice(0, entry.lastIndexOf(join('@seamapi', 'types'))) + join('@seamapi', 'types')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
if (version !== VERSION) throw new Error(`@seamapi/types is ${version}, want ${VERSION}`)

const { openapi } = from('@seamapi/types/connect')
const paths = {}
for (const route of ROUTES) {
  const { requestBody, responses } = openapi.paths[route].post
  paths[route] = { request: facts(json(requestBody) ?? { type: 'object' }), response: facts(json(responses['200'])) }
}
const schemas = {}
for (let wanted = references(paths); wanted.length > 0; ) {
  const name = wanted.pop()
  if (name in schemas) continue
  schemas[name] = component(name, openapi.components.schemas[name])
  wanted.push(...references(schemas[name]))
}
const target = join(dirname(new URL(import.meta.url).pathname), 'openapi.json')
writeFileSync(target, `{"version": "${VERSION}",\n"paths": {\n${lines(paths)}\n},\n"components": {"schemas": {\n${lines(schemas)}\n}}}\n`)
